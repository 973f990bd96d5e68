"""Layered quick pass-through: accounts that keep nothing of what they are sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.components import component_labels
from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.joins import groups_of
from graphrisk_algorithms.transfers import Links, Transfers


@dataclass(frozen=True, slots=True)
class Ladder:
    """Accounts that pass money on, joined by the money they pass; all arrays ascend."""

    mules: Int64Array  # accounts that passed on at least one transfer
    payers: Int64Array  # accounts that sent what was passed on, and are no mules
    ends: Int64Array  # accounts where the money stopped
    hops: Int64Array  # positions of the transfers passed on and of those that carried them
    passed: Int64Array  # positions of the transfers passed on
    received: Int64Array  # positions of all large transfers into the mules


def find_ladders(
    transfers: Transfers, links: Links, *, share: float, material: float, surprise: float
) -> tuple[list[Ladder], float]:
    """Ladders, and the share of large transfers that is passed on in the whole ledger.

    Mules that pay each other are one ladder (union-find).

    A transfer is *passed on* when it is among the largest (quantile ``material`` of amounts) and at
    least ``share`` of it left its receiver within the window of ``links`` through transfers that
    were themselves paid by at least ``share`` from such money. A *mule* passes on so many of the
    large transfers it gets that, at the ledger's rate, chance would do it less than once in
    ``10 ** surprise`` (binomial). Linear in links. Cannot see money that rests longer than the
    window.
    """
    if not len(transfers):
        return [], 1.0
    large = transfers.amount >= np.quantile(transfers.amount, material)
    tight = large[links.earlier] & (links.drained[links.earlier] >= share)
    tight &= links.carried[links.later] >= share
    passed = np.unique(links.earlier[tight])
    usual = len(passed) / max(int(large.sum()), 1)
    is_mule = _mules(transfers, large, passed, usual, surprise)
    tight &= is_mule[transfers.src[links.later]]
    earlier, later = links.earlier[tight], links.later[tight]
    inner = later[is_mule[transfers.dst[later]]]
    labels = component_labels(transfers.n, transfers.src[inner], transfers.dst[inner])
    ladders = [
        _ladder(transfers, large, np.unique(earlier[group]), np.unique(later[group]))
        for group in groups_of(labels[transfers.src[later]])
    ]
    return ladders, usual


def _mules(
    transfers: Transfers,
    large: BoolArray,
    passed: Int64Array,
    usual: float,
    surprise: float,
) -> BoolArray:
    from scipy import stats

    got = np.bincount(transfers.dst[large], minlength=transfers.n)
    gave = np.bincount(transfers.dst[passed], minlength=transfers.n)
    tail = stats.binom.logsf(gave - 1, got, usual) / -np.log(10.0)
    mules: BoolArray = (gave > 0) & (tail >= surprise)
    return mules


def _ladder(
    transfers: Transfers, large: BoolArray, passed: Int64Array, carriers: Int64Array
) -> Ladder:
    mules = np.unique(transfers.src[carriers])
    received = transfers.paid_to(mules)
    return Ladder(
        mules=mules,
        payers=np.setdiff1d(transfers.src[passed], mules),
        ends=np.setdiff1d(transfers.dst[carriers], mules),
        hops=np.union1d(passed, carriers),
        passed=passed,
        received=received[large[received]],
    )
