"""``graphrisk sources`` on a deployment that loads for the first time."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.factory import TRANSFERS, csv, transfers
from tests.journeys.factory import sqlite_deployment


def test_sources_before_and_after_a_load(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    before = {one["name"]: one for one in deployment.json("sources")["sources"]}
    assert before["transfers"]["freshness"] == "never"
    assert "noordin" not in before, "a published data set that nobody owns"
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "transfers.csv").write_text(csv(TRANSFERS, [*transfers(4), ("S9", "a", "b", "?", "")]))
    deployment.json("load", inbox)
    told = deployment.json("sources")
    (found,) = [one for one in told["sources"] if one["name"] == "transfers"]
    assert found["freshness"] == "fresh"
    assert (found["last"]["rows"], found["last"]["loaded"], found["rejected"]) == (5, 4, 1)
    assert 0 <= found["age_ms"] < 600_000
    table = deployment.run("sources", env=deployment.environment() | {"COLUMNS": "160"}).stdout
    assert "商业银行" in table
    assert "各银行的逐笔转账" in table
    assert found["doc_zh"] == "各银行的逐笔转账。"
    assert "5 = 4 + 0 + 1" in table
