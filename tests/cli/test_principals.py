"""``graphrisk principal``: from the first administrator to a withdrawal, without a graph."""

from __future__ import annotations

from pathlib import Path

from graphrisk.access.principals.service import Standing
from graphrisk.cli.exits import Exit
from graphrisk.core.clock import SystemClock
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.principals import StoredPrincipals
from tests.journeys.factory import Deployment
from tests.recorded import recorded

WHY = ("--reason", "post")


def test_a_principal_is_added_granted_listed_and_withdrawn(tmp_path: Path) -> None:
    files = tmp_path / "files"
    deployment = Deployment("bolt://neo4j@127.0.0.1:1", files, password="none")
    deployment.json("principal", "add", "root", "--area", "3502")
    first = ("grant", "root", "--role", "administrator", "--area", "3502", *WHY)
    assert deployment.json("principal", *first)["grant"]["state"] == "given"
    deployment.json("principal", "add", "li", "--area", "350206", "--title", "侦查员")
    approver = ("grant", "li", "--role", "approver", "--area", "350206", *WHY)
    proposed = deployment.json("principal", *approver)["grant"]
    assert proposed["state"] == "proposed"
    own = deployment.run("principal", "approve", proposed["id"], *WHY)
    assert own.returncode == Exit.FORBIDDEN
    (waiting,) = deployment.json("principal", "list", "--waiting")["principals"]
    assert (waiting["name"], waiting["title"]) == ("li", "侦查员")
    database = Database(f"sqlite:///{files / 'operations.db'}")
    standing = Standing(StoredPrincipals(database), SystemClock())
    plain = ("grant", "li", "--role", "analyst", "--area", "350206", "--days", "3", *WHY)
    given = deployment.json("principal", *plain)["grant"]
    assert standing.principal("li").roles == {"analyst"}
    assert deployment.json("principal", "withdraw", given["id"], *WHY)["grant"]["withdrawn_by"]
    assert standing.principal("li").roles == frozenset()
    database.dispose()
    acts = {f"principal.{act}" for act in ("add", "grant", "read", "withdraw")}
    assert acts <= {line["action"] for line in recorded(files / "audit")}
