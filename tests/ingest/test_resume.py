"""An interrupted load goes on behind the last block acknowledged, and its sums still match."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.ingest.delivery import Delivery, Named, Outcome
from graphrisk.ingest.facts import Facts
from graphrisk.ingest.load import load
from graphrisk.ingest.service import Sources
from graphrisk.store.operations.database import Database
from graphrisk_loaders.readers import columnar, lines
from tests.ingest.factory import (
    DAY,
    PERSONS,
    START,
    TRANSFERS,
    Desk,
    calls_parquet,
    csv,
    persons,
    rejects,
    transfers,
)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 2_000)
    monkeypatch.setattr(columnar, "_BATCH_ROWS", 50)


class Interrupted(Exception):
    """As if somebody had pressed Ctrl-C."""


def interrupt(desk: Desk, blocks: int, mapping: Path | None = None) -> None:
    """Load the inbox and stop after some blocks."""
    left = blocks

    def progress(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Interrupted

    desk.clock.advance(DAY)
    with pytest.raises(Interrupted):
        load(
            desk.store,
            desk.folder,
            desk.inbox,
            clock=desk.clock,
            mapping=mapping,
            progress=progress,
        )


def dirty_transfers(count: int) -> str:
    """Every seventh row is at fault, every ninth comes twice."""
    rows = []
    for number, row in enumerate(transfers(count)):
        rows.append((*row[:4], "much") if number % 7 == 0 else row)
        if number % 9 == 0:
            rows.append(rows[-1])
    return csv(TRANSFERS, rows)


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_the_sums_of_both_runs_are_those_of_one(desk: Desk, blocks: int) -> None:
    text = dirty_transfers(300)
    desk.deliver("transfers.csv", text)
    interrupt(desk, blocks)
    before = len(desk.edges("TRANSFERRED"))
    assert 0 < before < 257
    report = desk.load().files[0]
    assert report.rows == len(text.splitlines()) - 1
    assert before + report.loaded == len(desk.edges("TRANSFERRED")) == 257
    written = [row["line"] for row in rejects(report)]
    assert len(written) == report.rejected
    assert written == sorted(set(written)), "each once, in order"
    again = desk.load().files[0]
    assert (again.loaded, again.rejected) == (0, report.rejected)
    assert [row["line"] for row in rejects(again)] == written


def test_what_was_acknowledged_is_not_written_again(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_desk.deliver("transfers.csv", csv(TRANSFERS, transfers(300)))
    interrupt(any_desk, 3)
    done = len(any_desk.edges("TRANSFERRED"))
    written = []
    write = Delivery.write

    def counted(delivery: Delivery, facts: Facts, named: Named) -> Outcome:
        outcome = write(delivery, facts, named)
        written.append(outcome.loaded + outcome.unchanged)
        return outcome

    monkeypatch.setattr(Delivery, "write", counted)
    any_desk.load()
    assert 0 < sum(written) == 300 - done < 300


def test_rejects_of_an_unfinished_block_are_taken_back(desk: Desk) -> None:
    desk.deliver("transfers.csv", dirty_transfers(300))
    interrupt(desk, 2)
    (file,) = (desk.folder / "rejects").iterdir()
    kept = file.read_bytes()
    torn = kept + kept.splitlines(keepends=True)[-1].replace(b'"line":', b'"line":9') + b'{"file'
    file.write_bytes(torn)
    report = desk.load().files[0]
    written = [row["line"] for row in rejects(report)]
    assert written == sorted(set(written))
    assert len(written) == report.rejected
    assert file.read_bytes().startswith(kept)


def test_a_full_delivery_that_was_interrupted_ends_only_what_it_does_not_name(desk: Desk) -> None:
    desk.load_one("persons.csv", csv(PERSONS, persons(200)), "gb18030")
    rows = [(*row[:1], f"新{row[0]}", *row[2:]) for row in persons(190)]
    desk.deliver("persons.csv", csv(PERSONS, rows), "gb18030")
    interrupt(desk, 3)
    report = desk.load().files[0]
    assert report.closed == 20, "ten persons with their homes"
    assert 0 < report.loaded < 190
    assert report.loaded + report.unchanged == 190
    assert desk.load().files[0].unchanged == 190


def test_what_a_delivery_ended_is_told_by_the_load_that_is_run_again(
    any_desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The states ended, then it died before that was noted; they end no second time."""
    any_desk.sources = Sources(database, any_desk.clock)
    any_desk.load_one("persons.csv", csv(PERSONS, persons(20)), "gb18030")
    any_desk.deliver("persons.csv", csv(PERSONS, persons(15)), "gb18030")
    with monkeypatch.context() as dying:
        dying.setattr(Sources, "delivered", _die)
        with pytest.raises(Interrupted):
            any_desk.load()
    assert any_desk.load().files[0].closed == 10, "five persons with their homes"
    noted = {one.name: one.last for one in any_desk.sources.listing()}["persons"]
    assert noted is not None
    assert noted.closed == 10
    assert any_desk.load().files[0].closed == 0, "what is noted is over"


def _die(*_: object) -> None:
    raise Interrupted


def test_calls_are_counted_once(desk: Desk) -> None:
    desk.inbox.mkdir()
    calls = [(f"c{i}", "13", "14", START + i % 3 * DAY, 2) for i in range(400)]
    calls_parquet(desk.inbox / "calls.parquet", calls)
    interrupt(desk, 3)
    report = desk.load().files[0]
    assert (report.loaded, report.unchanged) == (250, 150)
    (edge,) = desk.edges("CALLED")
    assert (edge["count"], edge["seconds"], edge["days"]) == (400, 800, 3)


def test_a_file_that_changed_meanwhile_is_another_delivery(desk: Desk) -> None:
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(300)))
    interrupt(desk, 3)
    done = len(desk.edges("TRANSFERRED"))
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(300)[::-1]))
    report = desk.load().files[0]
    assert (report.loaded, report.unchanged) == (300 - done, done)


def test_a_corrected_mapping_reads_the_file_from_its_beginning(desk: Desk) -> None:
    text = (
        "name: people\nfiles: [people.csv]\nformat: csv\nmode: full\nid: id\n"
        "nodes: [{kind: Person, key: id, properties: {name: COLUMN}}]\n"
    )
    rows = [(i, f"right{i}", f"wrong{i}") for i in range(300)]
    desk.deliver("people.csv", csv("id,name,other", rows))
    interrupt(desk, 2, desk.mapping(text.replace("COLUMN", "other")))
    desk.load(desk.mapping(text.replace("COLUMN", "name")))
    names = {desk.node("Person", str(i))["name"] for i in (0, 1, 299)}  # type: ignore[index]
    assert names == {"right0", "right1", "right299"}


def test_an_interrupted_full_delivery_that_another_overtook_is_read_anew(any_desk: Desk) -> None:
    january = csv(PERSONS, persons(200))
    any_desk.deliver("persons.csv", january, "gb18030")
    interrupt(any_desk, 3)
    any_desk.load_one("persons.csv", csv(PERSONS, [("P00000", "別名", 1950, "", "")]), "gb18030")
    again = any_desk.load_one("persons.csv", january, "gb18030")
    assert again.rows == again.loaded == 200, "no row stands as January says"
    for key in ("P00000", "P00001", "P00199"):
        node = any_desk.node("Person", key)
        assert node is not None
        assert node["name"] == f"名{int(key[1:])}"
    third = any_desk.load_one("persons.csv", january, "gb18030")
    assert (third.loaded, third.unchanged, third.closed) == (0, 200, 0)


def test_an_interruption_before_the_first_block_leaves_nothing(desk: Desk) -> None:
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(30)))
    desk.deliver("persons.csv", b"PK\x03\x04")
    interrupt(desk, 1)
    rows = {report.file: report.rows for report in desk.load().files}
    assert rows == {"persons.csv": 0, "transfers.csv": 30}
