"""Places for the nodes of a small graph, so that a ring can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrisk_algorithms.graph import Float64Array, Int64Array

if TYPE_CHECKING:
    import networkx as nx

_COMPONENT_GAP = 0.3


def positions(n: int, src: Int64Array, dst: Int64Array) -> Float64Array:
    """Places in the plane of nodes ``0 … n-1``, shape (n, 2); nothing in it is random.

    Each connected part is laid out by path lengths, starting from a circle (Kamada and Kawai
    1989, doi:10.1016/0020-0190(89)90102-6); the parts then stand in rows, the largest first.
    Cost: O(k² log k + k³) for a part of k nodes; meant for at most some hundred.
    """
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(src.tolist(), dst.tolist(), strict=True))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=_largest_first)
    places = np.zeros((n, 2))
    row_width = np.sqrt(max(n, 1))
    x = y = row_height = 0.0
    for part in parts:
        size = np.sqrt(len(part))
        if x > 0 and x + size > row_width:
            x, y, row_height = 0.0, y + row_height + _COMPONENT_GAP, 0.0
        places[part] = _part(graph.subgraph(part), part) * size + (x, y)
        x += size + _COMPONENT_GAP
        row_height = max(row_height, size)
    return places


def _largest_first(part: list[int]) -> tuple[int, int]:
    return -len(part), part[0]


def _part(graph: nx.Graph[int], nodes: list[int]) -> Float64Array:
    """Places of one connected part within the unit square."""
    import networkx as nx

    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted((min(edge), max(edge)) for edge in graph.edges))
    laid = nx.kamada_kawai_layout(ordered, pos=nx.circular_layout(ordered))
    places = np.array([laid[node] for node in nodes], dtype=np.float64)
    low, high = places.min(axis=0), places.max(axis=0)
    span = float((high - low).max())
    if span == 0.0:
        return np.full_like(places, 0.5)
    scaled: Float64Array = (places - low) / span
    return scaled
