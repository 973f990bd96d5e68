"""Baselines against counts that a reader can check."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.quality.measures import pair_baselines


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=40))
def test_baselines_count_each_pair_once(edges: list[tuple[int, int]]) -> None:
    src, dst = (np.array(column) for column in zip(*edges, strict=True))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(8))
    graph.add_edges_from((a, b) for a, b in edges if a != b)
    found = pair_baselines(8, src, dst)
    assert found["degree"].tolist() == [graph.degree[node] for node in range(8)]
    assert found["triangles"].tolist() == [nx.triangles(graph, node) for node in range(8)]
