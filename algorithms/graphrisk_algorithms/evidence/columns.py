"""Properties of nodes and single states, by node number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.pairs import edges_of

#: Stands for a missing node in columns of node numbers.
NOBODY = -1


def nodes_of(graph: RiskGraph, kind: str) -> Int64Array:
    """The nids of a kind, ascending; none without the kind."""
    table = graph.nodes.get(kind)
    return np.empty(0, np.int64) if table is None else table.column("nid").to_numpy()


def node_numbers(graph: RiskGraph, kind: str, column: str, missing: int) -> Int64Array:
    """An integer property by nid; ``missing`` where null, for other kinds and without the kind."""
    values = np.full(graph.n, missing, np.int64)
    table = graph.nodes.get(kind)
    if table is not None:
        found = table.column(column)
        known = found.is_valid().to_numpy()
        nid = table.column("nid").to_numpy()[known]
        values[nid] = found.drop_null().to_numpy()
    return values


def node_texts(graph: RiskGraph, kind: str, column: str) -> list[str | None]:
    """A text property by nid; ``None`` where null and for other kinds."""
    values: list[str | None] = [None] * graph.n
    table = graph.nodes.get(kind)
    if table is not None:
        texts = table.column(column).cast(pa.string()).to_pylist()
        for nid, text in zip(table.column("nid").to_numpy().tolist(), texts, strict=True):
            values[nid] = text
    return values


def state_of(graph: RiskGraph, edge_kind: str) -> Int64Array:
    """Target of each node's edge of a kind (the smallest, where there are several), else -1."""
    edges = edges_of(graph, edge_kind)
    return graph.once(("target", edge_kind), lambda: _smallest(graph.n, edges.src, edges.dst))


def source_of(graph: RiskGraph, edge_kind: str) -> Int64Array:
    """Source of the edge of a kind into each node (the smallest of several), else -1."""
    edges = edges_of(graph, edge_kind)
    return graph.once(("source", edge_kind), lambda: _smallest(graph.n, edges.dst, edges.src))


def _smallest(n: int, of: Int64Array, values: Int64Array) -> Int64Array:
    none = np.iinfo(np.int64).max
    least = np.full(n, none, np.int64)
    np.minimum.at(least, of, values)
    least[least == none] = NOBODY
    return least
