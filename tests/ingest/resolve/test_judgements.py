"""Judgements are facts: superseded but never forgotten, a person's above the machine's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import OPEN, ManualClock
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.ingest.resolve.judgements import MODEL, clues_of, judge_by_machine
from graphrisk.ingest.resolve.matcher import Matches
from graphrisk.ingest.resolve.model import Judgement, Verdict
from graphrisk.ingest.resolve.service import Identities
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import read_after, relay
from graphrisk.store.snapshot.snapshot import Snapshot
from tests.contract.deliveries import add_nodes, assertions, nodes

KEYS = ["a", "b", "c", "d"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(10_000)


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Database]:
    """On SQLite; what PostgreSQL adds is tested in ``test_projection``."""
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def records(store: Store) -> list[int]:
    """Four records with names."""
    nids = nodes(store, "Person", KEYS)
    add_nodes(store, "Person", assertions(nids, [1, 2, 3, 4], name=["甲", None, "丙", "丁"]))
    return nids


@pytest.fixture
def people(
    store: Store, operations: Database, clock: ManualClock, records: list[int]
) -> Identities:
    del records
    return Identities(store, operations, clock)


@pytest.fixture
def snapshot(store: Store, tmp_path: Path) -> Snapshot:
    reader = store.reader(EVERYTHING, Purpose("test"))
    return Snapshot.open(tmp_path / "snapshot", reader, store.health().store_id)


def _found(*pairs: tuple[int, int, float]) -> Matches:
    """What the matcher might say."""
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    probability = np.array([pair[2] for pair in pairs], np.float64)
    bits = np.tile(np.array([7.25, -1.5], np.float32), (len(pairs), 1))
    return Matches(left, right, probability, ("name", "birth_year"), bits, len(pairs), 0, 0)


def _same_as(snapshot: Snapshot) -> list[int]:
    snapshot.refresh()
    return [int(nid) for nid in snapshot.graph().same_as]


def _queue(people: Identities) -> list[tuple[int, int]]:
    return [one.judgement.pair for one in people.known().queue(None, 10).items]


def _history(people: Identities, nid: int = 0) -> list[Judgement]:
    return people.known().judgements_of(nid)


def test_a_judgement_joins_and_its_reversal_parts_with_both_on_record(
    people: Identities, clock: ManualClock, snapshot: Snapshot
) -> None:
    assert people.judge(("b", "a"), Verdict.SAME, "李警官", "同一张照片").changed
    assert _same_as(snapshot) == [0, 0, 2, 3]
    assert people.known().records_of(1) == [0, 1]
    clock.advance(1_000)
    assert people.judge(("a", "b"), Verdict.DIFFERENT, "王科长", "双胞胎").changed
    assert _same_as(snapshot) == [0, 1, 2, 3]
    assert people.known().records_of(1) == [1]
    told = [(one.verdict, one.judge, one.reason, one.until) for one in _history(people)]
    assert told == [
        (Verdict.SAME, "李警官", "同一张照片", 11_000),
        (Verdict.DIFFERENT, "王科长", "双胞胎", OPEN),
    ]


def test_the_same_judgement_again_changes_nothing(people: Identities, operations: Database) -> None:
    said = (("a", "b"), Verdict.SAME, "李警官", "同一张照片")
    first = people.judge(*said)
    again = people.judge(*said)
    assert (first.changed, again.changed) == (True, False)
    assert first.decision == again.decision
    with operations.session() as session:
        relay(session)
    with operations.reading() as session:
        (event,) = read_after(session, 0)
    assert (event.kind, event.subject) == ("identity.judged", first.decision.decision_id)
    assert event.payload == {"verdict": "same"}, "no names, no keys: events leave the service"


def test_a_person_stands_above_the_machine_until_he_withdraws(
    store: Store, people: Identities, clock: ManualClock, snapshot: Snapshot
) -> None:
    judge_by_machine(store, clock, _found((0, 1, 0.99)))
    assert _same_as(snapshot) == [0, 0, 2, 3]
    people.judge(("a", "b"), Verdict.DIFFERENT, "李警官", "不同的人")
    assert _same_as(snapshot) == [0, 1, 2, 3]
    clock.advance(1_000)
    judge_by_machine(store, clock, _found((0, 1, 0.999)))
    assert _same_as(snapshot) == [0, 1, 2, 3], "however sure the machine is"
    assert people.known().records_of(0) == [0]
    clock.advance(1_000)
    withdrawal = (("a", "b"), Verdict.WITHDRAWN, "李警官", "认错了")
    assert people.judge(*withdrawal).changed
    assert _same_as(snapshot) == [0, 0, 2, 3]
    assert people.known().records_of(0) == [0, 1]
    assert not people.judge(*withdrawal).changed
    with pytest.raises(NotFound, match="no person has judged"):
        people.judge(("a", "b"), Verdict.WITHDRAWN, "王科长", "认错了")
    assert _history(people)[-1].reason == "认错了", "why it was withdrawn stays known"


def test_doubtful_pairs_wait_for_a_person_the_most_probable_first(
    store: Store, people: Identities, clock: ManualClock, snapshot: Snapshot
) -> None:
    a, b, c, d = range(4)
    judge_by_machine(store, clock, _found((a, b, 0.3), (a, c, 0.8), (c, d, 0.99)))
    assert _queue(people) == [(a, c), (a, b)]
    assert _same_as(snapshot) == [0, 1, 2, 2], "what is doubtful is not joined"
    people.judge(("a", "c"), Verdict.UNSURE, "李警官", "看不清")
    assert _queue(people) == [(a, b)]
    people.judge(("a", "c"), Verdict.WITHDRAWN, "李警官", "再看")
    assert _queue(people) == [(a, c), (a, b)]


def test_the_queue_goes_on_behind_a_pair_that_was_judged_meanwhile(
    store: Store, people: Identities, clock: ManualClock
) -> None:
    judge_by_machine(store, clock, _found((0, 1, 0.3), (0, 2, 0.8), (1, 2, 0.5)))
    first = people.known().queue(None, 1)
    assert (first.has_next, first.total) == (True, 3)
    people.judge(("a", "c"), Verdict.SAME, "李警官", "同一张照片")
    rest = people.known().queue(first.items[0].eid, 5)
    assert [one.judgement.pair for one in rest.items] == [(1, 2), (0, 1)]
    assert (rest.has_next, rest.total) == (False, 2)
    clock.advance(1_000)
    judge_by_machine(store, clock, _found((0, 1, 0.3)))
    with pytest.raises(BadInput, match="begin anew"):
        people.known().queue(first.items[0].eid, 5)


def test_the_machine_names_its_model_and_its_reasons(
    store: Store, people: Identities, clock: ManualClock
) -> None:
    judge_by_machine(store, clock, _found((1, 0, 0.99)))
    (one,) = _history(people)
    assert (one.pair, one.judge, one.by_person, one.stands) == ((0, 1), MODEL, False, True)
    assert (one.probability, one.reason) == (0.99, "name +7.2, birth_year -1.5")
    assert clues_of(one.reason) == [("name", 7.2), ("birth_year", -1.5)]


def test_what_the_machine_no_longer_finds_has_ended_and_stays_known(
    store: Store, people: Identities, clock: ManualClock, snapshot: Snapshot
) -> None:
    judge_by_machine(store, clock, _found((0, 1, 0.99)))
    clock.advance(1_000)
    judge_by_machine(store, clock, _found())
    assert _same_as(snapshot) in ([], [0, 1, 2, 3])
    assert [one.verdict for one in _history(people)] == [Verdict.SAME, Verdict.WITHDRAWN]
    assert not any(one.stands for one in _history(people))


def test_a_person_has_the_facts_of_all_his_records(people: Identities, snapshot: Snapshot) -> None:
    people.judge(("b", "c"), Verdict.SAME, "李警官", "同一张照片")
    snapshot.refresh()
    persons = snapshot.graph().nodes["Person"].to_pylist()
    assert [(one["key"], one["name"]) for one in persons] == [("a", "甲"), ("b", "丙"), ("d", "丁")]
    each = snapshot.graph(resolved=False).nodes["Person"]
    assert each.column("key").to_pylist() == KEYS


@pytest.mark.parametrize(
    ("records_judged", "by", "why", "error"),
    [
        (("a", "a"), "李警官", "x", BadInput),
        (("a", "nobody"), "李警官", "x", NotFound),
        (("a", "b"), "", "x", BadInput),
        (("a", "b"), " ", "x", BadInput),
        (("a", "b"), "警" * 201, "x", BadInput),
        (("a", "b"), "李\x00警官", "x", BadInput),
        (("a", "b"), "\x1f李警官", "x", BadInput),
        (("a", "b"), "李\n警官", "x", BadInput),
        (("a", "b"), "李\udcff", "x", BadInput),
        (("a", "b"), "李警官", "x\udcff", BadInput),
        (("a", "b"), "李警官", "x\x00y", BadInput),
        (("a", "b"), "李警官", "", BadInput),
        (("a", "b"), "李警官", "x" * 2_001, BadInput),
    ],
)
def test_a_judgement_without_two_records_a_judge_and_a_reason_is_refused(
    people: Identities,
    records_judged: tuple[str, str],
    by: str,
    why: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        people.judge(records_judged, Verdict.SAME, by, why)
    assert _history(people) == []


def test_the_longest_name_and_a_reason_of_several_lines_are_kept(people: Identities) -> None:
    people.judge(("a", "b"), Verdict.SAME, "警" * 200, "同一张照片\n\t同一电话 ")
    ((judge, reason),) = [(one.judge, one.reason) for one in _history(people)]
    assert (judge, reason) == ("警" * 200, "同一张照片\n\t同一电话")
