"""Honest platforms, made up: what tills look like that take money of many and pay out again.

One function a kind; each draws its size, its prices and its time from ``rng`` and gives fen a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from benchmarks.quality.measures import Floats
from graphrisk_algorithms.evidence.cash_flow import CashFlow

_WEEK = np.array([1.0, 1.0, 1.0, 1.0, 1.15, 0.7, 0.55])
Maker = Callable[[np.random.Generator], CashFlow]


def made(kind: str, seed: int, number: int) -> CashFlow:
    """The ``number``-th platform of a kind in the world of ``seed``."""
    return KINDS[kind](np.random.default_rng([seed, list(KINDS).index(kind), number]))


def _customers(rng: np.random.Generator, rate: Floats, sigma: float) -> Floats:
    """Sums a day when customers come at the ``rate`` of each day and pay log-normal sums."""
    count = rng.poisson(rate)
    level = float(np.exp(rng.uniform(4.0, 8.0)))
    every = level * rng.lognormal(0.0, sigma, int(count.sum()))
    day = np.repeat(np.arange(len(rate)), count)
    return np.asarray(np.bincount(day, every, len(rate)), np.float64)


def _days(rng: np.random.Generator, least: int = 120, most: int = 361) -> int:
    return int(rng.integers(least, most))


def _later(sums: Floats, days: int, share: float = 1.0) -> Floats:
    """The same sums, so many days later; what falls behind the end is not seen."""
    return np.append(np.zeros(days), share * sums)[: len(sums)]


def _lender(rng: np.random.Generator, growth: float) -> CashFlow:
    """Lenders pay in, bids fill within days, borrowers repay month by month, lenders get it."""
    days = _days(rng)
    week = _WEEK[(np.arange(days) + rng.integers(7)) % 7]
    rate = rng.uniform(2.0, 30.0) * week * (1.0 + growth * np.arange(days) / days)
    lent = _customers(rng, rate, 1.0)
    loans, repaid = np.zeros(days), np.zeros(days)
    terms, interest = int(rng.integers(3, 13)), rng.uniform(0.06, 0.14)
    for day in np.flatnonzero(lent):
        fills = int(day + rng.integers(1, 8))
        loans[fills : fills + 1] += 0.98 * lent[day]
        due = fills + 30 * np.arange(1, terms + 1) + rng.integers(-2, 3, terms)
        kept = due[(due < days) & (rng.random(terms) > 0.03)]
        np.add.at(repaid, kept, lent[day] * (1.0 + interest * terms / 12.0) / terms)
    return CashFlow(lent + repaid, loans + _later(repaid, 1, 0.99))


def lender(rng: np.random.Generator) -> CashFlow:
    """A lending platform with about as many customers as ever."""
    return _lender(rng, 0.0)


def growing_lender(rng: np.random.Generator) -> CashFlow:
    """A lending platform in its first year: two to nine times as many customers at its end."""
    return _lender(rng, float(rng.uniform(1.0, 8.0)))


def crowdfunding(rng: np.random.Generator) -> CashFlow:
    """Several drives, each a burst that ends as it began; each is paid out once, after its end."""
    days = _days(rng)
    took, gave = np.zeros(days), np.zeros(days)
    for _ in range(int(rng.integers(2, 25))):
        first, length = int(rng.integers(0, days - 20)), int(rng.integers(14, 61))
        shape = rng.beta(0.7, 0.7, int(rng.integers(30, 400)))
        at = first + (shape * length).astype(np.int64)
        sums = rng.lognormal(5.0, 1.0, len(at))
        np.add.at(took, at[at < days], sums[at < days])
        gave[first + length + int(rng.integers(3, 15)) :][:1] += 0.94 * sums.sum()
    return CashFlow(took, gave)


def donations(rng: np.random.Generator) -> CashFlow:
    """One drive: dozens give within days; some bills are paid as they come."""
    days = _days(rng, 40, 120)
    at = (rng.beta(1.2, 4.0, int(rng.integers(60, 600))) * days / 3).astype(np.int64)
    took, gave = np.zeros(days), np.zeros(days)
    np.add.at(took, at, rng.lognormal(4.2, 0.9, len(at)))
    bills = rng.integers(3, days, int(rng.integers(3, 10)))
    np.add.at(gave, bills, took.sum() * 0.95 * rng.dirichlet(np.ones(len(bills))))
    return CashFlow(took, gave)


def payroll(rng: np.random.Generator) -> CashFlow:
    """Firms pay in once a month what an agent pays to their staff on the next days."""
    days = _days(rng)
    took, gave = np.zeros(days), np.zeros(days)
    for _ in range(int(rng.integers(1, 30))):
        wages, pay_day = float(np.exp(rng.uniform(9.0, 13.0))), int(rng.integers(3, 28))
        for month in np.arange(pay_day, days - 3, 30):
            sum_ = wages * rng.normal(1.0, 0.05)
            took[month - int(rng.integers(1, 3))] += 1.01 * sum_
            gave[month + int(rng.integers(0, 2))] += sum_
    return CashFlow(took, gave)


def savings_club(rng: np.random.Generator) -> CashFlow:
    """Everybody pays the same in every round; one of them gets the pot on that or the next day."""
    days, members = _days(rng), int(rng.integers(8, 31))
    every, part = int(rng.choice([7, 10, 15, 30])), float(rng.choice([200, 500, 1000, 3000]))
    took, gave = np.zeros(days + 4), np.zeros(days + 4)
    for day in range(int(rng.integers(0, every)), days, every):
        late = rng.random(members) < rng.uniform(0.0, 0.15)
        np.add.at(took, day + np.where(late, rng.integers(1, 4, members), 0), part)
        gave[day + int(rng.integers(0, 2))] += part * members
    return CashFlow(took[:days], gave[:days])


def bank_product(rng: np.random.Generator) -> CashFlow:
    """Sold on some days; principal and interest come back after the term, out of the bank's own."""
    days, term = _days(rng), int(rng.choice([30, 60, 90]))
    rate = rng.uniform(1.0, 20.0) * _WEEK[np.arange(days) % 7]
    sold = _customers(rng, rate, 0.8)
    gain = 1.0 + rng.uniform(0.02, 0.05) * term / 365
    own = _later(sold, term, gain - 1.0)
    return CashFlow(sold + own, _later(sold, term, gain))


def shop(rng: np.random.Generator) -> CashFlow:
    """Takes money of many each day; pays suppliers weekly, wages and rent monthly."""
    days = _days(rng)
    took = _customers(rng, rng.uniform(5.0, 200.0) * _WEEK[::-1][np.arange(days) % 7], 0.8)
    gave = np.zeros(days)
    for day in range(6, days, 7):
        gave[day] += rng.uniform(0.5, 0.7) * took[day - 6 : day + 1].sum()
    gave[10::30] += 0.2 * took.mean() * 30
    return CashFlow(took, gave)


def marketplace(rng: np.random.Generator) -> CashFlow:
    """Buyers pay, sellers get it after a week less a fee; two or three sales days a year."""
    days = _days(rng)
    rate = rng.uniform(10.0, 100.0) * _WEEK[::-1][np.arange(days) % 7]
    for day in rng.integers(0, days, int(rng.integers(2, 4))):
        rate[day : day + 2] *= rng.uniform(4.0, 12.0)
    took = _customers(rng, rate, 0.9)
    gave = _later(took, int(rng.integers(5, 10)), 0.9)
    for delay, share in enumerate(rng.dirichlet(np.ones(14)) * rng.uniform(0.02, 0.08)):
        gave += _later(took, delay, share)
    return CashFlow(took, gave)


def landlord(rng: np.random.Generator) -> CashFlow:
    """Rents in the first days of a month; instalments and repairs go out."""
    days, flats = _days(rng), int(rng.integers(4, 120))
    took, gave = np.zeros(days), np.zeros(days)
    rent = rng.lognormal(7.5, 0.4, flats)
    for month in range(0, days - 12, 30):
        np.add.at(took, month + rng.integers(0, 12, flats), rent)
        gave[month + 11] += rng.uniform(0.3, 0.9) * rent.sum()
    repairs = rng.integers(0, days, int(rng.integers(2, 20)))
    np.add.at(gave, repairs, rng.lognormal(6.0, 1.0, len(repairs)))
    return CashFlow(took, gave)


def insurer(rng: np.random.Generator) -> CashFlow:
    """Premiums at a steady rate, claims when there is damage: irregular and large."""
    days = _days(rng)
    took = _customers(rng, rng.uniform(5.0, 60.0) * _WEEK[np.arange(days) % 7], 0.5)
    claims = rng.poisson(rng.uniform(0.1, 1.5), days)
    sums = rng.lognormal(0.0, 1.5, int(claims.sum()))
    share = rng.uniform(0.5, 0.8) * took.sum() / max(float(sums.sum()), 1e-9)
    gave = np.bincount(np.repeat(np.arange(days), claims), share * sums, days)
    return CashFlow(took, np.asarray(gave, np.float64))


def escrow_agent(rng: np.random.Generator) -> CashFlow:
    """A notary: few large sums of strangers, each passed on whole within days. The hard one."""
    days = _days(rng)
    took, gave = np.zeros(days), np.zeros(days)
    for day in np.flatnonzero(rng.random(days) < rng.uniform(0.05, 0.4)):
        sum_ = float(rng.lognormal(12.0, 0.8))
        took[day] += sum_
        gave[int(day + rng.integers(0, 11)) :][:1] += sum_
    return CashFlow(took, gave)


KINDS: Mapping[str, Maker] = MappingProxyType(
    {
        one.__name__.replace("_", " "): one
        for one in (
            lender,
            growing_lender,
            crowdfunding,
            donations,
            payroll,
            savings_club,
            bank_product,
            shop,
            marketplace,
            landlord,
            insurer,
            escrow_agent,
        )
    }
)
