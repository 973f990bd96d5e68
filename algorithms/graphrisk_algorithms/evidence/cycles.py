"""Money that comes back to where it began: one search for all who look for cycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.evidence.transfers import Transfers
from graphrisk_algorithms.graph import Int64Array


@dataclass(frozen=True, slots=True)
class CycleSearch:
    """How long a cycle may take and how far it is followed (``kernels.flow_kernels``)."""

    window: int  # ms, first to last transfer
    shortest: int  # hops
    longest: int
    keep: float  # of the first amount, at every hop
    branch: int  # continuations tried at an account
    each: int  # cycles kept of one first transfer
    limit: int  # cycles in all


@dataclass(frozen=True, slots=True)
class Cycles:
    """Cycles one after the other, as positions of transfers."""

    flat: Int64Array
    ends: Int64Array  # where each ends in ``flat``
    trials: Int64Array  # of each transfer: continuations tried, the chances it had to close


def cycles_of(transfers: Transfers, search: CycleSearch) -> Cycles:
    """Simple cycles in strictly rising time; at worst ``branch ** (longest - 1)`` steps each."""
    from graphrisk_algorithms.kernels.flow_kernels import cycle_walks

    flat, ends, trials = cycle_walks(
        transfers.by_payer.indptr,
        transfers.by_payer.positions.astype(np.int64),
        transfers.src,
        transfers.dst,
        transfers.at,
        transfers.amount,
        search.window,
        search.shortest,
        search.longest,
        search.keep,
        search.branch,
        search.each,
        search.limit,
    )
    return Cycles(flat, ends, trials)
