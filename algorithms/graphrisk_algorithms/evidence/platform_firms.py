"""Who stands behind a platform: its firms, their heads and owners, and the borrowers' accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.transfers import Transfers
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.pairs import edges_of


@dataclass(frozen=True, slots=True)
class Backers:
    """The firms that run a platform or borrow there, and the persons who head or own them."""

    firms: Int64Array
    persons: Int64Array

    @classmethod
    def of(cls, graph: RiskGraph, platform: int, bids: Int64Array) -> Backers:
        """Those of the platform and of its ``bids``. Linear in edges."""
        operates, borrowed = edges_of(graph, "OPERATES"), edges_of(graph, "BORROWED")
        run = operates.src[operates.dst == platform]
        person = node_mask(graph, "Person")
        takers = borrowed.src[np.isin(borrowed.dst, bids) & ~person[borrowed.src]]
        # Others lend to honest firms too: only where the operator itself borrows are they one hand.
        firms = np.union1d(run, takers) if np.isin(run, takers).any() else np.unique(run)
        heads, owners = edges_of(graph, "LEGAL_REP_OF"), edges_of(graph, "INVESTS_IN")
        persons = [edges.src[np.isin(edges.dst, firms)] for edges in (heads, owners)]
        return cls(firms, np.unique(np.concatenate(persons)))


def node_mask(graph: RiskGraph, kind: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which nodes are of the kind."""
    mask = np.zeros(graph.n, np.bool_)
    table = graph.nodes.get(kind)
    if table is not None:
        mask[table.column("nid").to_numpy()] = True
    return mask


def exchanging(
    graph: RiskGraph, transfers: Transfers, persons: Int64Array, others: Int64Array
) -> Int64Array:
    """Accounts that the persons hold and that pay, or are paid by, the ``others``."""
    ends = [
        transfers.dst[transfers.paid_by(others)],
        transfers.src[transfers.paid_to(others)],
        others,
    ]
    account = np.unique(np.concatenate(ends))
    holder = source_of(graph, "HOLDS")[account]
    mine: Int64Array = account[(holder != NOBODY) & np.isin(holder, persons)]
    return mine
