"""What is unusual about an account, from its transfers alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import NodeValues
from graphrisk_algorithms.evidence.cycles import CycleSearch, cycles_of
from graphrisk_algorithms.evidence.transfers import DAY, Transfers, transfers_of
from graphrisk_algorithms.evidence.unusual_pairs import unusual_pairs
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph


@dataclass(frozen=True, slots=True)
class AccountTraits:
    """How unlike chance the dealings of each account are: a sum of surprises (-log10 p).

    Traits: pairs with common partners (*closed*), paid both ways (*returned*), paid again and again
    (*repeated*), each against a graph of the same degrees; sums out of a payer's habit
    (*odd_sums*), against how far others leave theirs; money that comes back in rising time at
    about the same sum (*circular*), against random meetings by in-degree.
    Cannot see intent: families, firms and clubs deal like that as well. A ranking of where to look
    first; it names no ring. Cost: ties times their square root at worst, and the walks of
    ``cycle_walks`` with ``branch`` tried at an account.
    Source: typologies of AMLSim and AMLworld, arXiv 2306.16424; nulls: Newman 2010, chapter 13.
    """

    name: ClassVar[str] = "account_traits"
    window_days: float = 30.0  # of a cycle, first to last transfer
    shortest: int = 3  # hops, AMLworld: 3-10
    longest: int = 10
    keep: float = 0.8  # fees of 1-3 % a hop over ten hops
    branch: int = 50  # continuations tried at an account
    each: int = 20  # cycles kept of one first transfer
    limit: int = 100_000  # cycles

    def run(self, graph: RiskGraph) -> NodeValues:
        """Sum of all traits of each node; 0 for what is no account or has no transfer."""
        total = np.zeros(graph.n)
        for values in self.traits(transfers_of(graph)).values():
            total += values
        return NodeValues(total)

    def traits(self, transfers: Transfers) -> Mapping[str, Float64Array]:
        """Each trait by name: a surprise for each node."""
        pairs = unusual_pairs(transfers.n, transfers.src, transfers.dst)
        return {
            "closed": pairs.of_nodes(pairs.closed),
            "returned": pairs.of_nodes(pairs.returned),
            "repeated": pairs.of_nodes(pairs.repeated),
            "odd_sums": odd_sums(transfers),
            "circular": self._circular(transfers),
        }

    def _circular(self, transfers: Transfers) -> Float64Array:
        """Sum over the cycles an account is in of how seldom their first transfer would close."""
        found = np.zeros(transfers.n)
        if not len(transfers):
            return found
        search = CycleSearch(
            int(self.window_days * DAY),
            self.shortest,
            self.longest,
            self.keep,
            self.branch,
            self.each,
            self.limit,
        )
        cycles = cycles_of(transfers, search)
        flat, ends, trials = cycles.flat, cycles.ends, cycles.trials
        first = flat[np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: len(ends)]]
        met = np.diff(transfers.by_payee.indptr)[transfers.src[first]] / len(transfers)
        surprise = -np.log10(-np.expm1(-np.maximum(trials[first] * met, 1e-12)))
        hops = np.diff(ends, prepend=0)
        np.add.at(found, transfers.src[flat], np.repeat(surprise, hops))
        return found


def odd_sums(transfers: Transfers) -> Float64Array:
    """How far the sums that each account pays and gets lie outside their payers' habits.

    A payer's habit is the median of his sums; a surprise is -log10 of the share of all transfers
    that lie as far from theirs (as a ratio) or farther. Corrected for the transfers of an account,
    added up. Cost: ``m log m`` in transfers.
    """
    if not len(transfers):
        return np.zeros(transfers.n)
    away = np.abs(np.log(transfers.amount / _habits(transfers)[transfers.src]))
    # Ratios that differ in the fourteenth digit are the same habit.
    away = np.round(away, 9)
    ranked = np.sort(away)
    farther = len(away) - np.searchsorted(ranked, away, side="left")
    surprise = -np.log10(farther / len(away))
    ends = np.concatenate([transfers.src, transfers.dst])
    of = np.bincount(ends, minlength=transfers.n)
    twice = np.concatenate([surprise, surprise])
    beyond = np.maximum(twice - np.log10(np.maximum(of[ends], 1)), 0.0)
    return np.bincount(ends, beyond, transfers.n).astype(np.float64, copy=False)


def _habits(transfers: Transfers) -> Float64Array:
    """Median sum of each payer; 1 for who pays nobody."""
    order = np.lexsort((transfers.amount, transfers.src))
    amount = transfers.amount[order]
    count = np.bincount(transfers.src, minlength=transfers.n)
    begin = np.cumsum(count) - count
    payer: Int64Array = np.flatnonzero(count)
    low = amount[begin[payer] + (count[payer] - 1) // 2]
    high = amount[begin[payer] + count[payer] // 2]
    habit = np.ones(transfers.n)
    habit[payer] = (low + high) / 2.0
    return habit
