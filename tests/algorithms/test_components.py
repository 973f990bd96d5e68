"""Connected components against scipy and networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphrisk_algorithms.algorithm import first_seen_labels
from graphrisk_algorithms.components import Components, component_labels
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

_PAIRS = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60)


@settings(deadline=None)
@given(_PAIRS)
def test_components_are_those_of_scipy_and_networkx(pairs: list[tuple[int, int]]) -> None:
    src, dst = np.array(pairs, np.int64).reshape(-1, 2).T
    labels = component_labels(30, src, dst)
    matrix = coo_array((np.ones(len(src)), (src, dst)), shape=(30, 30))
    peer = connected_components(matrix, directed=False)[1].astype(np.int64)
    np.testing.assert_array_equal(first_seen_labels(labels), first_seen_labels(peer))
    cells = {frozenset(np.flatnonzero(labels == label).tolist()) for label in labels}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(30))
    graph.add_edges_from(pairs)
    assert cells == {frozenset(cell) for cell in nx.connected_components(graph)}


def test_a_label_is_the_smallest_node_of_the_component() -> None:
    labels = component_labels(6, np.array([5, 4, 1]), np.array([4, 3, 2]))
    assert labels.tolist() == [0, 1, 1, 3, 3, 3]


def test_a_million_edges_in_a_line_do_not_overflow_the_stack() -> None:
    nodes = np.arange(1_000_001)
    assert component_labels(len(nodes), nodes[1:], nodes[:-1]).max() == 0


def test_only_the_named_kinds_join() -> None:
    def edge(eid: int, src: int, dst: int) -> EdgeColumns:
        return EdgeColumns(np.array([eid]), np.array([src]), np.array([dst]), {})

    graph = RiskGraph(n=3, nodes={}, edges={"A": edge(0, 0, 1), "B": edge(1, 1, 2)})
    assert Components().run(graph).labels.tolist() == [0, 0, 0]
    assert Components(edge_kinds=("A",)).run(graph).labels.tolist() == [0, 0, 1]
