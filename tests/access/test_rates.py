"""Allowances: they end, refill, are each principal's own, and cost no memory for the quiet."""

from __future__ import annotations

import pytest

from graphrisk.access.rates import Left, Rates
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import LimitExceeded


def test_an_allowance_refills_all_the_time() -> None:
    clock = ManualClock(1_000)
    rates = Rates(clock, 60, "look-ups")
    assert rates.take("a", 60) == Left(60, 0, 60)
    with pytest.raises(LimitExceeded, match="60 look-ups a minute: again in 10 s") as refused:
        rates.take("a", 10)
    assert refused.value.retry_after_seconds == 10
    clock.advance(9_999)
    with pytest.raises(LimitExceeded):
        rates.take("a", 10)
    clock.advance(1)
    assert rates.take("a", 10) == Left(60, 0, 60)
    clock.advance(3_600_000)
    assert rates.take("a", 1) == Left(60, 59, 1)


def test_each_principal_has_his_own() -> None:
    rates = Rates(ManualClock(), 2, "look-ups")
    rates.take("a", 2)
    assert rates.take("b", 1).remaining == 1


def test_what_is_more_than_all_of_it_never_succeeds() -> None:
    with pytest.raises(LimitExceeded) as refused:
        Rates(ManualClock(), 2, "look-ups").take("a", 3)
    assert refused.value.retry_after_seconds is None


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    clock = ManualClock(60_000)
    rates = Rates(clock, 60, "look-ups")
    rates.take("a", 30)
    clock.now = 0
    assert rates.take("a", 10).remaining == 20


def test_whoever_is_quiet_is_forgotten() -> None:
    clock = ManualClock()
    rates = Rates(clock, 60, "look-ups")
    for number in range(10_001):
        rates.take(f"{number}", 1)
    clock.advance(1_000)
    rates.take("last", 1)
    assert len(rates._held) == 1
