"""``graphrisk documents``: what fits the schema is registered, and what does not is not."""

from __future__ import annotations

from pathlib import Path

from graphrisk.api.documents import document_id
from graphrisk.cli.exits import Exit
from tests.journeys.factory import sqlite_deployment

GOOD = "query Latest { latestRun { id } }\nmutation Read { __typename }\n"


def test_documents_are_added_listed_and_removed(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    good, bad = tmp_path / "good.graphql", tmp_path / "bad.graphql"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text("{ latestRun { name } }", encoding="utf-8")
    refused = deployment.run("documents", "add", good, bad)
    assert refused.returncode == Exit.BAD_INPUT
    assert f"{bad}: Cannot query field 'name'" in refused.stderr
    assert deployment.json("documents", "list")["documents"] == []
    assert deployment.run("documents", "add", good).stdout.strip() == document_id(GOOD)
    (listed,) = deployment.json("documents", "list")["documents"]
    assert listed == {"id": document_id(GOOD), "operations": ["Latest", "Read"]}
    assert deployment.run("documents", "remove", document_id(GOOD)).returncode == 0
    assert deployment.run("documents", "remove", document_id(GOOD)).returncode == Exit.NOT_FOUND
