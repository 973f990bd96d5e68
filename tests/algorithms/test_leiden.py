"""Leiden against a slow reference, against igraph, and against what is known."""

from __future__ import annotations

import dataclasses
from typing import Literal

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphrisk_algorithms.algorithm import first_seen_labels
from graphrisk_algorithms.graph import EdgeColumns, Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.leiden_igraph import LeidenIgraph

Objective = Literal["modularity", "cpm"]
BOTH = pytest.mark.parametrize("kind", [Leiden, LeidenIgraph])
OBJECTIVES = pytest.mark.parametrize("objective", ["modularity", "cpm"])


def _graph(peer: nx.Graph[int]) -> RiskGraph:
    pairs = np.array(list(peer.edges), np.int64)
    edges = EdgeColumns(np.arange(len(pairs)), pairs[:, 0].copy(), pairs[:, 1].copy(), {})
    return RiskGraph(n=len(peer), nodes={}, edges={"ASSOCIATED_WITH": edges})


def _cells(labels: Int64Array) -> list[set[int]]:
    return [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]


def _matrix(view: Csr) -> Float64Array:
    dense = np.zeros((view.n, view.n))
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    dense[rows, view.indices] = view.weights
    np.fill_diagonal(dense, 0.0)
    return dense


def _worth(
    dense: Float64Array, labels: Int64Array, objective: Objective, resolution: float
) -> float:
    """Quality of a partition by its definition, pair by pair; of modularity times the weight."""
    mass = dense.sum(axis=0) if objective == "modularity" else np.ones(len(dense))
    expected = resolution * np.outer(mass, mass)
    if objective == "modularity":
        expected /= dense.sum() or 1.0
    np.fill_diagonal(expected, 0.0)
    return float((dense - expected)[labels[:, None] == labels].sum() / 2)


def _planted(seed: int, cells: int = 60, size: int = 40) -> Csr:
    """Weighted ties, four in five inside a planted cell."""
    rng = np.random.default_rng(seed)
    n = cells * size
    src = rng.integers(0, n, 8 * n)
    inside = rng.random(len(src)) < 0.8
    dst = np.where(
        inside, src - src % size + rng.integers(0, size, len(src)), rng.integers(0, n, len(src))
    )
    return build_csr(n, src, dst, rng.random(len(src)) + 0.5, symmetric=True, merge=True)


@BOTH
def test_the_karate_club_is_cut_as_well_as_published(kind: type[Leiden | LeidenIgraph]) -> None:
    peer = nx.karate_club_graph()
    labels = kind().run(_graph(peer)).labels
    # Best modularity of the unweighted club is 0.4198 (Brandes et al. 2008).
    assert nx.community.modularity(peer, _cells(labels), weight=None) > 0.415


@BOTH
def test_cliques_in_a_ring_are_the_communities(kind: type[Leiden | LeidenIgraph]) -> None:
    labels = kind().run(_graph(nx.ring_of_cliques(8, 6))).labels
    assert labels.tolist() == [node // 6 for node in range(48)]


@BOTH
def test_the_same_seed_gives_the_same_cells_and_each_is_connected(
    kind: type[Leiden | LeidenIgraph],
) -> None:
    peer = nx.gnp_random_graph(200, 0.03, seed=1)
    labels = kind(seed=3).run(_graph(peer)).labels
    np.testing.assert_array_equal(labels, kind(seed=3).run(_graph(peer)).labels)
    assert all(nx.is_connected(peer.subgraph(cell)) for cell in _cells(labels))


@BOTH
def test_other_numbers_give_a_partition_of_about_the_same_quality(
    kind: type[Leiden | LeidenIgraph],
) -> None:
    peer = nx.gnp_random_graph(200, 0.03, seed=1)
    order = np.random.default_rng(1).permutation(200)
    moved = nx.relabel_nodes(peer, dict(enumerate(order.tolist())))
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(range(200))
    ordered.add_edges_from(moved.edges)
    first = nx.community.modularity(peer, _cells(kind().run(_graph(peer)).labels))
    second = nx.community.modularity(ordered, _cells(kind().run(_graph(ordered)).labels))
    assert abs(first - second) < 0.02


@BOTH
def test_parallel_edges_weigh_more_but_a_self_loop_weighs_nothing(
    kind: type[Leiden | LeidenIgraph],
) -> None:
    src = np.array([0, 0, 1, 2, 2, 3, 1, 1])
    dst = np.array([1, 1, 0, 3, 3, 2, 2, 1])
    edges = EdgeColumns(np.arange(8), src, dst, {})
    labels = kind().run(RiskGraph(n=4, nodes={}, edges={"CALLED": edges})).labels
    assert labels.tolist() == [0, 0, 1, 1]


_TIES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 1_000_000)), max_size=40
)


@OBJECTIVES
@settings(max_examples=150, deadline=None)
@given(ties=_TIES, seed=st.integers(0, 5), resolution=st.sampled_from([0.3, 1.0, 3.0]))
def test_no_cell_is_torn_and_none_can_be_bettered_by_one_step(
    objective: Objective, ties: list[tuple[int, int, int]], seed: int, resolution: float
) -> None:
    """What the paper promises of a run that has come to rest, looked up pair by pair."""
    src, dst, weight = np.array(ties, np.int64).reshape(-1, 3).T.copy()
    scale = 1e-3 if objective == "modularity" else 1e-6
    weights = np.asarray(weight * scale, np.float64)
    view = build_csr(12, src, dst, weights, symmetric=True, merge=True)
    kind = Leiden(objective=objective, resolution=resolution, iterations=30, seed=seed)
    labels = kind.communities(view)
    dense = _matrix(view)
    peer = nx.from_numpy_array(dense)
    assert all(nx.is_connected(peer.subgraph(cell)) for cell in _cells(labels))
    worth = _worth(dense, labels, objective, resolution)
    least = worth + 1e-9 * (1.0 + dense.sum())
    for one in range(12):  # nowhere else, alone included, is any node worth more
        for cell in [*np.unique(labels).tolist(), 12]:
            moved = labels.copy()
            moved[one] = cell
            assert _worth(dense, moved, objective, resolution) <= least
    for one, two in ((a, b) for a in np.unique(labels) for b in np.unique(labels) if a < b):
        joined = np.where(labels == two, one, labels)
        assert _worth(dense, joined, objective, resolution) <= least


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("resolution", [0.5, 1.0, 4.0])
def test_cells_are_as_good_as_those_of_igraph(seed: int, resolution: float) -> None:
    view = _planted(seed)
    dense = _matrix(view)
    ours, theirs = (
        kind(resolution=resolution, seed=seed).communities(view) for kind in (Leiden, LeidenIgraph)
    )
    best = _worth(dense, theirs, "modularity", resolution)
    assert _worth(dense, ours, "modularity", resolution) > best - 0.002 * dense.sum() / 2


@OBJECTIVES
@pytest.mark.parametrize("seed", range(5))
def test_planted_cells_are_found(objective: Objective, seed: int) -> None:
    view = _planted(seed)
    resolution = 1.0 if objective == "modularity" else 0.05
    labels = Leiden(objective=objective, resolution=resolution, seed=seed).communities(view)
    planted = np.arange(view.n) // 40
    right = (labels[:, None] == labels) == (planted[:, None] == planted)
    assert right.mean() > 0.999


@OBJECTIVES
@pytest.mark.parametrize("iterations", [1, 2])
def test_no_cell_is_torn_however_sparse_the_ties_and_wherever_it_began(
    objective: Objective, iterations: int
) -> None:
    """Nodes that held a cell together may leave it: Louvain would leave the rest in one."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(20, 300))
        ends = rng.integers(0, n, (2, n * int(rng.integers(1, 5)) // 2))
        weights = np.asarray(rng.random(ends.shape[1]))
        view = build_csr(n, ends[0], ends[1], weights, symmetric=True, merge=True)
        start = rng.integers(0, 3, n) if seed % 2 else None
        kind = Leiden(objective=objective, resolution=0.3, iterations=iterations, seed=seed)
        labels = kind.communities(view, start)
        rows = np.repeat(np.arange(n), np.diff(view.indptr))
        inside = labels[rows] == labels[view.indices]
        within = np.ones(inside.sum()), (rows[inside], view.indices[inside])
        pieces, _ = connected_components(coo_array(within, shape=(n, n)), directed=False)
        assert pieces == len(np.unique(labels)), seed


def test_what_is_worth_as_much_together_as_apart_stays_as_it_was() -> None:
    pair = build_csr(2, np.array([0]), np.array([1]), symmetric=True)
    kind = Leiden(resolution=2.0)
    assert kind.communities(pair).tolist() == [0, 1]
    assert kind.communities(pair, start=np.array([7, 7])).tolist() == [0, 0]


def test_weights_may_be_of_any_size() -> None:
    view = _planted(1)
    labels = Leiden().communities(view)
    for factor in (2.0**-40, 2.0**40):
        scaled = dataclasses.replace(view, weights=view.weights * factor)
        np.testing.assert_array_equal(Leiden().communities(scaled), labels)


def test_a_warm_start_keeps_what_still_holds_and_is_no_worse() -> None:
    view = _planted(2)
    rng = np.random.default_rng(2)
    before = Leiden().communities(view)
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    once = rows < view.indices
    more = rng.integers(0, view.n, (2, 200))
    src, dst = (
        np.concatenate(ends) for ends in ((rows[once], more[0]), (view.indices[once], more[1]))
    )
    weights = np.concatenate([view.weights[once], np.ones(200)])
    grown = build_csr(view.n, src, dst, weights, symmetric=True, merge=True)
    warm = Leiden(iterations=1).communities(grown, start=before)
    dense = _matrix(grown)
    cold = Leiden().communities(grown)
    assert (
        _worth(dense, warm, "modularity", 1.0)
        > _worth(dense, cold, "modularity", 1.0) - 0.002 * dense.sum() / 2
    )
    assert (warm == before).mean() > 0.95
    with pytest.raises(ValueError, match="a cell for each of"):
        Leiden().communities(grown, start=before[1:])


def _without_and_with(view: Csr, seed: int, changes: int) -> tuple[Csr, Int64Array]:
    """Some pairs went and as many came; the view now, and the nodes that this touched."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    once = np.flatnonzero(rows < view.indices)
    gone = rng.choice(once, changes, replace=False)
    kept = np.setdiff1d(once, gone)
    more = rng.integers(0, view.n, (2, changes))
    more = more[:, more[0] != more[1]]
    src, dst = (
        np.concatenate([old[kept], new]) for old, new in ((rows, more[0]), (view.indices, more[1]))
    )
    weights = np.concatenate([view.weights[kept], np.ones(more.shape[1])])
    touched = np.unique(np.concatenate([rows[gone], view.indices[gone], *more]))
    return build_csr(view.n, src, dst, weights, symmetric=True, merge=True), touched


@OBJECTIVES
def test_cells_go_on_about_what_changed_as_good_as_found_anew(objective: Objective) -> None:
    for seed in range(3):
        view = _planted(seed)
        kind = Leiden(objective=objective, resolution=1.0 if objective == "modularity" else 0.05)
        before = kind.communities(view)
        now, touched = _without_and_with(view, seed, 150)
        cells = kind.continued(now, before, touched)
        dense = _matrix(now)
        cold = _worth(dense, kind.communities(now), objective, kind.resolution)
        assert _worth(dense, cells, objective, kind.resolution) > cold - 0.001 * abs(cold)
        same = (cells[:, None] == cells) == (before[:, None] == before)
        assert same.mean() > 0.999
        np.testing.assert_array_equal(kind.continued(now, before, touched), cells)
        nobody = np.empty(0, np.int64)
        np.testing.assert_array_equal(kind.continued(view, before, nobody), before)


@OBJECTIVES
@settings(max_examples=60, deadline=None)
@given(ties=_TIES, gone=st.sets(st.integers(0, 39)), seed=st.integers(0, 5))
def test_what_goes_on_is_never_torn_and_no_two_cells_are_worth_more_as_one(
    objective: Objective, ties: list[tuple[int, int, int]], gone: set[int], seed: int
) -> None:
    src, dst, weight = np.array(ties, np.int64).reshape(-1, 3).T.copy()
    weights = np.asarray(weight * 1e-6, np.float64)
    stays = np.array([place not in gone for place in range(len(src))], np.bool_)
    earlier, view = (
        build_csr(12, src[some], dst[some], weights[some], symmetric=True, merge=True)
        for some in (np.ones_like(stays), stays)
    )
    kind = Leiden(objective=objective, seed=seed, resolution=0.3)
    touched = np.unique(np.concatenate([src[~stays], dst[~stays]]))
    labels = kind.continued(view, kind.communities(earlier), touched)
    dense = _matrix(view)
    peer = nx.from_numpy_array(dense)
    assert all(nx.is_connected(peer.subgraph(cell)) for cell in _cells(labels))
    least = _worth(dense, labels, objective, 0.3) + 1e-9 * (1.0 + dense.sum())
    for one, two in ((a, b) for a in np.unique(labels) for b in np.unique(labels) if a < b):
        joined = np.where(labels == two, one, labels)
        assert _worth(dense, joined, objective, 0.3) <= least


def test_labels_are_numbered_by_first_node() -> None:
    assert first_seen_labels(np.array([9, 2, 9, 5])).tolist() == [0, 1, 0, 2]
