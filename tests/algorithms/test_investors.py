"""Referral trees and returns on deposits, each against the chance it is held to."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest

from graphrisk_algorithms.evidence.columns import source_of
from graphrisk_algorithms.evidence.investors import Referrals, referrals_of, returns_of
from graphrisk_algorithms.evidence.transfers import DAY as DAY_MS
from graphrisk_algorithms.evidence.transfers import transfers_of
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town


def _paid(share: float | None, lenders: int = 12) -> tuple[int, int, float, float]:
    """Deposits of a till and what comes back: a share of each, or any sum; the clue's figures."""
    rng, town = random.Random(6), Town()
    till = town.citizen()
    for number in range(lenders):
        lender = town.citizen()
        yuan = 100 * rng.randint(20, 900)
        back = yuan * (share if share is not None else rng.uniform(0.2, 1.5))
        town.pay(lender.account, till.account, yuan, START + number * HOUR)
        town.pay(till.account, lender.account, back, START + 10 * DAY + number * HOUR)
    transfers = transfers_of(town.graph())
    into, out = (np.flatnonzero(end == till.account) for end in (transfers.dst, transfers.src))
    found = returns_of(transfers, into, out)
    assert found is not None
    return found.payouts, found.regular, found.ratio, found.clue().surprise


def test_payouts_that_are_one_share_of_the_own_deposit_stand_out() -> None:
    payouts, regular, ratio, surprise = _paid(1.05)
    assert (payouts, regular) == (12, 12)
    assert ratio == pytest.approx(1.05, abs=0.01)
    assert surprise > 8.0


def test_payouts_of_any_sum_do_not() -> None:
    _, regular, _, surprise = _paid(None)
    assert regular <= 3
    assert surprise < 2.5


def test_who_never_paid_in_or_paid_in_later_gets_no_return() -> None:
    town = Town()
    till, early, other = town.citizen(), town.citizen(), town.citizen()
    town.pay(till.account, early.account, 500, START)
    town.pay(early.account, till.account, 500, START + DAY)
    town.pay(till.account, other.account, 500, START + 2 * DAY)
    transfers = transfers_of(town.graph())
    assert returns_of(transfers, np.array([1]), np.array([0, 2])) is None


def _tree(hours_before: float) -> Referrals:
    """Three promoters in a row bring four each, whom they called so long before; and much else."""
    rng, town = random.Random(2), Town()
    promoters = [town.citizen() for _ in range(3)]
    investors: list[Citizen] = []
    joined: list[int] = []
    for upper, lower in pairwise(promoters):
        town.call(upper.phone, lower.phone, START + DAY, 300)
    for promoter in promoters:
        for _ in range(4):
            investor, at = town.citizen(), START + rng.randrange(10, 25) * DAY
            town.call(promoter.phone, investor.phone, int(at - hours_before * HOUR), 300)
            investors.append(investor)
            joined.append(at)
    crowd = [town.citizen() for _ in range(20)]
    for day in range(30):
        town.call(rng.choice(crowd).phone, rng.choice(crowd).phone, START + day * DAY, 60)
    graph = town.graph()
    assert (source_of(graph, "OWNS_PHONE") >= 0).any()
    persons = np.array([one.person for one in investors])
    order = np.argsort(persons)
    return referrals_of(
        graph,
        np.array([one.person for one in promoters]),
        persons[order],
        np.array(joined)[order],
        DAY_MS,
    )


def test_a_tree_is_told_with_fan_and_depth() -> None:
    tree = _tree(5.0)
    assert (tree.brought, tree.investors, tree.promoters) == (12, 12, 3)
    assert (tree.fan, tree.depth) == (4, 3)
    assert tree.clue(700).surprise > 5.0
    assert tree.clue(700).values["amount"] == 700


def test_calls_long_before_or_after_the_first_deposit_bring_nobody() -> None:
    for hours in (5 * 24.0, -5.0):
        assert _tree(hours).brought == 0
        assert _tree(hours).clue(0).surprise == 0.0
