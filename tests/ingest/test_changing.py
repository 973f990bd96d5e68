"""A file that changes while it is read ends nothing, and is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphrisk.core.clock import OPEN
from graphrisk.ingest.load import load
from graphrisk.ingest.report import FileReport
from graphrisk_loaders.readers import lines
from tests.ingest.factory import DAY, PERSONS, TRANSFERS, Desk, csv, persons, transfers

Change = Callable[[Path], object]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 2_000)


def _cut(file: Path) -> None:
    os.truncate(file, 5_000)


def _grow(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"P9,Late,1990,,\n")


def _replace(file: Path) -> None:
    other = file.with_suffix(".new")
    other.write_bytes(csv(PERSONS, persons(3)).encode("gb18030"))
    other.replace(file)


def _homes(desk: Desk) -> int:
    """Homes that hold now."""
    return sum(one["valid_to"] == one["known_to"] == OPEN for one in desk.edges("LIVES_IN"))


def _meddled(desk: Desk, file: Path, change: Change) -> dict[str, FileReport]:
    """Load the inbox; behind the first block of ``file`` it is changed."""
    pending = [change]

    def progress(name: str, done: int, size: int) -> None:
        if name == file.name and 0 < done < size and pending:
            pending.pop()(file)

    desk.clock.advance(DAY)
    report = load(desk.store, desk.folder, desk.inbox, clock=desk.clock, progress=progress)
    assert not pending
    return {one.file: one for one in report.files}


@pytest.mark.parametrize("change", [_cut, _grow, _replace, Path.unlink])
def test_a_register_that_changes_while_it_is_read_ends_nobody(desk: Desk, change: Change) -> None:
    people = persons(300)
    desk.load_one("persons.csv", csv(PERSONS, people), "gb18030")
    homes = _homes(desk)
    renamed = [(key, f"新{name}", *rest) for key, name, *rest in people]
    file = desk.deliver("persons.csv", csv(PERSONS, renamed), "gb18030")
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(30)))
    found = _meddled(desk, file, change)
    assert found["persons.csv"].error is not None
    assert found["persons.csv"].closed == 0
    assert "nothing was closed" in str(found["persons.csv"].note)
    assert found["transfers.csv"].loaded == 30, "the others are loaded"
    assert _homes(desk) == homes > 0
    desk.deliver("persons.csv", csv(PERSONS, renamed), "gb18030")
    whole = {one.file: one for one in desk.load().files}["persons.csv"]
    late = int(change is _grow)  # who stood in no delivery that was whole
    assert (whole.error, whole.rows, whole.closed) == (None, 300, late)
    assert whole.rejected == 0
    assert desk.node("Person", "P00299")["name"].startswith("新")  # type: ignore[index]


def test_the_complaint_says_what_to_do(desk: Desk) -> None:
    desk.load_one("persons.csv", csv(PERSONS, persons(300)), "gb18030")
    file = desk.deliver("persons.csv", csv(PERSONS, persons(299)), "gb18030")
    error = _meddled(desk, file, _grow)["persons.csv"].error
    assert error == "the file changed while it was read: deliver it whole, then load it again"


def test_a_file_that_was_only_touched_is_loaded(desk: Desk) -> None:
    file = desk.deliver("persons.csv", csv(PERSONS, persons(300)), "gb18030")
    report = _meddled(desk, file, Path.touch)["persons.csv"]
    assert (report.error, report.loaded) == (None, 300)
