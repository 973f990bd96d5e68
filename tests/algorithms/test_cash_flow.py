"""Tills that pay old depositors with the money of new ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.cash_flow import CashFlow, PonziWatch, follows, stalled

_WATCH = PonziWatch()


def _scheme(seed: int = 1, days: int = 60, term: int = 1) -> CashFlow:
    rng = np.random.default_rng(seed)
    took = rng.lognormal(0.0, 1.4, days)
    paid = np.append(np.zeros(term), took[: days - term])
    return CashFlow(took, paid)


def test_payouts_from_the_deposits_of_the_day_before_alarm_early() -> None:
    day = _WATCH.alarm(_scheme())
    assert day is not None
    assert day < 40


def test_the_alarm_knows_nothing_of_later_days() -> None:
    """What comes after the alarm cannot change it, nor can the alarm be told a day before."""
    flow = _scheme()
    day = _WATCH.alarm(flow)
    assert day is not None
    assert _WATCH.alarm(flow.until(day)) == day
    assert _WATCH.alarm(flow.until(day - 1)) is None


def test_each_of_the_three_signs_is_needed() -> None:
    flow = _scheme()
    keeps = CashFlow(flow.received, 0.4 * flow.paid)
    assert _WATCH.alarm(keeps) is None
    steady = CashFlow(flow.received + 50.0, flow.paid + 50.0)
    assert _WATCH.alarm(steady) is None
    unrelated = CashFlow(flow.received, flow.paid[::-1].copy())
    assert _WATCH.alarm(unrelated) is None


def test_sellers_paid_after_a_week_do_not_follow_the_sales_of_yesterday() -> None:
    """Weekdays and slow growth make both streams alike; the week before explains that."""
    rng = np.random.default_rng(3)
    days = np.arange(210)
    rate = np.where(days % 7 < 2, 3.0, 1.0) * (1.0 + days / 210.0)
    sales = rate * rng.lognormal(0.0, 0.3, len(days))
    sellers = np.append(np.zeros(7), 0.9 * sales[:-7])
    assert follows(CashFlow(sales, sellers), 3) < 3.0
    assert follows(CashFlow(sales, np.append(0.0, sales[:-1])), 3) > 10.0


def test_a_term_beyond_the_longest_is_not_seen() -> None:
    flow = _scheme(term=20)
    assert follows(flow, 3) < 3.0
    assert follows(flow, 20) > 5.0


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e9))
def test_units_do_not_matter(seed: int, unit: float) -> None:
    flow = _scheme(seed, 25)
    scaled = CashFlow(flow.received * unit, flow.paid * unit)
    assert follows(scaled, 3) == pytest.approx(follows(flow, 3))
    assert _WATCH.alarm(scaled) == _WATCH.alarm(flow)


@pytest.mark.parametrize("days", [0, 1, 3])
def test_a_till_without_history_says_nothing(days: int) -> None:
    empty = CashFlow(np.zeros(days), np.zeros(days))
    assert _WATCH.alarm(empty) is None
    assert follows(empty, 3) == 0.0
    assert stalled(empty, 7) == 0.0


def test_growth_that_ended_has_stalled_and_growth_that_goes_on_has_not() -> None:
    grows = np.exp(np.arange(60) / 15.0)
    nothing = np.zeros(60)
    assert stalled(CashFlow(grows, nothing), 14) == 0.0
    ended = np.append(grows[:45], 0.05 * grows[45:])
    assert stalled(CashFlow(ended, nothing), 14) > 0.8
