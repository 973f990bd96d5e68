"""Connected components against scipy and networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphrisk_algorithms.algorithm import first_seen_labels
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_algorithms.kernels import components
from graphrisk_algorithms.kernels.components import (
    Components,
    Ends,
    component_labels,
    updated_labels,
)

Pairs = list[tuple[int, int]]
_PAIRS = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60)
_EARLIER = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=20)


@settings(deadline=None)
@given(_PAIRS)
def test_components_are_those_of_scipy_and_networkx(pairs: Pairs) -> None:
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


@settings(deadline=None)
@given(stay=_EARLIER, gone=_EARLIER, come=_PAIRS)
def test_labels_brought_up_to_date_are_those_of_all_edges(
    stay: Pairs, gone: Pairs, come: Pairs
) -> None:
    """Five nodes came as well."""
    before = component_labels(25, *_ends(stay + gone))
    now = _ends(stay + come)
    found = updated_labels(before, 30, now, _ends(come), _ends(gone))
    np.testing.assert_array_equal(found, component_labels(30, *now))


def _ends(pairs: Pairs) -> Ends:
    src, dst = np.array(pairs, np.int64).reshape(-1, 2).T
    return src, dst


def test_only_what_lost_an_edge_is_joined_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = []
    join = components._join

    def told(parent: Int64Array, src: Int64Array, dst: Int64Array) -> None:
        joined.append(len(src))
        join(parent, src, dst)

    monkeypatch.setattr(components, "_join", told)
    nothing = _ends([])
    pairs = [(0, 1), (1, 2), (5, 6), (6, 7), (7, 5)]
    labels = component_labels(8, *_ends(pairs))
    joined.clear()
    left = _ends(pairs[1:])
    assert updated_labels(labels, 8, left, nothing, _ends(pairs[:1])).tolist()[:3] == [0, 1, 1]
    assert joined == [1, 0]


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
