"""Reads for a viewer: masked, recorded with their count, and refused when they cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.records import Records
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import NotFound, StoreUnavailable
from graphrisk.core.ids import OpaqueIds
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.contract import NeighbourQuery, TraceQuery
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.towns import START, Town
from tests.analysis.samples import Graph, finding, saved_run
from tests.analysis.stores import fill
from tests.recorded import block

CASE = Purpose("investigation", "A-7")
IDS = OpaqueIds(b"secret")
#: Reads that are recorded with what they were of.
NAMING = ("entities", "search", "finding", "evidence", "parts", "picture")


class Book:
    """Remembers what it was told to record."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        assert (principal, purpose.code) == (DEVELOPMENT, "investigation")
        assert (what != "") == (action in NAMING)
        self.lines.append((action, count))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Two people; the first pays the second, who pays back."""
    town = Town()
    first, second = town.citizen("王小明", 1990), town.citizen("李华", 1980)
    town.pay(first.account, second.account, 100, START)
    town.pay(second.account, first.account, 90, START + 1_000)
    town.call(first.phone, second.phone, START)
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    fill(store, town.graph())
    yield store
    store.close()


@pytest.fixture
def findings(tmp_path: Path) -> Iterator[Findings]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    Records(database).save(saved_run("run-1", finding("a", nids=(1, 2))))
    yield Findings(database, Graph())
    database.dispose()


def _inquiry(
    store: SqliteStore, findings: Findings, purpose: Purpose = CASE
) -> tuple[Inquiry, list[tuple[str, int]]]:
    book = Book()
    return Inquiry(store, findings, Viewer(DEVELOPMENT, purpose), book, IDS.entity), book.lines


def _nids(store: SqliteStore, kind: str) -> list[int]:
    reader = store.reader(EVERYTHING, CASE)
    found: list[int] = reader.scan_nodes(kind)["nid"].to_numpy().tolist()
    return found


def test_each_read_is_recorded_with_how_much_it_told(
    store: SqliteStore, findings: Findings
) -> None:
    inquiry, lines = _inquiry(store, findings)
    first, second = _nids(store, "Account")
    inquiry.entities([first, second, 10**9])
    inquiry.search("王小明", ["Person"], 10)
    page = inquiry.neighbours(NeighbourQuery(first, "TRANSFERRED", "out"))
    inquiry.edges([edge.eid for edge in page.edges])
    inquiry.path(first, second, ["TRANSFERRED"], 3)
    inquiry.degrees(first)
    inquiry.finding("a")
    inquiry.findings(None, 10, None)
    inquiry.findings_of([1, 2, 3])
    inquiry.scored([1])
    assert lines == [
        ("entities", 2),
        ("search", 1),
        ("neighbours", 1),
        ("edges", 1),
        ("path", 2),
        ("degrees", 3),
        ("finding", 1),
        ("findings", 1),
        ("findings", 2),
        ("scores", 1),
    ]


def test_a_read_that_cannot_be_recorded_tells_nothing(
    store: SqliteStore, findings: Findings, tmp_path: Path
) -> None:
    full = AuditSpool(tmp_path, ManualClock())
    block(tmp_path)
    inquiry = Inquiry(store, findings, Viewer(DEVELOPMENT, CASE), full, IDS.entity)
    (person, _) = _nids(store, "Person")
    for read in (
        lambda: inquiry.entities([person]),
        lambda: inquiry.search("王", ["Person"], 10),
        lambda: inquiry.neighbours(NeighbourQuery(person, "HOLDS", "out")),
        lambda: inquiry.finding("a"),
        lambda: inquiry.scored([1]),
    ):
        with pytest.raises(StoreUnavailable):
            read()


def test_what_the_purpose_does_not_allow_arrives_masked(
    store: SqliteStore, findings: Findings
) -> None:
    (person, _) = _nids(store, "Person")
    clear = _inquiry(store, findings)[0].entities([person])[person]
    masked = _inquiry(store, findings, Purpose("investigation"))[0].entities([person])[person]
    assert (clear.caption, masked.caption) == ("王小明", "王**")
    born = {one.property.name: one for one in masked.values}["birth_year"]
    assert (born.value, born.masked) == (None, True)
    assert [one.property.name for one in clear.values] == [
        "name",
        "birth_year",
        "id_token",
        "id_halves",
    ]


def test_a_trace_tells_layers_and_whole_edges(store: SqliteStore, findings: Findings) -> None:
    inquiry, _ = _inquiry(store, findings)
    first, second = _nids(store, "Account")
    trace = inquiry.trace(TraceQuery(first, "TRANSFERRED", START))
    assert [(layer, edge.src, edge.dst) for layer, edge in trace.steps] == [
        (1, first, second),
        (2, second, first),
    ]
    assert not trace.truncated
    cut = inquiry.trace(TraceQuery(first, "TRANSFERRED", START, limit=1))
    assert (len(cut.steps), cut.truncated) == (1, True)


def test_edges_know_the_file_they_came_from(store: SqliteStore, findings: Findings) -> None:
    inquiry, _ = _inquiry(store, findings)
    (first, _) = _nids(store, "Account")
    (edge,) = inquiry.neighbours(NeighbourQuery(first, "TRANSFERRED", "out")).edges
    origin = inquiry.origins([edge.batch_id, 10**6])[edge.batch_id]
    assert (origin.file, origin.mode, origin.known_at) == ("town.csv", "delta", 1)
    assert (edge.valid_from, edge.known_to) == (None, None)


def test_a_finding_that_never_was_is_not_found(store: SqliteStore, findings: Findings) -> None:
    inquiry, lines = _inquiry(store, findings)
    with pytest.raises(NotFound):
        inquiry.finding("nobody")
    assert lines == []
