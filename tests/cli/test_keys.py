"""``graphrisk key``: from issue to revocation, without a graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphrisk.access.keys.service import KeySignOn
from graphrisk.cli.exits import Exit
from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import Unauthenticated
from graphrisk.store.operations.api_keys import ApiKeyRows
from graphrisk.store.operations.database import Database
from tests.journeys.factory import Deployment
from tests.recorded import recorded


def test_a_key_is_issued_rotated_listed_and_revoked(tmp_path: Path) -> None:
    # A graph that cannot be reached: a key must be revoked all the same.
    files = tmp_path / "files"
    deployment = Deployment("bolt://neo4j@127.0.0.1:1", files, password="none")
    grant = ("--area", "3502", "--purpose", "screening", "--days", "30")
    issued = deployment.run("key", "issue", "bank", *grant)
    assert issued.returncode == 0, issued.stderr
    old = issued.stdout.strip()
    (listed,) = deployment.json("key", "list")["keys"]
    assert (listed["name"], listed["roles"], listed["areas"]) == ("bank", ["application"], ["3502"])
    assert listed["issued_by"].startswith("os:")
    new = deployment.json("key", "rotate", listed["id"], "--overlap-hours", "1")["secret"]
    database = Database(f"sqlite:///{files / 'operations.db'}")
    door = KeySignOn(ApiKeyRows(database), SystemClock())
    assert door.principal(old) == door.principal(new)
    revoked = deployment.json("key", "revoke", listed["id"])["key"]
    assert revoked["revoked_at"] is not None
    for text in (old, new):
        with pytest.raises(Unauthenticated):
            door.principal(text)
    database.dispose()
    assert deployment.run("key", "revoke", "none").returncode == Exit.NOT_FOUND
    audit = recorded(files / "audit")
    acts = {f"key.{act}" for act in ("issue", "read", "rotate", "revoke")}
    assert acts <= {line["action"] for line in audit}
    assert old.rpartition("_")[2] not in json.dumps(audit)
