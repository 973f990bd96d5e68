"""Single calls stay in Parquet, one folder a day; the graph holds their sums per pair."""

from __future__ import annotations

import apsw
import numpy as np
import pyarrow.parquet as pq
import pytest

from graphrisk.core import runs
from graphrisk.store import known
from graphrisk.store.contract import NeighbourQuery
from graphrisk.store.sqlite.store import SqliteStore
from tests.ingest.factory import DAY, START, Desk, calls_parquet, csv, rejects

Call = tuple[str, str, str, int, int]


def test_sums_per_pair(any_desk: Desk) -> None:
    any_desk.inbox.mkdir()
    calls: list[Call] = [
        ("c1", "13", "14", START, 10),
        ("c2", "13", "14", START + DAY - 1, 20),
        ("c3", "13", "14", START + DAY, 30),
        ("c4", "14", "13", START, 5),
    ]
    calls_parquet(any_desk.inbox / "calls.parquet", calls)
    assert any_desk.load().files[0].loaded == 4
    there, back = any_desk.edges("CALLED")
    assert (there["count"], there["seconds"], there["days"]) == (3, 60, 2)
    assert (there["first"], there["last"]) == (START, START + DAY)
    assert (back["count"], back["seconds"], back["days"]) == (1, 5, 1)
    days = sorted(folder.name for folder in (any_desk.folder / "raw" / "calls").iterdir())
    assert days == ["day=2026-01-01", "day=2026-01-02"]


def test_later_calls_of_a_known_day_add_to_the_sums_but_not_to_the_days(desk: Desk) -> None:
    desk.inbox.mkdir()
    first: list[Call] = [("c1", "13", "14", START, 10)]
    calls_parquet(desk.inbox / "calls.parquet", first)
    desk.load()
    more: list[Call] = [*first, ("c2", "13", "14", START + 1, 20), ("c1", "13", "14", START, 11)]
    calls_parquet(desk.inbox / "calls.parquet", more)
    report = desk.load().files[0]
    assert (report.loaded, report.unchanged, report.rejected) == (1, 1, 1)
    assert [row["line"] for row in rejects(report)] == [3]
    (edge,) = desk.edges("CALLED")
    assert (edge["count"], edge["seconds"], edge["days"]) == (2, 30, 1)


def test_known_calls_with_other_content_are_set_aside(desk: Desk) -> None:
    desk.inbox.mkdir()
    calls_parquet(desk.inbox / "calls.parquet", [("c1", "13", "14", START, 10)])
    version = desk.load().version
    calls_parquet(desk.inbox / "calls.parquet", [("c1", "13", "14", START, 11)])
    report = desk.load()
    assert [row["reason"] for row in rejects(report.files[0])] == [
        "an event with this id is known, with other content"
    ]
    assert report.version == version


def test_a_known_call_of_another_day_is_set_aside(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST_RECENT", 20)
    monkeypatch.setattr(runs, "_PIECE", 7)
    any_desk.inbox.mkdir()
    for first in range(0, 100, 10):
        calls: list[Call] = [
            (f"c{i}", "1", "2", START + i * DAY, 1) for i in range(first, first + 10)
        ]
        calls_parquet(any_desk.inbox / "calls.parquet", calls)
        assert any_desk.load().files[0].loaded == 10
    kept = [*(any_desk.folder / "raw" / "calls" / "known").iterdir()]
    assert 0 < len(kept) < 4, "merged"
    version = any_desk.reader.version()
    moved: list[Call] = [(f"c{i}", "1", "2", START + (i + 7) * DAY, 1) for i in range(100)]
    calls_parquet(any_desk.inbox / "calls.parquet", moved)
    for _ in range(2):
        report = any_desk.load()
        assert (report.files[0].rejected, report.version) == (100, version)
        kept[0].unlink(missing_ok=True)  # what was lost is read from the parts again
    (edge,) = any_desk.edges("CALLED")
    assert (edge["count"], edge["days"]) == (100, 100)


def test_a_part_file_that_no_transaction_names_does_not_count(desk: Desk) -> None:
    desk.inbox.mkdir()
    calls: list[Call] = [(f"c{i}", "13", "14", START + i, 1) for i in range(50)]
    calls_parquet(desk.inbox / "calls.parquet", calls)
    desk.load()
    (part,) = (desk.folder / "raw").rglob("*.parquet")
    (part.parent / "left-behind.parquet").write_bytes(part.read_bytes())
    (part.parent / "torn.partial").write_bytes(b"PAR1")
    calls_parquet(desk.inbox / "calls.parquet", [*calls, ("c50", "13", "14", START, 1)])
    report = desk.load().files[0]
    assert (report.loaded, report.unchanged) == (1, 50)
    assert desk.edges("CALLED")[0]["count"] == 51


def test_a_corrected_mapping_overwrites_no_call(any_desk: Desk) -> None:
    text = (
        "name: records\nfiles: [records.csv]\nformat: csv\nmode: events\nid: id\n"
        "calls:\n  kind: CALLED\n  from: {kind: Phone, key: a}\n  to: {kind: Phone, key: b}\n"
        "  at: {column: at, as: time, format: 'FORM'}\n  seconds: {column: s, as: int}\n"
    )
    times = ["2024-01-01 10:00", "2024-01-01 10:00:30", "2024-01-01 11:00"]
    rows = [(i + 1, 100, 200, at, 10 * (i + 1)) for i, at in enumerate(times)]
    any_desk.deliver("records.csv", csv("id,a,b,at,s", rows))
    loaded = []
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S") * 2:
        report = any_desk.load(any_desk.mapping(text.replace("FORM", form))).files[0]
        loaded.append(report.loaded)
    assert loaded == [2, 1, 0, 0]
    (edge,) = any_desk.edges("CALLED")
    assert (edge["count"], edge["seconds"]) == (3, 60)
    files = (any_desk.folder / "raw").rglob("*.parquet")
    seconds = [pq.read_table(file, partitioning=None)["seconds"].to_numpy() for file in files]
    assert sorted(np.concatenate(seconds).tolist()) == [10, 20, 30]


class Counted:
    """Statements and rows that one connection of SQLite works through."""

    def __init__(self) -> None:
        self.statements = 0
        self.steps = 0

    def __call__(self, connection: apsw.Connection) -> None:
        connection.trace_v2(
            apsw.SQLITE_TRACE_PROFILE,
            self._count,
        )

    def _count(self, event: dict[str, dict[str, int]]) -> None:
        self.statements += 1
        self.steps += event["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]


@pytest.fixture
def counted() -> Counted:
    """Counts the work of every connection opened from now on."""
    return Counted()


def test_a_number_with_200_000_calls_is_loaded_again_in_linear_work(
    desk: Desk, counted: Counted
) -> None:
    desk.inbox.mkdir()
    work = []
    for calls in (20_000, 200_000):
        hub: list[Call] = [
            (f"c{i}", "hub", f"{i % 50_000:08d}", START + i % 3 * DAY + i, 1) for i in range(calls)
        ]
        calls_parquet(desk.inbox / "calls.parquet", hub)
        desk.load()
        before = counted.steps
        apsw.connection_hooks.append(counted)
        try:
            report = desk.load().files[0]
        finally:
            apsw.connection_hooks.remove(counted)
        assert (report.loaded, report.unchanged) == (0, calls)
        work.append(counted.steps - before)
    small, large = work
    assert 0 < large < 12 * small, "ten times the calls, ten times the work"
    (nid,) = desk.reader.lookup("Phone", ["hub"]).tolist()
    page = desk.reader.neighbours(NeighbourQuery(nid, "CALLED", "out", limit=100))
    assert (page.rows.num_rows, page.truncated, page.total) == (100, True, 50_000)
    assert sum(edge["count"] for edge in desk.edges("CALLED")) == 200_000
    raw = sum(pq.read_metadata(f).num_rows for f in (desk.folder / "raw").rglob("*.parquet"))
    assert raw == 200_000
    assert isinstance(desk.store, SqliteStore)


def test_a_small_server_takes_a_hub_whose_calls_come_in_one_file(any_desk: Desk) -> None:
    any_desk.inbox.mkdir()
    calls = 150_000
    hub: list[Call] = [(f"c{i}", "hub", f"{i:08d}", START + i, 1) for i in range(calls)]
    calls_parquet(any_desk.inbox / "calls.parquet", hub)
    assert any_desk.load().files[0].loaded == calls
    assert any_desk.load().files[0].unchanged == calls
    (nid,) = any_desk.reader.lookup("Phone", ["hub"]).tolist()
    page = any_desk.reader.neighbours(NeighbourQuery(nid, "CALLED", "out", limit=100))
    assert (page.rows.num_rows, page.truncated, page.total) == (100, True, calls)
