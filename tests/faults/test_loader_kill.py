"""A load killed (-9) at any moment ends, when run again, as if it had never been disturbed."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from tests.effort import effort
from tests.faults.spot import Spot
from tests.ingest.factory import (
    DAY,
    PERSONS,
    START,
    TRANSFERS,
    calls_parquet,
    csv,
    persons,
    transfers,
)

#: Kills that hit a load in full swing; 200 is the long form.
KILLS = effort(20, 200)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """States, events and calls, with rows at fault among them."""
    folder = tmp_path_factory.mktemp("inbox")
    moves = [(*row[:4], "much") if i % 30 == 0 else row for i, row in enumerate(transfers(1_200))]
    (folder / "transfers.csv").write_text(csv(TRANSFERS, moves))
    people = [
        (*row[:2], "old", *row[3:]) if i % 40 == 0 else row for i, row in enumerate(persons(400))
    ]
    (folder / "persons.csv").write_bytes(csv(PERSONS, people).encode("gb18030"))
    calls_parquet(
        folder / "calls.parquet",
        [(f"c{i}", f"{i % 97}", f"{i % 89 + 100}", START + i % 3 * DAY, i) for i in range(600)],
    )
    return folder


def test_a_killed_load_ends_as_one_that_was_not(inbox: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    whole = Spot(tmp_path / "whole")
    began = time.monotonic()
    undisturbed = json.loads(whole.run("load", str(inbox)))
    seconds = time.monotonic() - began
    expected = whole.state()
    assert len(expected) > 10
    kills = rounds = 0
    while kills < KILLS:
        city = Spot(tmp_path / f"round{rounds}")
        rounds += 1
        while (done := city.killed(chance.uniform(0, seconds), "load", str(inbox))) is None:
            kills += 1
        report = json.loads(done)
        for file in report["files"]:
            assert file["rows"] == file["loaded"] + file["unchanged"] + file["rejected"]
        assert _sums(report) == _sums(undisturbed)
        state = city.state()
        assert {name for name in expected if state.get(name) != expected[name]} == set()
        assert state.keys() == expected.keys()


def _sums(report: dict[str, list[dict[str, object]]]) -> list[tuple[object, object, object]]:
    return [(file["file"], file["rows"], file["rejected"]) for file in report["files"]]
