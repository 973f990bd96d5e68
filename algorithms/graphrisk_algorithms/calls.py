"""Who calls strangers: call behaviour from pair sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.csr import Csr, build_csr
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.pairs import edges_of


@dataclass(frozen=True, slots=True)
class Calls:
    """The CALLED pairs in eid order, and what they say about each number."""

    eid: Int64Array
    caller: Int64Array
    callee: Int64Array
    first: Int64Array  # ms
    last: Int64Array  # ms
    stranger: BoolArray  # of each pair: called seldom and never called back
    surprise: Float64Array  # of each node: -log10 chance of so many strangers among its callees
    by_callee: Csr


def calls_of(graph: RiskGraph, seldom: int) -> Calls:
    """Call pairs, a *stranger* pair being one with at most ``seldom`` calls and none back.

    Null: each callee of a number is a stranger as often as in the whole city (binomial); numbers
    with many callees need a far higher share. Linear in pairs.
    """
    edges = edges_of(graph, "CALLED")
    count = np.asarray(edges.columns.get("count", edges.eid), np.int64)
    first = np.asarray(edges.columns.get("first", edges.eid), np.int64)
    last = np.asarray(edges.columns.get("last", edges.eid), np.int64)
    forth, back = edges.src * graph.n + edges.dst, edges.dst * graph.n + edges.src
    stranger = (count <= seldom) & ~np.isin(forth, back)
    return Calls(
        eid=edges.eid,
        caller=edges.src,
        callee=edges.dst,
        first=first,
        last=last,
        stranger=stranger,
        surprise=_stranger_surprise(graph.n, edges.src, stranger),
        by_callee=build_csr(graph.n, edges.dst, edges.src),
    )


def _stranger_surprise(n: int, caller: Int64Array, stranger: BoolArray) -> Float64Array:
    from scipy import stats

    callees = np.bincount(caller, minlength=n)
    strangers = np.bincount(caller, stranger, n)
    surprise = np.zeros(n)
    active = callees > 0
    usual = float(stranger.mean()) if len(stranger) else 1.0
    tail = stats.binom.logsf(strangers[active] - 1, callees[active], usual)
    surprise[active] = np.maximum(-tail / np.log(10.0), 0.0)
    return surprise
