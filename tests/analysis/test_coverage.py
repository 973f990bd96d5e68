"""Who has exactly one grid cell, who has not, and why; every count is the sum of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import pytest

from graphrisk.analysis.coverage import REASONS, Coverages, Share, coverage
from graphrisk.ingest.resolve.model import Verdict
from graphrisk.ingest.resolve.service import Identities
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.ingest.factory import PERSONS, START, Desk, Document, csv

CELLS = "code,name,kind,area_code,lon,lat,boundary"
ADDRESSES = "address_code,address,lon,lat"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two cells side by side, five addresses, six people."""
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    desk = Desk(store, tmp_path / "files", tmp_path / "inbox")
    west, east = (f"118.{a} 24.4, 118.{b} 24.4, 118.{b} 24.5" for a, b in ((0, 1), (1, 2)))
    rows = [
        f'{code},n,unit,A1,118.1,24.4,"POLYGON (({ring}, {ring.split(",")[0]}))"'
        for code, ring in (("G1", west), ("G2", east))
    ]
    desk.deliver("grid_cells.csv", "\n".join([CELLS, *rows]) + "\n")
    # On the map the points lie half a kilometre off, which is nothing in cells of ten kilometres.
    places = [("D1", 118.09, 24.41), ("D2", 118.19, 24.41), ("D3", 0, 0), ("D4", "", "")]
    desk.deliver("addresses.csv", csv(ADDRESSES, [(code, code, *at) for code, *at in places]))
    people = [("P1", "G1"), ("P2", "G1"), ("P3", "G9"), ("P4", ""), ("P5", ""), ("P6", "G2")]
    desk.deliver("persons.csv", csv(PERSONS, [(p, p, "", "", g) for p, g in people]), "gb18030")
    homes = [("P1", "D1"), ("P2", "D2"), ("P4", "D2"), ("P5", "D3")]
    desk.deliver("households.csv", csv("person_id,address_code", homes))
    desk.load()
    yield desk
    store.close()


def _keys(desk: Desk, kind: str) -> dict[str, str]:
    """Reason by key of what has not exactly one cell."""
    gaps = coverage(desk.reader).gaps(kind=kind)
    nodes = desk.reader.get_nodes(np.array([gap.nid for gap in gaps], np.int64))
    key = {row["nid"]: row["key"] for table in nodes.values() for row in table.to_pylist()}
    return {key[gap.nid]: gap.reason for gap in gaps}


def _share(desk: Desk, kind: str, source: str | None = None) -> Share:
    (found,) = (
        one for one in coverage(desk.reader).shares if (one.kind, one.source) == (kind, source)
    )
    return found


def test_each_gap_has_its_reason(desk: Desk) -> None:
    assert _keys(desk, "Address") == {"D3": "outside", "D4": "no_position"}
    # P1: register and address agree. P4: the address alone tells. P6: the register alone.
    assert _keys(desk, "Person") == {
        "P2": "several_cells",
        "P3": "unknown_cell",
        "P5": "no_cell",
    }


def test_matters_and_leads_lie_in_a_cell_or_have_a_reason(desk: Desk) -> None:
    """Named by the source, found by the position, or neither."""
    alarm = {"sensor": "GZ1", "alarm": "水位超限", "severity": 2, "at": START}
    where: list[Document] = [
        {"grid_code": "G1"},
        {"lon": 118.15, "lat": 24.45},
        {"lon": 117.0, "lat": 24.45},
        {},
    ]
    rows = [{"event": f"BJ{n}", **alarm, **at} for n, at in enumerate(where)]
    desk.deliver("sensor_events.jsonl", b"".join(orjson.dumps(row) + b"\n" for row in rows))
    desk.deliver("snap_reports.jsonl", orjson.dumps({"report": "SP1", "sent_at": START}) + b"\n")
    desk.load()
    assert _keys(desk, "Matter") == {"BJ2": "outside", "BJ3": "no_position"}
    assert _share(desk, "Matter", "sensor_events") == Share(
        "Matter", "sensor_events", 4, 2, {"no_position": 1, "outside": 1}
    )
    assert _keys(desk, "Lead") == {"SP1": "no_position"}


def test_counts_in_are_counts_out_by_source(desk: Desk) -> None:
    phones = "number,owner_id,operator,opened_at,imei"
    desk.deliver("phones.csv", csv(phones, [("861", "P9", "", "", "")]))  # in no register
    desk.load()
    for share in coverage(desk.reader).shares:
        assert share.total == share.covered + sum(share.reasons.values())
    assert (_share(desk, "Person").total, _share(desk, "Person").covered) == (7, 3)
    assert _share(desk, "Person", "persons").total == 6
    assert _share(desk, "Person", "").reasons == {"no_cell": 1}
    assert _share(desk, "Address", "addresses").reasons == {"no_position": 1, "outside": 1}


def test_records_of_one_person_count_once_with_the_cells_of_all(desk: Desk, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    people = Identities(desk.store, database, desk.clock)
    people.judge(("P1", "P5"), Verdict.SAME, "李警官", "同一人")  # P5 alone has no cell
    people.judge(("P1", "P6"), Verdict.SAME, "李警官", "同一人")  # P6 lives in another one
    assert _share(desk, "Person") == Share(
        "Person", None, 4, 1, {"several_cells": 2, "unknown_cell": 1}
    )
    assert set(_keys(desk, "Person").values()) == {"several_cells", "unknown_cell"}
    people.judge(("P1", "P6"), Verdict.DIFFERENT, "王科长", "双胞胎")
    assert _share(desk, "Person") == Share(
        "Person", None, 5, 3, {"several_cells": 1, "unknown_cell": 1}
    )
    assert _share(desk, "Person", "persons").total == 5
    database.dispose()


def test_who_left_is_not_counted(desk: Desk) -> None:
    desk.deliver("persons.csv", csv(PERSONS, [("P1", "P1", "", "", "G1")]), "gb18030")
    desk.deliver("households.csv", csv("person_id,address_code", [("P1", "D1")]))
    desk.load()
    assert _share(desk, "Person") == Share("Person", None, 1, 1, {})


def test_gaps_come_page_by_page(desk: Desk) -> None:
    report = coverage(desk.reader)
    everything = report.gaps()
    assert [gap.nid for gap in everything] == sorted(gap.nid for gap in everything)
    assert report.gap_count() == len(everything) == 5
    assert report.gap_count("Address") == 2
    paged = report.gaps(limit=2)
    while page := report.gaps(after=paged[-1].nid, limit=2):
        paged += page
    assert paged == everything


def test_the_report_is_kept_until_the_graph_changes(desk: Desk) -> None:
    kept = Coverages()
    first = kept.now(desk.reader)
    assert kept.now(desk.reader) is first
    desk.deliver("addresses.csv", csv(ADDRESSES, [("D1", "x", 118.09, 24.41)]))
    desk.load()
    assert kept.now(desk.reader).gap_count("Address") == 0


def test_an_empty_graph_is_covered(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    report = coverage(Desk(store, tmp_path, tmp_path).reader)
    assert {share.total for share in report.shares} == {0}
    assert report.gaps() == []
    store.close()


def test_every_reason_is_told_in_both_languages() -> None:
    for words in REASONS.values():
        assert words["en"].isascii()
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words["zh"])
