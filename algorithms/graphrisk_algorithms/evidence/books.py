"""The books of lending platforms, and what the custodian and the banks saw of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Clue
from graphrisk_algorithms.evidence.columns import NOBODY, node_numbers, source_of, state_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.transfers import Transfers
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.joins import among
from graphrisk_algorithms.kernels.pairs import edges_of


@dataclass(frozen=True, slots=True)
class Books:
    """One row a contract between a lender and a platform."""

    platform: Int64Array
    bid: Int64Array
    contract: Int64Array
    lender: Int64Array
    seen: BoolArray  # by the custodian
    transfer: Int64Array  # position of the transfer that paid it in, else ``NOBODY``

    def platforms(self) -> list[int]:
        """Those with contracts that the custodian never saw."""
        return [int(one) for one in np.unique(self.platform[~self.seen])]

    def tills(self, transfers: Transfers, platform: int, least: int) -> Int64Array:
        """Accounts into which lenders paid at least so many of the platform's contracts."""
        paid = self.transfer[(self.platform == platform) & (self.transfer != NOBODY)]
        account, count = np.unique(transfers.dst[paid], return_counts=True)
        tills: Int64Array = account[count >= least]
        return tills

    def unbooked(self, rows: Int64Array) -> Clue:
        """How many of these contracts the custodian never saw, against the better platforms."""
        others = ~np.isin(self.platform, self.platform[rows])
        usual = better_half(self.platform[others], ~self.seen[others])
        missing = int((~self.seen[rows]).sum())
        values = {"missing": missing, "contracts": len(rows), "usual": round(usual, 4)}
        return Clue("unbooked", binomial_surprise(missing, len(rows), usual), values)


def better_half(owner: Int64Array, bad: BoolArray) -> float:
    """Share of bad rows among the owners with the fewest of them, by Laplace's estimate.

    Half of the owners may be rotten without spoiling what is usual.
    """
    names, place = np.unique(owner, return_inverse=True)
    total, spoilt = (np.bincount(place, weight, len(names)) for weight in (None, bad))
    order = np.argsort(spoilt / np.maximum(total, 1), kind="stable")[: -(-len(names) // 2)]
    return float((spoilt[order].sum() + 1) / (total[order].sum() + 2))


def books_of(graph: RiskGraph, transfers: Transfers, window: int) -> Books:
    """Join INVESTS_IN, PART_OF and SETTLED on the contract, once a graph; ``m log m``.

    A transfer pays a contract in when the lender's account sends the very sum within ``window`` ms
    of the signature; of several the first.
    """
    return graph.once(("books", window), lambda: _joined(graph, transfers, window))


def _joined(graph: RiskGraph, transfers: Transfers, window: int) -> Books:
    part, invests = state_of(graph, "PART_OF"), edges_of(graph, "INVESTS_IN")
    known = graph.nodes.get("Contract")
    contracts = np.empty(0, np.int64) if known is None else known.column("nid").to_numpy()
    row = np.flatnonzero(among(invests.dst, contracts) & (part[invests.dst] != NOBODY))
    row = row[part[part[invests.dst[row]]] != NOBODY]
    contract, lender = invests.dst[row], invests.src[row]
    settled = np.zeros(graph.n, np.bool_)
    settled[edges_of(graph, "SETTLED").dst] = True
    signed = node_numbers(graph, "Contract", "signed_at", 0) if len(row) else np.zeros(1, np.int64)
    amount = np.asarray(invests.columns.get("amount", invests.eid), np.int64)[row]
    transfer = _paid_in(graph, transfers, lender, amount, signed[contract], window)
    bid = part[contract]
    return Books(part[bid], bid, contract, lender, settled[contract], transfer)


def _paid_in(
    graph: RiskGraph,
    transfers: Transfers,
    lender: Int64Array,
    amount: Int64Array,
    signed: Int64Array,
    window: int,
) -> Int64Array:
    if not len(lender) or not len(transfers):
        return np.full(len(lender), NOBODY)
    lends = np.zeros(graph.n + 1, np.bool_)  # the last place stands for nobody
    lends[lender] = True
    payer = source_of(graph, "HOLDS")[transfers.src]
    theirs = np.flatnonzero(lends[payer])
    if not len(theirs):
        return np.full(len(lender), NOBODY)
    payer, at = payer[theirs], transfers.at[theirs]
    rows = np.column_stack([np.append(payer, lender), np.append(transfers.amount[theirs], amount)])
    same = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    low = min(int(at.min()), int(signed.min())) - window
    span = max(int(at.max()), int(signed.max())) - low + window + 1
    moment = same * span + np.append(at, signed - window) - low
    order = np.argsort(moment[: len(payer)], kind="stable")
    found = np.searchsorted(moment[order], moment[len(payer) :])
    there = order[np.minimum(found, len(order) - 1)]
    met = (found < len(order)) & (moment[there] <= moment[len(payer) :] + 2 * window)
    return np.where(met, theirs[there], NOBODY)
