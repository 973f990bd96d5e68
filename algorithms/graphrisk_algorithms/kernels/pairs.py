"""From the typed graph to one weighted graph of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphrisk_algorithms.graph import EdgeColumns, Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr


def edges_of(graph: RiskGraph, edge_kind: str) -> EdgeColumns:
    """The edges of a kind; a graph without the kind has none of them."""
    found = graph.edges.get(edge_kind)
    if found is not None:
        return found
    nothing = np.empty(0, np.int64)
    return EdgeColumns(eid=nothing, src=nothing, dst=nothing, columns={})


def all_ends(graph: RiskGraph, edge_kinds: Sequence[str] = ()) -> tuple[Int64Array, Int64Array]:
    """Start and end of every edge of the kinds (none named: all kinds, in name order)."""
    kinds = [edges_of(graph, kind) for kind in edge_kinds or sorted(graph.edges)]
    nothing = [np.empty(0, np.int64)]
    src = np.concatenate(nothing + [kind.src for kind in kinds])
    return src, np.concatenate(nothing + [kind.dst for kind in kinds])


def eids_among(graph: RiskGraph, edge_kinds: Sequence[str], members: Int64Array) -> Int64Array:
    """Edges of the kinds whose two ends are both ``members``, ascending."""
    is_member = np.zeros(graph.n, np.bool_)
    is_member[members] = True
    every = [edges_of(graph, kind) for kind in edge_kinds]
    return np.sort(
        np.concatenate([edges.eid[is_member[edges.src] & is_member[edges.dst]] for edges in every])
    )


def counted_pairs(graph: RiskGraph, edge_kinds: Sequence[str] = ()) -> Csr:
    """Undirected pairs of the kinds (none named: all) without self-loops, weighted by the number of
    events: an edge that sums up many (its column ``count``) counts as many.
    """
    kinds = [edges_of(graph, kind) for kind in edge_kinds or sorted(graph.edges)]
    src, dst = all_ends(graph, edge_kinds)
    counts = np.concatenate([np.empty(0), *map(_events, kinds)])
    proper = src != dst
    return build_csr(graph.n, src[proper], dst[proper], counts[proper], symmetric=True, merge=True)


def balanced_pairs(graph: RiskGraph, edge_kinds: Sequence[str] = ()) -> Csr:
    """Undirected pairs of the kinds (none named: all), each weighed against all ties of its ends.

    A pair of one kind weighs ``w / sqrt(s t)``: ``w`` is ``log2(1 + number of events)``, ``s`` and
    ``t`` are the sums of these at its ends; the kinds of a pair are added up. So the one handset of
    two phones ties them closely, and a call from a switchboard to one of thousands hardly at all.
    Cost: a view of each kind, one after the other, and one of all pairs.
    Source: the normalised adjacency of Shi and Malik 2000, doi:10.1109/34.868688, kind by kind.
    """
    ends: list[tuple[Int64Array, Int64Array, Float64Array]] = []
    for kind in edge_kinds or sorted(graph.edges):
        view = counted_pairs(graph, (kind,))
        rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
        weights = np.log2(1.0 + view.weights)
        strength = np.bincount(rows, weights, view.n)
        once = rows < view.indices
        src, dst = rows[once], view.indices[once].astype(np.int64)
        ends.append((src, dst, weights[once] / np.sqrt(strength[src] * strength[dst])))
    if not ends:
        return counted_pairs(graph)
    src, dst, weight = (np.concatenate(columns) for columns in zip(*ends, strict=True))
    return build_csr(graph.n, src, dst, weight, symmetric=True, merge=True)


def _events(edges: EdgeColumns) -> Float64Array:
    counts = edges.columns.get("count")
    return np.ones(len(edges)) if counts is None else counts.astype(np.float64)


def pair_graph(graph: RiskGraph, edge_kinds: Sequence[str] = ()) -> Csr:
    """Undirected pairs without self-loops, weighted ``log2(1 + number of edges)``.

    The logarithm keeps a pair with a thousand calls from outweighing a thousand relations.
    """
    src, dst = all_ends(graph, edge_kinds)
    proper = src != dst
    view = build_csr(graph.n, src[proper], dst[proper], symmetric=True, merge=True)
    weights: Float64Array = np.log2(1.0 + view.weights)
    return Csr(view.indptr, view.indices, weights, view.positions)
