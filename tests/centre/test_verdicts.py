"""Verdicts become labels of the graph, and withdrawn ones are labels no longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.centre.cases.model import Case, CaseState
from graphrisk.centre.measures.model import Proposal
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.facts import CASE, CONCERNS
from graphrisk.centre.verdicts.model import Outcome, Part, Ruling
from graphrisk.centre.verdicts.service import Verdicts
from graphrisk.core.errors import BadInput, Conflict
from graphrisk.store.contract import AsOf, Store
from graphrisk.store.operations.database import Database
from tests.centre.factory import Office, new_id, ring
from tests.contract.deliveries import nodes

RING = ring("ring_a", ("Person", "a", "organiser"), ("Person", "b", "victim"))
OTHER = ring("ring_b", ("Person", "c", "mule"), ("Person", "nobody", "mule"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield Office(database)
    database.dispose()


@pytest.fixture
def verdicts(store: Store, desk: Office) -> Verdicts:
    nodes(store, "Person", ["a", "b", "c"])
    return Verdicts(store, desk.database, desk.cases, desk.clock)


def _facts(store: Store, at: int | None = None) -> set[tuple[str, str, int, str]]:
    """Case, person, verdict and role of the edges that the graph shows."""
    reader = store.reader(EVERYTHING, Purpose("test"))
    rows = [
        row for b in reader.export_edges(CONCERNS, 0, reader.version()) for row in b.to_pylist()
    ]
    eids = np.array(sorted({row["eid"] for row in rows}), np.int64)
    seen = reader.get_edges(eids, AsOf(at, None)).get(CONCERNS)
    if seen is None:
        return set()
    edges = seen.to_pylist()
    nids = np.array(sorted({row[end] for row in edges for end in ("src", "dst")}), np.int64)
    keys = {
        row["nid"]: row["key"]
        for table in reader.get_nodes(nids).values()
        for row in table.to_pylist()
    }
    return {(keys[e["src"]], keys[e["dst"]], e["verdict"], e["role"]) for e in edges}


def _close(verdicts: Verdicts, case: Case, ruling: Ruling) -> Case:
    return verdicts.close(Order(case.case_id, "li", "查明"), ruling)


def test_a_verdict_is_seen_in_the_graph_and_a_withdrawn_one_is_not(
    store: Store, desk: Office, verdicts: Verdicts
) -> None:
    case = desk.held(RING, OTHER)
    desk.clock.advance(1_000)
    closed = _close(verdicts, case, Ruling(Outcome.CONFIRMED))
    assert (closed.state, closed.holder, closed.closed_at) == (
        CaseState.CLOSED,
        None,
        desk.clock.now,
    )
    told = {
        (case.number, "a", 1, "organiser"),
        (case.number, "b", 1, "victim"),
        (case.number, "c", 1, "mule"),
    }
    assert _facts(store) == told
    assert verdicts.project() == 0, "the graph knows it already"
    version = store.reader(EVERYTHING, Purpose("test")).version()
    desk.clock.advance(1_000)
    verdicts.reopen(Order(case.case_id, "wu", "新证据"))
    assert _facts(store) == set()
    assert store.reader(EVERYTHING, Purpose("test")).version() > version
    assert verdicts.standing() == []
    desk.cases.take(Order(case.case_id, "li"))
    desk.clock.advance(1_000)
    _close(verdicts, case, Ruling(Outcome.NOT_CONFIRMED))
    assert {fact[2] for fact in _facts(store)} == {-1}
    assert verdicts.outcomes([case.case_id]) == {case.case_id: Outcome.NOT_CONFIRMED}
    assert store.reader(EVERYTHING, Purpose("test")).counts()[CASE] == 1


def test_a_partial_verdict_labels_what_it_speaks_of(
    store: Store, desk: Office, verdicts: Verdicts
) -> None:
    parts = (
        Part(Outcome.CONFIRMED, role="organiser"),
        Part(Outcome.NOT_CONFIRMED, finding_id="ring_b"),
        Part(Outcome.UNDECIDED, role="victim"),
    )
    case = desk.held(RING, OTHER)
    _close(verdicts, case, Ruling(Outcome.PARTLY, parts))
    assert _facts(store) == {(case.number, "a", 1, "organiser"), (case.number, "c", -1, "mule")}
    assert {one.member.key for one in verdicts.standing()} == {"a", "c", "nobody"}


def test_a_case_is_judged_with_all_that_was_merged_into_it(
    store: Store, desk: Office, verdicts: Verdicts
) -> None:
    small, large = desk.held(RING), desk.held(OTHER)
    desk.cases.merge(Order(small.case_id, "li", "同一团伙"), large.case_id)
    _close(verdicts, large, Ruling(Outcome.CONFIRMED))
    assert {fact[0] for fact in _facts(store)} == {large.number}
    assert {fact[1] for fact in _facts(store)} == {"a", "b", "c"}
    with pytest.raises(Conflict, match="reopen it first"):
        desk.cases.unmerge(Order(small.case_id, "li", "并错"))


def test_what_cannot_be_judged_stays_open_and_labels_nobody(
    store: Store, desk: Office, verdicts: Verdicts
) -> None:
    case = desk.held(RING)
    for ruling in (
        Ruling(Outcome.UNDECIDED),
        Ruling(Outcome.PARTLY),
        Ruling(Outcome.CONFIRMED, [Part(Outcome.PARTLY, role="victim")]),
        Ruling(Outcome.CONFIRMED, [Part(Outcome.CONFIRMED, role="caller")]),
        Ruling(Outcome.CONFIRMED, [Part(Outcome.CONFIRMED, finding_id="ring_b")]),
    ):
        with pytest.raises(BadInput):
            _close(verdicts, case, ruling)
    with pytest.raises(Conflict, match="li works on"):
        verdicts.close(Order(case.case_id, "wu", "查明"), Ruling(Outcome.CONFIRMED))
    desk.measures.propose(Proposal(new_id(), case.case_id, "freeze", "x"), "li", "赃款")
    with pytest.raises(Conflict, match="measure waits"):
        _close(verdicts, case, Ruling(Outcome.CONFIRMED))
    assert desk.cases.get(case.case_id).state is CaseState.HELD
    assert _facts(store) == set()


def test_a_verdict_waits_while_somebody_writes_and_comes_after(
    store: Store, desk: Office, verdicts: Verdicts
) -> None:
    case = desk.held(RING)
    with store.writer("load"):
        _close(verdicts, case, Ruling(Outcome.CONFIRMED))
    assert _facts(store) == set()
    assert verdicts.project() == 1
    assert {fact[1] for fact in _facts(store)} == {"a", "b"}
