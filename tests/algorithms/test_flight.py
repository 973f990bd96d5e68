"""When a till stops: the last days against those before, counted transfer by transfer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.flight import Flight, flight_of
from graphrisk_algorithms.evidence.transfers import DAY, transfers_of
from tests.algorithms.towns import Town

_DAYS = st.lists(st.integers(0, 40), min_size=1, max_size=30)


def _flight(into: list[int], back: list[int], away: list[int], days: int = 7) -> Flight | None:
    """Of one till: days of deposits of 100 yuan, of payouts and of what others are paid."""
    town = Town()
    till, lender, other = (town.citizen().account for _ in range(3))
    for day in into:
        town.pay(lender, till, 100, day * DAY)
    for day in back:
        town.pay(till, lender, 90, day * DAY)
    for day in away:
        town.pay(till, other, 1_000, day * DAY)
    town.pay(lender, other, 1, 40 * DAY)  # the ledger goes on
    found = transfers_of(town.graph())
    ends = np.column_stack([found.src, found.dst])
    came, back_again, went = (
        np.flatnonzero((ends == pair).all(axis=1)).astype(np.int64)
        for pair in ((lender, till), (till, lender), (till, other))
    )
    return flight_of(found, came, back_again, went, days)


@given(_DAYS, _DAYS, _DAYS)
def test_the_last_days_are_counted_against_the_rate_before(
    into: list[int], back: list[int], away: list[int]
) -> None:
    found = _flight(into, back, away)
    if 40 - 7 - min(into) < 14:
        assert found is None
        return
    assert found is not None
    dealt = [*into, *back]
    recent = sum(day > 33 for day in dealt)
    assert found.dealings == recent
    assert found.expected == pytest.approx((len(dealt) - recent) * 7 / (33 - min(into)))
    assert found.taken == 100_000 * sum(day > 33 for day in away)
    weeks = [sum(day - 7 < one <= day for one in into) for day in range(min(into), 41)]
    assert found.fell == pytest.approx(1.0 - weeks[-1] / max(weeks))
    mean = found.expected
    tail = sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(recent + 1))
    assert found.clue().surprise == pytest.approx(-math.log10(min(tail, 1.0)), abs=1e-6)


def test_who_goes_on_does_not_flee_and_who_stopped_does() -> None:
    every_day = list(range(41))
    going_on, gone = _flight(every_day, every_day, []), _flight(every_day[:30], [], [31, 39])
    assert going_on is not None
    assert gone is not None
    assert going_on.clue().surprise < 1.0
    assert (going_on.fell, gone.fell) == (0.0, 1.0)
    assert gone.clue().surprise > 2.0
    assert gone.taken == 100_000
