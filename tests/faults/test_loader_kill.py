"""A load killed (-9) at any moment ends, when run again, as if it had never been disturbed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.store.export import export_parquet
from graphrisk.store.sqlite.store import SqliteStore
from tests.effort import effort
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
#: ``graphrisk`` with a clock that stands still, so that two loads may be compared byte for byte,
#: and with small blocks, so that a small delivery has many moments to be killed at.
GRAPHRISK = f"""
import sys
from graphrisk.cli.app import main
from graphrisk.core.clock import SystemClock
from graphrisk.ingest import load
from graphrisk_loaders.readers import columnar, lines
SystemClock.now_ms = lambda self: {START}
lines.BLOCK_BYTES, columnar._BATCH_ROWS = 6_000, 100
print("ready", flush=True)
main()
"""


@dataclass
class City:
    """One delivery, and a place where it is loaded."""

    inbox: Path
    place: Path

    def load(self) -> subprocess.Popen[str]:
        """A load that has said that it begins."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
        settings = {
            "PYTHONPATH": os.pathsep.join(sys.path),
            "GRAPHRISK_STORE": f"sqlite:///{self.place / 'graph.db'}",
            "GRAPHRISK_DATA_DIR": str(self.place / "files"),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", GRAPHRISK, "load", str(self.inbox), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=inherited | settings,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def state(self) -> dict[str, bytes]:
        """Everything that is there: the graph's export, raw calls, reject files."""
        out = self.place / "export"
        store = SqliteStore(self.place / "graph.db")
        export_parquet(
            store.reader(EVERYTHING, Purpose("test")), out, lambda _: True, lambda *_: None
        )
        store.close()
        rejects = self.place / "files" / "rejects"
        raw = self.place / "files" / "raw"
        found = sorted([*out.rglob("*.parquet"), *rejects.iterdir(), *raw.rglob("*.parquet")])
        return {str(file.relative_to(self.place)): file.read_bytes() for file in found}


def _close(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate()
    return out


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
    whole = City(inbox, tmp_path / "whole")
    whole.place.mkdir()
    began = time.monotonic()
    undisturbed = json.loads(_close(whole.load()))
    seconds = time.monotonic() - began
    expected = whole.state()
    assert len(expected) > 10
    kills = rounds = 0
    while kills < KILLS:
        city = City(inbox, tmp_path / f"round{rounds}")
        city.place.mkdir()
        rounds += 1
        while (done := _killed_or_done(city, chance.uniform(0, seconds))) is None:
            kills += 1
        report = json.loads(done)
        for file in report["files"]:
            assert file["rows"] == file["loaded"] + file["unchanged"] + file["rejected"]
        assert _sums(report) == _sums(undisturbed)
        state = city.state()
        assert {name for name in expected if state.get(name) != expected[name]} == set()
        assert state.keys() == expected.keys()


def _killed_or_done(city: City, after: float) -> str | None:
    """What a load printed that came to its end before it was to be killed."""
    process = city.load()
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    out = _close(process)
    assert process.returncode in (0, -signal.SIGKILL)
    return out if process.returncode == 0 else None


def _sums(report: dict[str, list[dict[str, object]]]) -> list[tuple[object, object, object]]:
    return [(file["file"], file["rows"], file["rejected"]) for file in report["files"]]
