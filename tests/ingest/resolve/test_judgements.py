"""Judgements are facts: superseded but never forgotten, a person's above the machine's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import OPEN, ManualClock
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.ingest.resolve.judgements import (
    MODEL,
    Verdict,
    history,
    judge,
    judge_by_machine,
    queue,
    standing,
    withdraw,
)
from graphrisk.ingest.resolve.matcher import Matches
from graphrisk.store.contract import Reader, Store
from graphrisk.store.snapshot.snapshot import Snapshot
from tests.contract.deliveries import add_nodes, assertions, nodes

KEYS = ["a", "b", "c", "d"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(10_000)


@pytest.fixture
def people(store: Store) -> list[int]:
    """Four records with names."""
    nids = nodes(store, "Person", KEYS)
    add_nodes(store, "Person", assertions(nids, [1, 2, 3, 4], name=["甲", None, "丙", "丁"]))
    return nids


@pytest.fixture
def snapshot(store: Store, tmp_path: Path) -> Snapshot:
    return Snapshot.open(tmp_path / "snapshot", _reader(store), store.health().store_id)


def _reader(store: Store) -> Reader:
    return store.reader(EVERYTHING, Purpose("test"))


def _found(*pairs: tuple[int, int, float]) -> Matches:
    """What the matcher might say."""
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    probability = np.array([pair[2] for pair in pairs], np.float64)
    bits = np.tile(np.array([7.25, -1.5], np.float32), (len(pairs), 1))
    return Matches(left, right, probability, ("name", "birth_year"), bits, len(pairs), 0, 0)


def _same_as(snapshot: Snapshot) -> list[int]:
    snapshot.refresh()
    return [int(nid) for nid in snapshot.graph().same_as]


@pytest.mark.usefixtures("people")
def test_a_judgement_joins_and_its_reversal_parts_with_both_on_record(
    store: Store, clock: ManualClock, snapshot: Snapshot
) -> None:
    assert judge(store, clock, ("b", "a"), Verdict.SAME, "李警官", "同一张照片")
    assert _same_as(snapshot) == [0, 0, 2, 3]
    clock.advance(1_000)
    assert judge(store, clock, ("a", "b"), Verdict.DIFFERENT, "王科长", "双胞胎")
    assert _same_as(snapshot) == [0, 1, 2, 3]
    told = [(one.verdict, one.judge, one.reason, one.until) for one in history(_reader(store))]
    assert told == [
        (Verdict.SAME, "李警官", "同一张照片", 11_000),
        (Verdict.DIFFERENT, "王科长", "双胞胎", OPEN),
    ]


@pytest.mark.usefixtures("people")
def test_the_same_judgement_again_changes_nothing(store: Store, clock: ManualClock) -> None:
    said = (("a", "b"), Verdict.SAME, "李警官", "同一张照片")
    assert judge(store, clock, *said)
    version = _reader(store).version()
    assert not judge(store, clock, *said)
    assert _reader(store).version() == version


def test_a_person_stands_above_the_machine_until_he_withdraws(
    store: Store, people: list[int], clock: ManualClock, snapshot: Snapshot
) -> None:
    judge_by_machine(store, clock, _found((people[0], people[1], 0.99)))
    assert _same_as(snapshot) == [0, 0, 2, 3]
    judge(store, clock, ("a", "b"), Verdict.DIFFERENT, "李警官", "不同的人")
    assert _same_as(snapshot) == [0, 1, 2, 3]
    clock.advance(1_000)
    judge_by_machine(store, clock, _found((people[0], people[1], 0.999)))
    assert _same_as(snapshot) == [0, 1, 2, 3], "however sure the machine is"
    clock.advance(1_000)
    assert withdraw(store, clock, ("a", "b"), "李警官", "认错了")
    assert _same_as(snapshot) == [0, 0, 2, 3]
    with pytest.raises(NotFound, match="no person has judged"):
        withdraw(store, clock, ("a", "b"), "李警官", "认错了")


def test_doubtful_pairs_wait_for_a_person_the_most_probable_first(
    store: Store, people: list[int], clock: ManualClock, snapshot: Snapshot
) -> None:
    a, b, c, d = people
    judge_by_machine(store, clock, _found((a, b, 0.3), (a, c, 0.8), (c, d, 0.99)))
    assert [one.pair for one in queue(_reader(store))] == [(a, c), (a, b)]
    assert _same_as(snapshot) == [0, 1, 2, 2], "what is doubtful is not joined"
    judge(store, clock, ("a", "c"), Verdict.UNSURE, "李警官", "看不清")
    assert [one.pair for one in queue(_reader(store))] == [(a, b)]


def test_the_machine_names_its_model_and_its_reasons(
    store: Store, people: list[int], clock: ManualClock
) -> None:
    judge_by_machine(store, clock, _found((people[1], people[0], 0.99)))
    one = standing(_reader(store))[0]
    assert (one.pair, one.judge, one.by_person) == ((people[0], people[1]), MODEL, False)
    assert (one.probability, one.reason) == (0.99, "name +7.2, birth_year -1.5")


def test_what_the_machine_no_longer_finds_has_ended_and_stays_known(
    store: Store, people: list[int], clock: ManualClock, snapshot: Snapshot
) -> None:
    judge_by_machine(store, clock, _found((people[0], people[1], 0.99)))
    clock.advance(1_000)
    judge_by_machine(store, clock, _found())
    assert _same_as(snapshot) in ([], [0, 1, 2, 3])
    assert standing(_reader(store)) == []
    assert len(history(_reader(store))) == 2


@pytest.mark.usefixtures("people")
def test_a_person_has_the_facts_of_all_his_records(
    store: Store, clock: ManualClock, snapshot: Snapshot
) -> None:
    judge(store, clock, ("b", "c"), Verdict.SAME, "李警官", "同一张照片")
    snapshot.refresh()
    persons = snapshot.graph().nodes["Person"].to_pylist()
    assert [(one["key"], one["name"]) for one in persons] == [("a", "甲"), ("b", "丙"), ("d", "丁")]
    each = snapshot.graph(resolved=False).nodes["Person"]
    assert each.column("key").to_pylist() == KEYS


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("records", "by", "why", "error"),
    [
        (("a", "a"), "李警官", "x", BadInput),
        (("a", "nobody"), "李警官", "x", NotFound),
        (("a", "b"), " ", "x", BadInput),
        (("a", "b"), "李警官", "", BadInput),
    ],
)
def test_a_judgement_without_two_records_a_judge_and_a_reason_is_refused(
    store: Store,
    clock: ManualClock,
    records: tuple[str, str],
    by: str,
    why: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        judge(store, clock, records, Verdict.SAME, by, why)
    assert history(_reader(store)) == []
