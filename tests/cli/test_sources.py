"""``graphrisk sources`` on a deployment that loads for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.cli.exits import Exit
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


@pytest.mark.parametrize(
    ("language", "told", "silent"),
    [("zh", "商业银行", "banks"), ("en", "banks", "商业银行")],
)
def test_sources_are_told_in_the_language_asked_for(
    tmp_path: Path, language: str, told: str, silent: str
) -> None:
    deployment = sqlite_deployment(tmp_path)
    wide = deployment.environment() | {"COLUMNS": "200"}
    table = deployment.run("sources", "--lang", language, env=wide).stdout
    assert told in table
    assert silent not in table
    (found,) = [
        one
        for one in deployment.json("sources", "--lang", language)["sources"]
        if one["name"] == "transfers"
    ]
    words = {name for name in found if name.endswith(("_zh", "_en"))}
    assert words == {f"doc_{language}", f"owner_{language}"}
    assert (found["mode"], found["freshness"]) == ("events", "never")


def test_a_language_that_is_none_is_refused(tmp_path: Path) -> None:
    for words in (("sources",), ("explain", "ring_0")):
        done = sqlite_deployment(tmp_path).run(*words, "--lang", "fr", "--json")
        assert done.returncode == Exit.BAD_INPUT
        assert "--lang is one of zh, en, both, not 'fr'" in done.stderr
