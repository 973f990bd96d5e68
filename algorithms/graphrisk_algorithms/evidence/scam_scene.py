"""The columns that a scam cell is read from, joined once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.evidence.calls import Calls
from graphrisk_algorithms.evidence.columns import NOBODY, node_numbers, source_of, state_of
from graphrisk_algorithms.evidence.transfers import Transfers
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.joins import entries_of
from graphrisk_algorithms.kernels.pairs import edges_of

_SAMPLE = 20_000  # transfers that tell how often a payer was called before by chance


@dataclass(frozen=True, slots=True)
class Approach:
    """Long calls of strangers to payers shortly before they paid: a row a (transfer, call)."""

    transfer: Int64Array  # position
    call: Int64Array  # position


@dataclass(frozen=True, slots=True)
class Scene:
    """Transfers and calls with the persons and devices behind them."""

    transfers: Transfers
    calls: Calls
    person: Int64Array  # owner of each phone, holder of each account, else -1
    device: Int64Array  # device of each phone or account, else -1
    is_listed: Int64Array  # 1 for phones on the scam list
    phones: Csr  # phones of each person
    users: Csr  # phones and accounts of each device

    @classmethod
    def of(cls, graph: RiskGraph, transfers: Transfers, calls: Calls) -> Scene:
        """Join the columns of ``graph``. Linear."""
        owns, uses = edges_of(graph, "OWNS_PHONE"), edges_of(graph, "USES_DEVICE")
        listed = node_numbers(graph, "Phone", "scam_listed_at", NOBODY)
        return cls(
            transfers=transfers,
            calls=calls,
            person=np.maximum(source_of(graph, "HOLDS"), source_of(graph, "OWNS_PHONE")),
            device=state_of(graph, "USES_DEVICE"),
            is_listed=(listed != NOBODY).astype(np.int64),
            phones=build_csr(graph.n, owns.src, owns.dst),
            users=build_csr(graph.n, uses.dst, uses.src),
        )

    def approaches(self, paid: Int64Array, window: int) -> Approach:
        """Long stranger calls to payers of the transfers ``paid``, at most ``window`` ms before.

        A pair's sum knows its first and last call only; calls between them are not seen.
        """
        person = self.person[self.transfers.src[paid]]
        known = np.flatnonzero(person != NOBODY)
        whose, phone, _ = entries_of(self.phones, person[known])
        to, _, call = entries_of(self.calls.by_callee, phone)
        transfer = paid[known[whose[to]]]
        near = np.zeros(len(call), np.bool_)
        for moment in (self.calls.first[call], self.calls.last[call]):
            waited = self.transfers.at[transfer] - moment
            near |= (waited >= 0) & (waited <= window)
        near &= self.calls.long[call]
        return Approach(transfer[near], call[near])

    def usual_approach(self, window: int) -> float:
        """Share of transfers whose payer a stranger had called; from an even sample in time."""
        step = max(len(self.transfers) // _SAMPLE, 1)
        sample = np.arange(0, len(self.transfers), step)
        called = np.unique(self.approaches(sample, window).transfer)
        return (len(called) + 1) / (len(sample) + 2)
