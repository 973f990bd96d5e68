"""Who calls strangers: call behaviour from pair sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.joins import both_ways
from graphrisk_algorithms.kernels.pairs import edges_of


@dataclass(frozen=True, slots=True)
class Calls:
    """The CALLED pairs in eid order, and how many strangers each number calls."""

    eid: Int64Array
    caller: Int64Array
    callee: Int64Array
    first: Int64Array  # ms
    last: Int64Array  # ms
    count: Int64Array  # calls of each pair
    seconds: Int64Array  # of all of them
    stranger: BoolArray  # of each pair: called seldom and never called back
    long: BoolArray  # of each pair: such a one that talked for long
    strangers: Int64Array  # of each node: such pairs it is the caller of
    callees: Int64Array  # of each node: all pairs it is the caller of
    held: Int64Array  # of each node: long stranger pairs it is the caller of
    by_callee: Csr

    def span(self) -> int:
        """Time from the first to the last call, at least 1 ms."""
        return int(self.last.max() - self.first.min()) + 1 if len(self.eid) else 1


def calls_of(graph: RiskGraph, seldom: int, long_seconds: int) -> Calls:
    """Call pairs; a *stranger* pair has at most ``seldom`` calls and none back.

    It is *long* when the calls together lasted at least ``long_seconds``.
    """
    edges = edges_of(graph, "CALLED")
    count, seconds, first, last = (
        np.asarray(edges.columns.get(name, edges.eid), np.int64)
        for name in ("count", "seconds", "first", "last")
    )
    stranger = (count <= seldom) & ~both_ways(graph.n, edges.src, edges.dst)
    long = stranger & (seconds >= long_seconds)
    return Calls(
        eid=edges.eid,
        caller=edges.src,
        callee=edges.dst,
        first=first,
        last=last,
        count=count,
        seconds=seconds,
        stranger=stranger,
        long=long,
        strangers=np.bincount(edges.src[stranger], minlength=graph.n),
        callees=np.bincount(edges.src, minlength=graph.n),
        held=np.bincount(edges.src[long], minlength=graph.n),
        by_callee=build_csr(graph.n, edges.dst, edges.src),
    )
