"""What rules ask of the graph, answered from a snapshot's columns: one look-up an event.

Each answer is an array over all nodes, made when it is first asked for. The graph is as the
snapshot saw it; only ``met`` looks at the moment of the event.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.rules.batch import stranger
from graphrisk.analysis.rules.model import FAR, MOST_HOPS, Degree, Hops, Met, NodeList, Sharing
from graphrisk.store.contract import Int64Array
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

BoolArray = npt.NDArray[np.bool_]
Float64Array = npt.NDArray[np.float64]
V = TypeVar("V")
N = TypeVar("N", bound=np.generic)
#: Ties by which somebody is near to one of a list.
TIES = ("CALLED", "HOLDS", "OWNS_PHONE", "TRANSFERRED", "USES_DEVICE")


class GraphFacts:
    """The graph as rules see it.

    Args:
        graph: Columns of a snapshot.
        scores: Risk score of each node, by nid; shorter where later nodes have none.
    """

    def __init__(self, graph: RiskGraph, scores: Float64Array | None = None) -> None:
        self._graph = graph
        self._scores = np.empty(0) if scores is None else scores
        self._made: dict[object, object] = {}

    def behind(self, edge_kind: str, nids: Int64Array) -> Int64Array:
        """Who holds each node by an edge of a kind, the first known; else the node itself."""
        return self._look(
            nids, self._kept(("behind", edge_kind), lambda: self._holders(edge_kind)), nids
        )

    def degree(self, asked: Degree, nids: Int64Array) -> Float64Array:
        """How many edges of a kind each node has."""
        key = (asked.edge_kind, asked.direction)
        return self._number(nids, self._kept(key, lambda: self._degrees(asked)))

    def sharing(self, asked: Sharing, nids: Int64Array) -> Float64Array:
        """How many others of its kind are at the same things as each node."""
        key = ("sharing", asked.edge_kind)
        return self._number(nids, self._kept(key, lambda: self._shared(asked.edge_kind)))

    def hops(self, asked: Hops, nids: Int64Array) -> Float64Array:
        """Steps from each node to the nearest of a list; ``FAR`` beyond ``MOST_HOPS``."""
        steps = self._kept(("hops", asked.to), lambda: self._steps(asked.to))
        found = self._look(nids, steps, np.int8(FAR))
        found[self.listed(asked.to, nids)] = 0
        told: Float64Array = found.astype(np.float64)
        return told

    def score(self, nids: Int64Array) -> Float64Array:
        """Risk score of each node; 0 where nothing speaks against it."""
        return self._look(nids, self._scores, np.float64(0))

    def listed(self, nodes: NodeList, nids: Int64Array) -> BoolArray:
        """Which nodes are on a list."""
        found = self._look(nids, self._kept(("list", nodes), lambda: self._flags(nodes)), np.False_)
        if (nids < 0).any():
            found |= np.isin(nids, self._kept(("members", nodes), lambda: self._members(nodes)))
        return found

    def met(self, asked: Met, one: Int64Array, other: Int64Array, at: Int64Array) -> Float64Array:
        """1 where an edge tied two nodes before a moment, whichever way."""
        low, high = np.minimum(one, other), np.maximum(one, other)
        pairs, first = self._kept(("met", asked.edge_kind), lambda: self._pairs(asked.edge_kind))
        wanted = (low << 31) | high
        place = np.minimum(np.searchsorted(pairs, wanted), max(len(pairs) - 1, 0))
        if not len(pairs):
            return np.zeros(len(one))
        known = (low >= 0) & (pairs[place] == wanted) & (first[place] < at)
        return np.where(known, 1.0, 0.0)

    def _holders(self, edge_kind: str) -> Int64Array:
        edges, holders = self._edges(edge_kind), np.arange(self._graph.n)
        # Backwards: of several holders the one whose edge came first stays.
        holders[edges.dst[::-1]] = edges.src[::-1]
        return holders

    def _degrees(self, asked: Degree) -> Int64Array:
        edges, n = self._edges(asked.edge_kind), self._graph.n
        found = np.zeros(n, np.int64)
        if asked.direction in ("out", "both"):
            found += np.bincount(edges.src, minlength=n)
        if asked.direction in ("in", "both"):
            found += np.bincount(edges.dst, minlength=n)
        return found

    def _shared(self, edge_kind: str) -> Int64Array:
        edges, n = self._edges(edge_kind), self._graph.n
        kinds = np.zeros(n, np.int64)
        for place, table in enumerate(self._graph.nodes.values()):
            kinds[table.column("nid").to_numpy()] = place
        pairs = np.unique((edges.src << 31) | edges.dst)
        src, dst = pairs >> 31, pairs & ((1 << 31) - 1)
        _, at, count = np.unique(
            dst * len(self._graph.nodes) + kinds[src], return_inverse=True, return_counts=True
        )
        return np.bincount(src, weights=count[at] - 1, minlength=n).astype(np.int64)

    def _steps(self, nodes: NodeList) -> npt.NDArray[np.int8]:
        steps = np.full(self._graph.n, FAR, np.int8)
        members = self._members(nodes)
        steps[members[members >= 0]] = 0
        for step in range(1, MOST_HOPS + 1):
            for kind in TIES:
                edges = self._edges(kind)
                for begin, end in ((edges.src, edges.dst), (edges.dst, edges.src)):
                    reached = end[steps[begin] == step - 1]
                    steps[reached] = np.minimum(steps[reached], step)
        return steps

    def _flags(self, nodes: NodeList) -> BoolArray:
        members, flags = self._members(nodes), np.zeros(self._graph.n, np.bool_)
        flags[members[members >= 0]] = True
        return flags

    def _members(self, nodes: NodeList) -> Int64Array:
        table = self._graph.nodes.get(nodes.kind)
        if table is None:
            return np.array([stranger(nodes.kind, key) for key in nodes.keys], np.int64)
        nids = table.column("nid").to_numpy()
        if nodes.having is not None:
            there = table.column(nodes.having).is_valid().to_numpy(zero_copy_only=False)
            found: Int64Array = nids[there]
            return found
        known = dict(zip(table.column("key").to_pylist(), nids.tolist(), strict=True))
        return np.array([known.get(k, stranger(nodes.kind, k)) for k in nodes.keys], np.int64)

    def _pairs(self, edge_kind: str) -> tuple[Int64Array, Int64Array]:
        """Each pair once, the smaller nid first, with the first moment that it was tied."""
        edges = self._edges(edge_kind)
        time = edges.columns.get("first", edges.columns.get("at"))
        first = np.zeros(0, np.int64) if time is None else time.astype(np.int64)
        low, high = np.minimum(edges.src, edges.dst), np.maximum(edges.src, edges.dst)
        both = (low << 31) | high
        order = np.lexsort((first, both))
        pairs, begin = np.unique(both[order], return_index=True)
        return pairs, first[order][begin]

    def _edges(self, kind: str) -> EdgeColumns:
        nothing = np.empty(0, np.int64)
        return self._graph.edges.get(kind, EdgeColumns(nothing, nothing, nothing, {}))

    def _number(self, nids: Int64Array, column: Int64Array) -> Float64Array:
        told: Float64Array = self._look(nids, column, np.int64(0)).astype(np.float64)
        return told

    def _look(
        self, nids: Int64Array, column: npt.NDArray[N], otherwise: npt.NDArray[N] | N
    ) -> npt.NDArray[N]:
        """The column's value of each node it knows."""
        known = (nids >= 0) & (nids < len(column))
        if known.all():
            return column[nids]
        found = np.empty(len(nids), column.dtype)
        found[:] = otherwise
        found[known] = column[nids[known]]
        return found

    def _kept(self, key: object, make: Callable[[], V]) -> V:
        if key not in self._made:
            self._made[key] = make()
        made: V = self._made[key]  # type: ignore[assignment]  # kept under the key of its kind
        return made
