"""Dealings of strangers, and which keep step, against what can be counted transfer by transfer."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from graphrisk_algorithms.evidence.dealings import Dealings, dealings_of
from graphrisk_algorithms.evidence.transfers import DAY, HOUR, transfers_of
from tests.algorithms.towns import Town

Payment = tuple[int, int, int, int]  # payer, payee, at, yuan
_PAYMENTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 50), st.integers(1, 6)),
    min_size=1,
    max_size=40,
)


def _dealings(
    payments: list[Payment], *, material: float = 0.0, most: int = 9, called: bool = False
) -> Dealings:
    """Of five people with an account each; the first two call each other or not."""
    town = Town()
    people = [town.citizen() for _ in range(5)]
    for payer, payee, at, yuan in payments:
        town.pay(people[payer].account, people[payee].account, yuan, at)
    if called:
        town.call(people[1].phone, people[0].phone, 0)
    graph = town.graph()
    return dealings_of(graph, transfers_of(graph), material, most)


def _pairs(dealings: Dealings) -> set[tuple[int, int]]:
    """Payer and payee by place among the five."""
    ends = zip(dealings.payer.tolist(), dealings.payee.tolist(), strict=True)
    return {(payer // 3, payee // 3) for payer, payee in ends}


@given(_PAYMENTS, st.sampled_from([0.0, 0.5, 0.9]), st.integers(2, 5))
def test_dealings_are_large_varied_and_one_way(
    payments: list[Payment], material: float, most: int
) -> None:
    proper = [one for one in payments if one[0] != one[1]]
    if not proper:
        return
    least = np.quantile([100 * yuan for *_, yuan in proper], material)
    sums: dict[tuple[int, int], list[int]] = {}
    for payer, payee, _, yuan in proper:
        sums.setdefault((payer, payee), []).append(100 * yuan)
    expected = {
        pair
        for pair, fen in sums.items()
        if 2 <= len(fen) <= most
        and len(set(fen)) > 1
        and np.mean(fen) >= least
        and pair[::-1] not in sums
    }
    found = _dealings(proper, material=material, most=most)
    assert _pairs(found) == expected
    for number in range(len(found)):
        mine = found.amount[found.of == number].tolist()
        pair = (int(found.payer[number]) // 3, int(found.payee[number]) // 3)
        assert sorted(mine) == sorted(sums[pair])
        assert found.times[number] == len(mine)
        assert (np.diff(found.at[found.of == number]) >= 0).all()


def test_who_calls_whom_he_pays_is_no_stranger() -> None:
    payments = [(0, 1, 0, 5), (0, 1, 9, 6), (2, 3, 0, 5), (2, 3, 9, 6)]
    assert _pairs(_dealings(payments)) == {(0, 1), (2, 3)}
    assert _pairs(_dealings(payments, called=True)) == {(2, 3)}


@given(_PAYMENTS, st.integers(0, 12))
def test_two_dealings_keep_step_when_their_transfers_fall_near_each_other(
    payments: list[Payment], window: int
) -> None:
    proper = [one for one in payments if one[0] != one[1]]
    if not proper:
        return
    found = _dealings(proper)
    pairs = found.adjacent(40)
    accounts = [{*ends} for ends in zip(found.payer.tolist(), found.payee.tolist(), strict=True)]
    expected = [
        (one, other)
        for one, other in combinations(range(len(found)), 2)
        if accounts[one] & accounts[other]
    ]
    assert sorted(map(tuple, pairs.tolist())) == expected
    times = [found.at[found.of == number].tolist() for number in range(len(found))]
    for (one, other), surprise in zip(
        pairs.tolist(), found.in_step(pairs, window).tolist(), strict=True
    ):
        assert surprise == pytest.approx(
            min(
                _surprise(times[one], times[other], window, found.span),
                _surprise(times[other], times[one], window, found.span),
            )
        )


def _surprise(mine: list[int], theirs: list[int], window: int, span: int) -> float:
    met = sum(any(abs(at - near) <= window for near in theirs) for at in mine)
    chance = min(len(theirs) * 2 * window / span, 1.0)
    return float(-stats.binom.logsf(met - 1, len(mine), chance) / np.log(10.0))


def test_one_transfer_of_three_apart_is_less_in_step_than_none() -> None:
    at = {1: (0, 400, 900), 2: (10, 410, 890), 3: (10, 410, 600)}
    payments = [(0, one, moment, 5 + place) for one in at for place, moment in enumerate(at[one])]
    found = _dealings(payments)
    together, apart, other = found.in_step(found.adjacent(40), 10).tolist()
    assert together == pytest.approx(_surprise([*at[1]], [*at[2]], 10, found.span))
    assert together > apart
    assert apart == pytest.approx(_surprise([*at[1]], [*at[3]], 10, found.span))
    assert other == pytest.approx(_surprise([*at[2]], [*at[3]], 10, found.span))


def test_an_account_of_many_dealings_joins_nobody() -> None:
    payments = [(0, payee, at, yuan) for payee in (1, 2, 3) for at, yuan in ((0, 5), (9, 6))]
    found = _dealings(payments)
    assert len(found.adjacent(3)) == 3
    assert len(found.adjacent(2)) == 0


@pytest.mark.parametrize(
    ("days", "off"),
    [
        *[((0, 7, 14), False), ((0, 30), False), ((0, 4), True), ((0, 7, 18), True)],
        *[((0, 0.1), True), ((0, 10, 20), True), ((0, 10, 20, 30), False)],
        *[((0, 15, 30, 45.3, 60), False), ((0, 15, 30, 47), True), ((0, 4, 8, 12), True)],
    ],
)
def test_weeks_months_and_a_period_of_its_own_are_a_calendar(
    days: tuple[float, ...], off: bool
) -> None:
    payments = [
        (0, 1, int(day * DAY) + number * HOUR, 5 + number) for number, day in enumerate(days)
    ]
    found = _dealings([*payments, (3, 4, 0, 1), (3, 4, 1, 2)])
    told = dict(zip(_pairs_in_order(found), found.off_calendar(8 * HOUR).tolist(), strict=True))
    assert told[0, 1] is off
    assert _pairs(found.only(found.off_calendar(8 * HOUR))) == {(3, 4)} | (
        {(0, 1)} if off else set()
    )


def _pairs_in_order(found: Dealings) -> list[tuple[int, int]]:
    ends = zip(found.payer.tolist(), found.payee.tolist(), strict=True)
    return [(payer // 3, payee // 3) for payer, payee in ends]
