"""Measures of nodes against networkx, and against what is plain to see."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.cohesion import Clustering, CoreNumbers
from graphrisk_algorithms.kernels.pagerank import PageRank

N = 14
Pairs = list[tuple[int, int]]
PAIRS = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=60)


def graph_of(pairs: Pairs, n: int = N) -> RiskGraph:
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    edges = EdgeColumns(np.arange(len(ends)), ends[:, 0].copy(), ends[:, 1].copy(), {})
    return RiskGraph(n=n, nodes={}, edges={"CALLED": edges})


def _undirected(pairs: Pairs) -> nx.Graph[int]:
    peer: nx.Graph[int] = nx.Graph()
    peer.add_nodes_from(range(N))
    peer.add_edges_from((a, b) for a, b in pairs if a != b)
    return peer


@settings(deadline=None)
@given(PAIRS)
def test_cores_and_clustering_are_those_of_networkx(pairs: Pairs) -> None:
    peer = _undirected(pairs)
    cores = CoreNumbers().run(graph_of(pairs)).values
    np.testing.assert_array_equal(cores, [nx.core_number(peer)[node] for node in range(N)])
    clustering = Clustering().run(graph_of(pairs)).values
    expected = np.array([nx.clustering(peer, node) for node in range(N)], np.float64)
    np.testing.assert_allclose(clustering, expected)


@settings(deadline=None)
@given(pairs=PAIRS, seeds=st.sets(st.integers(0, N - 1), max_size=3))
def test_ranks_are_those_of_networkx(pairs: Pairs, seeds: set[int]) -> None:
    peer: nx.DiGraph[int] = nx.DiGraph()
    peer.add_nodes_from(range(N))
    for pair in set(pairs):
        peer.add_edge(*pair, weight=np.log2(1.0 + pairs.count(pair)))
    begin = dict.fromkeys(seeds, 1.0) or None
    expected = nx.pagerank(peer, personalization=begin, tol=1e-12, max_iter=1_000)
    ranks = PageRank(seeds=tuple(sorted(seeds))).run(graph_of(pairs)).values
    np.testing.assert_allclose(ranks, [expected[node] for node in range(N)], atol=1e-7)
    assert ranks.sum() == pytest.approx(1.0)


def test_rank_flows_along_the_edges_only() -> None:
    chain = graph_of([(0, 1), (1, 2)], 4)
    near = PageRank(seeds=(0,)).run(chain).values
    assert near[0] > near[1] > near[2] > near[3] == 0.0
    back = PageRank(seeds=(2,)).run(chain).values
    assert back.tolist() == [0.0, 0.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="a seed is none of the 4 nodes"):
        PageRank(seeds=(4,)).run(chain)
