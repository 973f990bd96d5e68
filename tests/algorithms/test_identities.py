"""Who is who, from judgements: joined, kept apart, and what contradicts is shown."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from graphrisk_algorithms.evidence.identities import Identities, identities
from graphrisk_algorithms.graph import EdgeColumns

Row = tuple[int, int, int, int, float]  # two records, verdict, by a person, probability
N = 6


def _of(rows: list[Row]) -> Identities:
    table = np.array(rows, np.float64).reshape(-1, 5)
    left, right, verdict, by_person = table[:, :4].astype(np.int64).T
    columns = {"verdict": verdict, "by_person": by_person, "probability": table[:, 4]}
    eid = left * 100 + right * 10 + by_person  # names the judgement, whatever the order
    return identities(N, EdgeColumns(eid, left, right, columns))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 2, 1, 0, 0.99)], [0, 1, 1, 3, 4, 5]),
        ([(3, 2, 1, 0, 0.99), (3, 1, 1, 1, 0)], [0, 1, 1, 1, 4, 5]),
        ([(1, 2, 0, 0, 0.6)], [0, 1, 2, 3, 4, 5]),
        ([(1, 2, -1, 1, 0)], [0, 1, 2, 3, 4, 5]),
    ],
    ids=["same", "through a third", "unsure", "different"],
)
def test_records_are_joined_as_they_were_judged(rows: list[Row], expected: list[int]) -> None:
    found = _of(rows)
    assert found.same_as.tolist() == expected
    assert found.conflicts.tolist() == []


@pytest.mark.parametrize(("said", "joined"), [(-1, False), (0, False), (1, True)])
def test_what_a_person_judged_stands_above_the_machine(said: int, joined: bool) -> None:
    for machine in (1, 0):
        found = _of([(1, 2, machine, 0, 0.99), (1, 2, said, 1, 0)])
        assert bool(found.same_as[2] == 1) is joined
        assert found.conflicts.tolist() == []


def test_different_blocks_a_way_through_others_and_the_conflict_is_shown() -> None:
    found = _of([(1, 2, 1, 0, 0.99), (2, 3, 1, 0, 0.96), (1, 3, -1, 1, 0)])
    assert found.same_as.tolist() == [0, 1, 1, 3, 4, 5]
    assert found.conflicts.tolist() == [230], "the weaker of the two is not followed"


def test_a_person_is_followed_before_a_surer_machine() -> None:
    found = _of([(1, 2, 1, 0, 0.99), (2, 3, 1, 1, 0), (1, 3, -1, 1, 0)])
    assert found.same_as.tolist() == [0, 1, 2, 2, 4, 5]
    assert found.conflicts.tolist() == [120]


def test_two_groups_that_must_stay_apart_in_one_pair_stay_apart_whole() -> None:
    same: list[Row] = [(0, 1, 1, 0, 0.99), (2, 3, 1, 0, 0.98), (1, 2, 1, 0, 0.97)]
    found = _of([*same, (0, 3, -1, 1, 0)])
    assert found.same_as.tolist() == [0, 0, 2, 2, 4, 5]


def test_the_order_of_judgements_decides_nothing() -> None:
    rows: list[Row] = [(0, 1, 1, 0, 0.99), (1, 2, 1, 0, 0.99), (2, 3, 1, 0, 0.99), (0, 3, -1, 1, 0)]
    results = [_of(list(order)) for order in permutations(rows)]
    assert {tuple(one.same_as.tolist()) for one in results} == {(0, 0, 0, 3, 4, 5)}
    assert {tuple(one.conflicts.tolist()) for one in results} == {(230,)}
