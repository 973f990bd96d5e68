"""Layered quick pass-through: accounts that keep nothing of what they are sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.transfers import (
    Links,
    Transfers,
    links_of,
    payers_of,
    transfers_of,
)
from graphrisk_algorithms.graph import Int64Array, RiskGraph

_SEVERAL = 5  # payers from which the share that is paid back says something


@dataclass(frozen=True, slots=True)
class Mules:
    """Who passes money on, and the transfers that show it (positions, ascending).

    ``passed`` came into a mule and left it at once; ``carriers`` took it away, to another mule or
    to where it stopped. ``usual`` is the share of large transfers passed on in the whole ledger.
    """

    is_mule: BoolArray  # of each node
    passed: Int64Array
    carriers: Int64Array
    large: BoolArray  # of each transfer
    usual: float


@dataclass(frozen=True, slots=True)
class Passing:
    """When money counts as passed on, and how often somebody has to do so (``find_mules``)."""

    share: float
    part: float
    material: float
    surprise: float
    returned: float


def mules_of(graph: RiskGraph, window: int, passing: Passing) -> Mules:
    """``find_mules`` in the graph's transfers, once a graph, window and manner of passing."""
    return graph.once(
        ("mules", window, passing),
        lambda: find_mules(transfers_of(graph), links_of(graph, window), passing),
    )


def find_mules(transfers: Transfers, links: Links, passing: Passing) -> Mules:
    """Accounts that pass on what they get, and those further down that pass on what these send.

    A transfer is *passed on* when at least ``share`` of it left its receiver within the window of
    ``links``, in transfers that were themselves paid by at least ``share`` from such money, and
    that each took at least ``part`` of it (lunch bought from it is no layer). A first mule passes
    on so many of the transfers it gets among the largest (quantile ``material`` of amounts) that,
    at the ledger's rate, chance would do it less than once in ``10 ** surprise`` (binomial).
    Whoever passes on what a mule sent is a mule, whatever the size. But who pays back to more than
    a share ``returned`` of those who paid him is a lender or a club, never a mule, whose payers
    do not see their money again. Linear in links, times layers.
    """
    large = transfers.amount >= np.quantile(transfers.amount, passing.material)
    tight = links.tight(transfers, passing.share, passing.part)
    tight &= ~_pays_back(transfers, passing.returned)[transfers.dst[links.earlier]]
    passed = np.zeros(len(transfers), np.bool_)
    passed[links.earlier[tight]] = True
    usual = float((passed & large).sum()) / max(int(large.sum()), 1)
    is_mule = _first_mules(transfers, large, passed, usual, passing.surprise)
    shown = is_mule[transfers.dst] & passed & large
    while True:
        carriers = np.zeros(len(transfers), np.bool_)
        carriers[links.later[tight & shown[links.earlier]]] = True
        further = carriers & passed & ~shown
        if not further.any():
            break
        shown |= further
    is_mule[transfers.dst[shown]] = True
    return Mules(is_mule, np.flatnonzero(shown), np.flatnonzero(carriers), large, usual)


def _pays_back(transfers: Transfers, returned: float) -> BoolArray:
    """Which accounts pay more than so large a share of several payers something back."""
    payers, repaid = payers_of(transfers)
    lender: BoolArray = (payers >= _SEVERAL) & (repaid > returned * payers)
    return lender


def _first_mules(
    transfers: Transfers, large: BoolArray, passed: BoolArray, usual: float, surprise: float
) -> BoolArray:
    from scipy import stats

    got = np.bincount(transfers.dst[large], minlength=transfers.n)
    gave = np.bincount(transfers.dst[large & passed], minlength=transfers.n)
    tail = stats.binom.logsf(gave - 1, got, usual) / -np.log(10.0)
    mules: BoolArray = (gave > 0) & (tail >= surprise)
    return mules
