"""Mules: who passes on what he gets, down the layers."""

from __future__ import annotations

import random

import numpy as np

from graphrisk_algorithms.evidence.ladders import Mules, Passing, find_mules
from graphrisk_algorithms.evidence.transfers import Transfers, money_links
from tests.algorithms.test_transfers import Row, ledger


def _mules(transfers: Transfers, window: int = 10) -> Mules:
    links = money_links(transfers, window)
    passing = Passing(share=0.9, part=0.03, material=0.5, surprise=1.0, returned=0.2)
    return find_mules(transfers, links, passing)


def _savers(count: int, first: int = 20) -> list[Row]:
    """Ordinary transfers whose receivers keep the money; all large."""
    rng = random.Random(1)
    return [
        (first + rng.randrange(20), first + 20 + rng.randrange(20), 1_000 + 50 * n, 1_000)
        for n in range(count)
    ]


def test_two_layers_behind_a_victim_are_mules_and_the_end_is_not() -> None:
    rows = [(0, 1, 0, 1_000), (1, 2, 2, 500), (1, 3, 3, 480), (2, 4, 4, 495), (3, 4, 5, 470)]
    mules = _mules(ledger([*rows, *_savers(40)], n=60))
    assert np.flatnonzero(mules.is_mule).tolist() == [1, 2, 3]
    assert mules.passed.tolist() == [0, 1, 2]
    assert mules.carriers.tolist() == [1, 2, 3, 4]


def test_lunch_bought_from_passing_money_makes_the_cook_no_part_of_the_ladder() -> None:
    rows = [(0, 1, 0, 1_000), (1, 9, 1, 10), (1, 2, 2, 970)]
    mules = _mules(ledger([*rows, *_savers(40)], n=60))
    assert mules.is_mule[1]
    assert 9 not in mules.carriers
    transfers = ledger([*rows, *_savers(40)], n=60)
    assert 9 not in transfers.dst[mules.carriers]


def test_money_that_rests_longer_than_the_window_shows_no_mule() -> None:
    rows = [(0, 1, 0, 1_000), (1, 2, 20, 980)]
    assert not _mules(ledger([*rows, *_savers(40)], n=60), window=10).is_mule.any()


def test_who_passes_on_one_of_many_sums_is_no_mule() -> None:
    salary = [(0, 1, 100 * month, 1_000) for month in range(12)]
    rows = [*salary, (1, 2, 101, 980)]
    passing = [(5, 6, 5_000 + 100 * n, 1_000) for n in range(6)]
    passed = [(6, 7, 5_001 + 100 * n, 990) for n in range(6)]
    mules = _mules(ledger([*rows, *passing, *passed, *_savers(40)], n=60))
    assert np.flatnonzero(mules.is_mule).tolist() == [6]


def test_who_pays_something_back_to_his_payers_is_a_lender_and_no_mule() -> None:
    rows = [(payer, 8, 20 * payer, 1_000) for payer in range(6)]
    rows += [(8, 9, 20 * payer + 2, 980) for payer in range(6)]
    assert _mules(ledger([*rows, *_savers(40)], n=60)).is_mule[8]
    interest = [(8, payer, 500 + payer, 30) for payer in range(2)]
    assert not _mules(ledger([*rows, *interest, *_savers(40)], n=60)).is_mule[8]
    assert _mules(ledger([*rows, *interest[:1], *_savers(40)], n=60)).is_mule[8], "one is a gift"
