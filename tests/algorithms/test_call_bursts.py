"""Thrown-away numbers burst; couriers, call centres and hospitals do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphrisk_algorithms.evidence.call_bursts import Burst, CallBursts, call_bursts
from graphrisk_algorithms.evidence.calls import calls_of
from graphrisk_algorithms.evidence.transfers import DAY
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

_BURST = Burst(least_callees=10, strangers=0.8, life_days=7.0, a_day=3.0)
_SPAN = 60  # days of the data
_POOL, _COURIER, _CENTRE, _HOSPITAL, _SECOND, _NEW_SHOP = range(6), 6, 7, 8, 9, 10
_CALLERS = 40
_N = 2_000


def _graph() -> RiskGraph:
    """Six numbers of a cell, a courier, a call centre, a hospital, a rarely used second number,
    a shop open for four days that is called back, and busy citizens who talk with a dozen people.
    """
    rng = np.random.default_rng(4)
    rows: list[tuple[int, int, int, int, int, int]] = []

    def call(src: int, dst: int, first: float, last: float, count: int, seconds: int) -> None:
        rows.append((src, dst, int(first * DAY), int(last * DAY), count, seconds))

    def strangers(count: int) -> list[int]:
        return [int(one) for one in rng.choice(np.arange(_CALLERS, _N), count, replace=False)]

    for number in _POOL:
        begin = 9.0 * number  # rotated: one after the other
        for other in strangers(40):
            at = begin + rng.uniform(0.0, 4.0)
            call(number, other, at, at, 1, 0 if rng.random() < 0.5 else 60)
    for number, share in ((_COURIER, 0.3), (_CENTRE, 0.1), (_HOSPITAL, 0.9)):
        for other in strangers(200):
            at = rng.uniform(0.0, _SPAN)
            call(number, other, at, at, 1, 40)
            if rng.random() < share:
                call(other, number, at + 0.1, at + 0.1, 1, 60)
    for other in strangers(5):
        call(_SECOND, other, 3.0, 4.0, 1, 60)
    for place, other in enumerate(strangers(40)):
        at = 20.0 + rng.uniform(0.0, 4.0)
        call(_NEW_SHOP, other, at, at, 1, 60)
        if place % 2:
            call(other, _NEW_SHOP, at + 0.1, at + 0.1, 1, 60)
    for citizen in range(11, _CALLERS):
        for other in strangers(12):
            call(citizen, other, rng.uniform(0, 5), rng.uniform(50, _SPAN), 9, 900)
            call(other, citizen, rng.uniform(0, 5), rng.uniform(50, _SPAN), 9, 900)
    src, dst, first, last, count, seconds = np.array(rows, np.int64).T
    columns = {"first": first, "last": last, "count": count, "seconds": seconds}
    edges = EdgeColumns(np.arange(len(rows)), src, dst, columns)
    return RiskGraph(n=_N, nodes={}, edges={"CALLED": edges})


def _bursts(burst: Burst = _BURST) -> CallBursts:
    graph = _graph()
    return call_bursts(calls_of(graph, 3, 300), graph.n, burst)


def test_only_the_numbers_of_the_cell_burst() -> None:
    found = _bursts()
    assert np.flatnonzero(found.bursting).tolist() == list(_POOL)
    assert found.busy[[_COURIER, _CENTRE, _HOSPITAL]].all()
    assert not found.busy[_SECOND]


@pytest.mark.parametrize(
    ("burst", "number"),
    [
        (replace(_BURST, life_days=1e9), _CENTRE),
        (replace(_BURST, life_days=1e9, strangers=0.0), _HOSPITAL),
        (replace(_BURST, life_days=1e9, strangers=0.5), _COURIER),
        (replace(_BURST, least_callees=1), _SECOND),
        (replace(_BURST, strangers=0.4), _NEW_SHOP),
    ],
)
def test_each_condition_keeps_somebody_honest_apart(burst: Burst, number: int) -> None:
    assert _bursts(burst).bursting[number]


def test_who_meets_few_a_day_does_not_burst() -> None:
    assert not _bursts(replace(_BURST, a_day=11.0)).bursting.any()


def test_the_clue_holds_the_pool_against_other_busy_callers() -> None:
    found = _bursts()
    clue = found.clue(np.array([*_POOL, _SECOND]))
    assert clue is not None
    assert clue.surprise > 6.0
    assert (clue.values["numbers"], clue.values["bursts"]) == (6, 6)
    assert clue.values["callees"] == 240
    assert 0.3 < float(clue.values["unheard"]) < 0.7
    assert int(clue.values["days"]) <= 4
    honest = found.clue(np.array([_COURIER, _CENTRE, _HOSPITAL]))
    assert honest is not None
    assert honest.surprise == 0.0
    assert found.clue(np.array([_SECOND])) is None


def test_a_city_without_calls_has_no_bursts() -> None:
    graph = RiskGraph(n=3, nodes={}, edges={})
    assert not call_bursts(calls_of(graph, 3, 300), 3, _BURST).busy.any()
