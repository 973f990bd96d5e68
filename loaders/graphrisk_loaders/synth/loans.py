"""Loans on a platform: bids that lenders fill, paid out to who borrows, interest to who lent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth.everyday import pay
from graphrisk_loaders.synth.model import DAY, HOUR, NONE, City, IntArray
from graphrisk_loaders.synth.people import Population

_TERM = 10  # days after which interest is paid
_ROUND = 100 * 100  # fen of a contract


@dataclass(frozen=True, slots=True)
class Desk:
    """A platform, the account that it lends through, and on which terms."""

    platform: int
    till: int
    rates: tuple[float, float]  # a year, of the loans
    booked: int  # what its custodian sees of a contract


@dataclass(frozen=True, slots=True)
class Loans:
    """One row a loan, but for the ``lenders``: all who took part."""

    bid: IntArray
    borrower: IntArray  # place among those who borrow
    fen: IntArray
    paid_out: IntArray
    interest: IntArray  # fen
    due: IntArray  # when the interest is paid
    lenders: IntArray


def lend(
    city: City, people: Population, desk: Desk, borrowers: IntArray, lenders: IntArray, days: range
) -> Loans:
    """One or two loans each, filled by four to eight lenders on one of the ``days``."""
    rng = city.rng
    borrower = np.repeat(np.arange(len(borrowers)), rng.integers(1, 3, len(borrowers)))
    count = len(borrower)
    opened = city.start + rng.integers(days.start, days.stop, count) * DAY
    opened = opened + rng.integers(9 * HOUR, 17 * HOUR, count)
    rate = rng.uniform(*desk.rates, count)
    loan = np.repeat(np.arange(count), rng.integers(4, 9, count))
    lender = rng.choice(lenders, len(loan))
    fen = (rng.lognormal(6.2, 1.0, len(loan)) * 100).astype(np.int64) // _ROUND * _ROUND + _ROUND
    at = opened[loan] + rng.integers(0, 20 * HOUR, len(loan))
    total = np.bincount(loan, fen).astype(np.int64)
    bid = city.market.bids.add(
        platform=desk.platform,
        person=borrowers[borrower],
        firm=NONE,
        fen=total,
        rate=(rate * 10_000).astype(np.int64),
        months=rng.choice([3, 6, 12], count),
        at=opened,
    )
    city.market.contracts.add(bid=bid[loan], lender=lender, fen=fen, at=at, booked=desk.booked)
    pay(city, people.account_of[lender], np.full(len(loan), desk.till), at, fen)
    due = opened + (_TERM + 1) * DAY
    part = (fen * rate[loan] * _TERM / 365).astype(np.int64)
    paid = due[loan] + rng.integers(0, 6 * HOUR, len(loan))
    pay(city, np.full(len(loan), desk.till), people.account_of[lender], paid, part)
    interest = np.bincount(loan, part).astype(np.int64)
    out = opened + rng.integers(21 * HOUR, 30 * HOUR, count)
    return Loans(bid, borrower, total, out, interest, due, np.unique(lender))
