"""Detection from a store to saved findings and scores, twice and after changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import DetectionReport
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from tests.algorithms.planted import plant_cycle, plant_identity_ring, planted_towns
from tests.algorithms.towns import DAY, HOUR, START, ordinary_town
from tests.analysis.stores import fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    fill(store, planted_towns()["city"])
    yield store
    store.close()


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield database
    database.dispose()


def _detect(store: SqliteStore, operations: Database, folder: Path) -> DetectionReport:
    heard: list[str] = []
    report = detect(
        store,
        folder / "snapshot",
        operations,
        ManualClock(1_000),
        progress=lambda label, _done, _total: heard.append(label),
    )
    assert {"snapshot", "scam_cell", "save", "scores"} <= set(heard)
    return report


def test_planted_rings_are_found_saved_and_scored_in_the_graph(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    report = _detect(store, operations, tmp_path)
    kinds = ("identity_ring", "laundering_cycle", "laundering_flow", "scam_cell")
    assert report.findings == dict.fromkeys(kinds, 1)
    assert report.lineage == {"born": 4}
    page = Findings(operations, store).page(None, 10, None)
    assert page.total == 4
    reader = store.reader(EVERYTHING, Purpose("test"))
    mules = [m.nid for item in page.items for m in item.members if m.role == "mule"]
    rows = reader.scores(np.array(sorted(mules)))
    assert rows.column("nid").to_pylist() == sorted(mules)
    assert set(rows.column("run").to_pylist()) == {report.run.run_id}
    saved = Findings(operations, store).node_score(mules[0])
    assert saved is not None
    assert saved.score in rows.column("score").to_pylist()


def test_evidence_names_edges_of_the_store(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    _detect(store, operations, tmp_path)
    reader = store.reader(EVERYTHING, Purpose("test"))
    for item in Findings(operations, store).page(None, 10, None).items:
        edges = reader.get_edges(np.array(item.evidence))
        assert sum(len(table) for table in edges.values()) == len(item.evidence)
        members = {member.nid for member in item.members}
        for table in edges.values():
            ends = {*table.column("src").to_pylist(), *table.column("dst").to_pylist()}
            assert ends & members


def test_a_second_run_keeps_every_id_and_writes_no_score_again(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    _detect(store, operations, tmp_path)
    first = Findings(operations, store).page(None, 10, None).items
    report = _detect(store, operations, tmp_path)
    assert report.lineage == {"kept": 4}
    assert report.rows_read == 0
    assert report.scores_written == 0
    assert Findings(operations, store).page(None, 10, None).items == first


def test_ids_stay_when_new_data_arrives_and_lineage_tells_what_grew(
    operations: Database, tmp_path: Path
) -> None:
    town, citizens = ordinary_town(people=120)
    plant_cycle(town, citizens)
    plant_identity_ring(town)
    earlier = town.graph()
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    fill(store, earlier)
    _detect(store, operations, tmp_path)
    first = Findings(operations, store).page(None, 10).items

    ring = citizens[1:6]
    for hop, (payer, payee) in enumerate(zip(ring, [*ring[1:], ring[0]], strict=True)):
        town.pay(payer.account, payee.account, 50_000, START + 24 * DAY + 3 * hop * HOUR)
    for payer, payee in pairwise(citizens[:60]):
        town.pay(payer.account, payee.account, 33, START + 25 * DAY)
    later = town.graph()
    new = {kind: _since(edges, len(earlier.edges[kind])) for kind, edges in later.edges.items()}
    fill(store, RiskGraph(later.n, later.nodes, new), first=10**6)

    report = _detect(store, operations, tmp_path)
    second = Findings(operations, store).page(None, 10).items
    store.close()
    assert {one.finding_id for one in first} == {one.finding_id for one in second}
    assert first != second
    assert report.lineage == {"kept": 2}
    assert {one.first_run for one in second} == {one.first_run for one in first}


def test_findings_follow_from_the_graph_alone_whatever_run_went_before(tmp_path: Path) -> None:
    """The same content, detected half way as well: communities go on, findings do not care."""
    town, citizens = ordinary_town(people=120)
    plant_identity_ring(town)
    earlier = town.graph()
    plant_cycle(town, citizens)
    later = town.graph()
    new = {kind: _since(edges, len(earlier.edges[kind])) for kind, edges in later.edges.items()}
    seen = []
    for name, stops in (("straight", False), ("halfway", True)):
        store = SqliteStore(tmp_path / f"{name}.db")
        store.migrate()
        database = Database(f"sqlite:///{tmp_path / name}.operations.db")
        database.migrate()
        fill(store, earlier)
        if stops:
            assert _detect(store, database, tmp_path / name).frame.began == "afresh"
        fill(store, RiskGraph(later.n, later.nodes, new), first=10**6)
        report = _detect(store, database, tmp_path / name)
        assert report.frame.began == ("continued" if stops else "afresh")
        assert set(report.seconds) == {"snapshot", "finders", "communities", "save"}
        items = Findings(database, store).page(None, 10).items
        assert all(item.community is not None for item in items)
        seen.append([(item.score, item.members, item.reasons, item.evidence) for item in items])
        database.dispose()
        store.close()
    assert seen[0] == seen[1]


def _since(edges: EdgeColumns, first: int) -> EdgeColumns:
    columns = {name: column[first:] for name, column in edges.columns.items()}
    return EdgeColumns(edges.eid[first:], edges.src[first:], edges.dst[first:], columns)


def test_two_stores_with_the_same_input_give_the_same_findings(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    _detect(store, operations, tmp_path)
    twin = SqliteStore(tmp_path / "twin.db")
    twin.migrate()
    fill(twin, planted_towns()["city"])
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    _detect(twin, other, tmp_path / "twin")
    seen = ((operations, store), (other, twin))
    pages = [Findings(*both).page(None, 10, None).items for both in seen]
    assert [item.finding_id for item in pages[0]] == [item.finding_id for item in pages[1]]
    assert [item.members for item in pages[0]] == [item.members for item in pages[1]]
    assert [item.reasons for item in pages[0]] == [item.reasons for item in pages[1]]
    twin.close()
    other.dispose()


def test_an_empty_graph_has_a_run_without_findings(operations: Database, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "empty.db")
    store.migrate()
    report = _detect(store, operations, tmp_path)
    assert (report.findings, report.scored_nodes) == ({}, 0)
    assert Findings(operations, store).latest_run() == report.run
    store.close()
