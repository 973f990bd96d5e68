"""Transfers in time order, and which money paid for which transfer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.joins import both_ways, distinct_pairs, entries_of
from graphrisk_algorithms.kernels.pairs import edges_of

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Transfers:
    """Transfers of positive amount between two accounts, sorted by time, then eid."""

    n: int
    eid: Int64Array
    src: Int64Array
    dst: Int64Array
    at: Int64Array
    amount: Int64Array
    by_payer: Csr  # positions of an account's transfers out, in time order
    by_payee: Csr  # and in

    def paid_by(self, accounts: Int64Array) -> Int64Array:
        """Positions of the transfers out of the accounts, by account, then time."""
        return entries_of(self.by_payer, accounts)[2]

    def paid_to(self, accounts: Int64Array) -> Int64Array:
        """Positions of the transfers into the accounts, by account, then time."""
        return entries_of(self.by_payee, accounts)[2]

    def __len__(self) -> int:
        return len(self.eid)


@dataclass(frozen=True, slots=True)
class Links:
    """Money of transfer ``earlier[i]`` that went on in ``later[i]`` (positions), in fen."""

    earlier: Int64Array
    later: Int64Array
    taken: Int64Array
    drained: Float64Array  # of each transfer: share that left its receiver within the window
    carried: Float64Array  # of each transfer: share that was paid from money come in just before

    def tight(self, transfers: Transfers, share: float, part: float) -> BoolArray:
        """Which links pass money on: ``share`` of it left again, in transfers paid from it.

        A link carries at least ``part`` of the earlier sum: lunch bought from it is no layer.
        """
        tight: BoolArray = self.drained[self.earlier] >= share
        tight &= self.carried[self.later] >= share
        tight &= self.taken >= part * transfers.amount[self.earlier]
        return tight


def transfers_of(graph: RiskGraph) -> Transfers:
    """The TRANSFERRED edges in time order, sorted once a graph; self-transfers and empty ones are
    left out.
    """
    return graph.once("transfers", lambda: _sorted(graph))


def links_of(graph: RiskGraph, window: int) -> Links:
    """``money_links`` of the graph's transfers, followed once a graph and window."""
    return graph.once(("links", window), lambda: money_links(transfers_of(graph), window))


def payers_of(transfers: Transfers) -> tuple[Int64Array, Int64Array]:
    """Of each account: how many others paid it, and how many of these it paid something itself.

    Cost: two sorts.
    """
    payer, payee = distinct_pairs(transfers.src, transfers.dst)
    mutual = payee[both_ways(transfers.n, payer, payee)]
    payers, repaid = (np.bincount(ends, minlength=transfers.n) for ends in (payee, mutual))
    return payers, repaid


def _sorted(graph: RiskGraph) -> Transfers:
    edges = edges_of(graph, "TRANSFERRED")
    at = np.asarray(edges.columns.get("at", edges.eid), np.int64)
    amount = np.asarray(edges.columns.get("amount", edges.eid), np.int64)
    proper = np.flatnonzero((edges.src != edges.dst) & (amount > 0))
    order = proper[np.lexsort((edges.eid[proper], at[proper]))]
    eid, src, dst = edges.eid[order], edges.src[order], edges.dst[order]
    # All entries of a row have the same neighbour, so the view keeps them in time order.
    same = np.zeros(len(order), np.int64)
    by_payer, by_payee = build_csr(graph.n, src, same), build_csr(graph.n, dst, same)
    return Transfers(graph.n, eid, src, dst, at[order], amount[order], by_payer, by_payee)


def money_links(transfers: Transfers, window: int) -> Links:
    """Follow money through accounts, last in first out, for at most ``window`` ms at each.

    Last-in-first-out is the reading under which money passes fastest: it shows that a quick
    pass-through is *possible*. Linear time in transfers.
    """
    from graphrisk_algorithms.kernels.flow_kernels import lifo_links

    earlier, later, taken = lifo_links(
        transfers.n, transfers.src, transfers.dst, transfers.at, transfers.amount, window
    )
    total = len(transfers)
    amount = np.maximum(transfers.amount, 1)
    drained = np.bincount(earlier, taken, total) / amount
    carried = np.bincount(later, taken, total) / amount
    return Links(earlier, later, taken, drained, carried)
