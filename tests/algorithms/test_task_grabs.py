"""Grabs of tasks against what can be counted by hand, grab by grab."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.task_grabs import TaskGrabs, task_grabs
from tests.algorithms.towns import DAY, Town

_GRABS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 30), st.integers(0, 9)),
    min_size=1,
    max_size=30,
)


def _table(grabs: list[tuple[int, int, int, int]], published: int | None = 0) -> TaskGrabs:
    """Grabs (volunteer 0-4, task 0-3, at, minutes); tasks 2 and 3 lie in a second cell."""
    town = Town()
    for _ in range(5):
        town.node("Volunteer")
    tasks = [town.node("Task", published_at=published) for _ in range(4)]
    cells = [town.node("GridCell"), town.node("GridCell")]
    for number, task in enumerate(tasks):
        town.edge("LOCATED_IN", task, cells[number // 2])
    for volunteer, task, at, effort in grabs:
        town.edge("GRABBED", volunteer, tasks[task], at=at, finished_at=at + effort)
    return task_grabs(town.graph())


def _first(grabs: list[tuple[int, int, int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """When (volunteer, task) was first taken, and until when it was done."""
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for volunteer, task, at, effort in sorted(grabs, key=lambda one: one[2]):
        first.setdefault((volunteer, 5 + task), (at, at + effort))
    return first


@given(_GRABS, st.integers(0, 10))
def test_pairs_are_all_grabs_of_one_task_within_the_window(
    grabs: list[tuple[int, int, int, int]], window: int
) -> None:
    table = _table(grabs)
    first = _first(grabs)
    expected = {
        frozenset({one, other})
        for one, other in combinations(first, 2)
        if one[1] == other[1] and abs(first[one][0] - first[other][0]) <= window
    }
    named = list(zip(table.volunteer.tolist(), table.task.tolist(), strict=True))
    assert len(named) == len(first)
    pairs = table.pairs_together(window, crowd=30).tolist()
    assert len(pairs) == len(expected)
    assert {frozenset({named[one], named[other]}) for one, other in pairs} == expected


@given(_GRABS, st.integers(1, 10))
def test_who_follows_by_chance_is_counted_over_the_delays_of_the_whole_city(
    grabs: list[tuple[int, int, int, int]], window: int
) -> None:
    table = _table(grabs, published=None)
    delays = table.delay.tolist()
    first = _first(grabs)
    for task in set(table.task.tolist()):
        assert min(first[one][0] for one in first if one[1] == task) == min(
            at for at, of in zip(table.at.tolist(), table.task.tolist(), strict=True) if of == task
        )
    for delay, chance in zip(delays, table.followed(window).tolist(), strict=True):
        later = [other for other in delays if other > delay]
        soon = [other for other in later if other <= delay + window]
        assert chance == (len(soon) + 1) / (len(later) + 2)


@given(_GRABS)
def test_tasks_in_common_are_those_that_both_took(grabs: list[tuple[int, int, int, int]]) -> None:
    table = _table(grabs)
    tasks = {one: {task for who, task in _first(grabs) if who == one} for one in range(5)}
    pairs = [pair for pair in combinations(range(5), 2) if tasks[pair[0]] & tasks[pair[1]]]
    if not pairs:
        return
    followed = np.arange(len(table), dtype=np.float64)
    count, mean = table.tasks_in_common(np.array(pairs), followed)
    assert count.tolist() == [len(tasks[one] & tasks[other]) for one, other in pairs]
    for (one, other), value in zip(pairs, mean.tolist(), strict=True):
        rows = [
            min(np.flatnonzero((table.task == task) & np.isin(table.volunteer, [one, other])))
            for task in tasks[one] & tasks[other]
        ]
        assert value == np.mean(rows)


def test_in_two_places_is_who_takes_a_task_elsewhere_before_the_last_is_done() -> None:
    here, near, far = 0, 1, 2
    rows = [
        (0, here, 0, 10),
        (0, far, 5, 10),  # at work here
        (1, here, 0, 10),
        (1, near, 5, 10),  # in the same cell
        (2, here, 0, 10),
        (2, far, 10, 10),  # just done
        (3, here, 0, 10),
    ]
    table = _table(rows)
    torn = np.flatnonzero(table.in_two_places())
    assert [(table.volunteer[row], table.at[row]) for row in torn] == [(0, 5)]


def test_a_grab_with_a_crowd_about_it_stands_in_a_race() -> None:
    rows = [(one, 0, one, 1) for one in range(5)]
    assert len(_table(rows).pairs_together(10, crowd=4)) == 10
    assert len(_table(rows).pairs_together(10, crowd=3)) == 0
    assert len(_table(rows).pairs_together(2, crowd=3)) == 3, "the one in the middle has four"


def test_no_time_of_publication_means_from_the_first_grab_on() -> None:
    rows = [(0, 0, DAY, 1), (1, 0, DAY + 7, 1)]
    assert _table(rows, published=None).delay.tolist() == [0, 7]
    assert _table(rows, published=DAY - 3).delay.tolist() == [3, 10]
