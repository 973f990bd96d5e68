"""Leiden behind the interface: known communities, determinism, quality."""

from __future__ import annotations

import networkx as nx
import numpy as np

from graphrisk_algorithms.algorithm import first_seen_labels
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_algorithms.leiden import Leiden


def _graph(peer: nx.Graph[int]) -> RiskGraph:
    pairs = np.array(list(peer.edges), np.int64)
    edges = EdgeColumns(np.arange(len(pairs)), pairs[:, 0].copy(), pairs[:, 1].copy(), {})
    return RiskGraph(n=len(peer), nodes={}, edges={"ASSOCIATED_WITH": edges})


def _cells(labels: Int64Array) -> list[set[int]]:
    return [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]


def test_the_karate_club_is_cut_as_well_as_published() -> None:
    peer = nx.karate_club_graph()
    labels = Leiden().run(_graph(peer)).labels
    # Best modularity of the unweighted club is 0.4198 (Brandes et al. 2008).
    assert nx.community.modularity(peer, _cells(labels), weight=None) > 0.415


def test_cliques_in_a_ring_are_the_communities() -> None:
    labels = Leiden().run(_graph(nx.ring_of_cliques(8, 6))).labels
    assert labels.tolist() == [node // 6 for node in range(48)]


def test_the_same_seed_gives_the_same_cells_and_each_is_connected() -> None:
    peer = nx.gnp_random_graph(200, 0.03, seed=1)
    labels = Leiden(seed=3).run(_graph(peer)).labels
    np.testing.assert_array_equal(labels, Leiden(seed=3).run(_graph(peer)).labels)
    assert all(nx.is_connected(peer.subgraph(cell)) for cell in _cells(labels))


def test_other_numbers_give_a_partition_of_about_the_same_quality() -> None:
    peer = nx.gnp_random_graph(200, 0.03, seed=1)
    order = np.random.default_rng(1).permutation(200)
    moved = nx.relabel_nodes(peer, dict(enumerate(order.tolist())))
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(range(200))
    ordered.add_edges_from(moved.edges)
    first = nx.community.modularity(peer, _cells(Leiden().run(_graph(peer)).labels))
    second = nx.community.modularity(ordered, _cells(Leiden().run(_graph(ordered)).labels))
    assert abs(first - second) < 0.02


def test_parallel_edges_weigh_more_but_a_self_loop_weighs_nothing() -> None:
    src = np.array([0, 0, 1, 2, 2, 3, 1, 1])
    dst = np.array([1, 1, 0, 3, 3, 2, 2, 1])
    edges = EdgeColumns(np.arange(8), src, dst, {})
    labels = Leiden().run(RiskGraph(n=4, nodes={}, edges={"CALLED": edges})).labels
    assert labels.tolist() == [0, 0, 1, 1]


def test_labels_are_numbered_by_first_node() -> None:
    assert first_seen_labels(np.array([9, 2, 9, 5])).tolist() == [0, 1, 0, 2]
