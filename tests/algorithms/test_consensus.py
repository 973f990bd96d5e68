"""Communities of many runs: against slow references, on planted graphs, and on noise."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.communities.consensus import Communities, Consensus
from graphrisk_algorithms.communities.significance import surprises
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.consensus_kernels import matching_tail
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.leiden import Leiden

_TIES = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=45)


def _planted(seed: int, cells: int, size: int, mixing: float, ties: int = 6) -> Csr:
    """``ties`` drawn for each node, all but a share ``mixing`` of them inside its planted cell."""
    rng = np.random.default_rng(seed)
    n = cells * size
    src = np.repeat(np.arange(n), ties)
    near = src - src % size + rng.integers(0, size, len(src))
    far = rng.integers(0, n, len(src))
    dst = np.where(rng.random(len(src)) < mixing, far, near)
    proper = src != dst
    return build_csr(n, src[proper], dst[proper], symmetric=True, merge=True)


def _random(seed: int, n: int, ties: int) -> Csr:
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n, (2, n * ties // 2))
    proper = ends[0] != ends[1]
    return build_csr(n, ends[0][proper], ends[1][proper], symmetric=True, merge=True)


def _same_degrees(view: Csr, seed: int) -> Csr:
    """All ends of ties dealt anew: the configuration model."""
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    ends = np.random.default_rng(seed).permutation(rows)
    src, dst = ends[: len(ends) // 2 * 2].reshape(2, -1)
    proper = src != dst
    return build_csr(view.n, src[proper], dst[proper], symmetric=True, merge=True)


def _cells(labels: Int64Array) -> list[set[int]]:
    return [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]


def _peer(view: Csr) -> nx.Graph[int]:
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    peer: nx.Graph[int] = nx.Graph()
    peer.add_nodes_from(range(view.n))
    peer.add_edges_from(zip(rows.tolist(), view.indices.tolist(), strict=True))
    return peer


def _jaccard(left: set[int], right: set[int]) -> float:
    return len(left & right) / len(left | right)


@settings(max_examples=40, deadline=None)
@given(ties=_TIES, seed=st.integers(0, 5))
def test_it_is_what_its_words_say_tie_by_tie(ties: list[tuple[int, int]], seed: int) -> None:
    src, dst = np.array(ties, np.int64).reshape(-1, 2).T.copy()
    proper = src != dst
    view = build_csr(15, src[proper], dst[proper], symmetric=True, merge=True)
    kind = Consensus(resolutions=(0.5, 1.0, 2.0), seeds=(seed, seed + 1))
    found = kind.communities(view)
    asked = [
        Leiden(resolution=resolution, seed=one).communities(view)
        for resolution in (0.5, 1.0, 2.0)
        for one in (seed, seed + 1)
    ]
    for run, expected in zip(found.runs, asked, strict=True):
        np.testing.assert_array_equal(run, expected)
    agreed: nx.Graph[int] = nx.Graph()
    agreed.add_nodes_from(range(15))
    for one, other in _peer(view).edges:
        often = sum(run[one] == run[other] for run in asked)
        if often > 3:  # more than half of six
            agreed.add_edge(one, other, weight=float(often))
    assert all(nx.is_connected(agreed.subgraph(cell)) for cell in _cells(found.labels))
    ends = np.array([*agreed.edges], np.int64).reshape(-1, 2).T.copy()
    often = np.array([agreed.edges[pair]["weight"] for pair in agreed.edges], np.float64)
    again = build_csr(15, ends[0], ends[1], often, symmetric=True, merge=True)
    np.testing.assert_array_equal(found.labels, Leiden(seed=seed).communities(again))
    for number, cell in enumerate(_cells(found.labels)):
        close = [max(_jaccard(cell, other) for other in _cells(run)) for run in asked]
        best = max((close[at] + close[at + 1]) / 2 for at in (0, 2, 4))
        assert found.stability[number] == pytest.approx(best)
        assert found.sizes[number] == len(cell)


def _matchings(ends: list[int]) -> list[list[tuple[int, int]]]:
    if not ends:
        return [[]]
    first, rest = ends[0], ends[1:]
    return [
        [(first, rest[at]), *others]
        for at in range(len(rest))
        for others in _matchings(rest[:at] + rest[at + 1 :])
    ]


@pytest.mark.parametrize("pairs", [4, 5])
@pytest.mark.parametrize("marked", range(9))
def test_the_tail_is_that_of_all_ways_to_join_the_ends(marked: int, pairs: int) -> None:
    every = _matchings(list(range(2 * pairs)))
    held = Counter(sum(one < marked and two < marked for one, two in way) for way in every)
    mean = Fraction(sum(count * ways for count, ways in held.items()), len(every))
    for inside in range(marked // 2 + 2):
        exact = Fraction(sum(n for count, n in held.items() if count >= inside), len(every))
        tail = matching_tail(inside, marked, pairs)
        if exact == 0:
            assert tail == -math.inf
        elif inside <= mean:
            assert tail == 0.0  # no surprise; the tail is not summed
        else:
            assert tail == pytest.approx(math.log(exact), abs=1e-9)


def test_the_surprise_counts_every_group_of_the_size() -> None:
    """Two cliques of six, joined by a tie; ways and chances by hand."""
    clique = nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(6))
    clique.add_edge(0, 6)
    clique.add_nodes_from([12, 13])  # without ties: nobody to choose from
    src, dst = np.array([*clique.edges], np.int64).T.copy()
    view = build_csr(14, src, dst, symmetric=True, merge=True)
    labels = np.array([0] * 6 + [1] * 6 + [2, 3])
    found = surprises(view, labels)
    pairs, ends, inside = 31, 31, 15
    chance = sum(
        Fraction(
            math.factorial(pairs) * 2 ** (ends - 2 * j),
            math.factorial(j) * math.factorial(ends - 2 * j) * math.factorial(pairs - ends + j),
        )
        for j in range(inside, ends // 2 + 1)
    ) / math.comb(2 * pairs, ends)
    assert found[0] == pytest.approx(-math.log10(float(chance) * math.comb(12, 6) * 12), abs=1e-6)
    assert found[0] == found[1]
    assert found[2:].tolist() == [0.0, 0.0]


def _overlap(found: Communities, size: int) -> tuple[float, float]:
    """Share of planted cells that are a reliable community, and of these that are planted."""
    planted = [set(range(at, at + size)) for at in range(0, len(found.labels), size)]
    cells = [cell for cell, ok in zip(_cells(found.labels), found.reliable(), strict=True) if ok]
    true = [max((_jaccard(cell, one) for one in cells), default=0.0) for cell in planted]
    right = [max(_jaccard(cell, one) for one in planted) for cell in cells]
    return float(np.mean(np.array(true) > 0.75)), float(np.mean(np.array(right) > 0.75))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mixing", [0.2, 0.4])
def test_planted_communities_are_found_stable_and_beyond_chance(mixing: float, seed: int) -> None:
    found = Consensus().communities(_planted(seed, 60, 20, mixing))
    recall, precision = _overlap(found, 20)
    assert recall >= 0.9
    assert precision >= 0.95


@pytest.mark.parametrize("seed", range(3))
def test_where_single_runs_begin_to_fail_the_consensus_is_nearer(seed: int) -> None:
    view = _planted(seed, 60, 20, 0.5)
    planted = np.arange(view.n) // 20
    same = planted[:, None] == planted
    consensus = Consensus().communities(view).labels
    single = Leiden(seed=seed).communities(view)
    wrong = [((one[:, None] == one) != same).mean() for one in (consensus, single)]
    assert wrong[0] < wrong[1] / 2


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ties", [3, 8, 20])
def test_noise_has_no_community_that_is_stable_and_beyond_chance(ties: int, seed: int) -> None:
    found = Consensus().communities(_random(seed, 1_500, ties))
    assert not found.reliable().any()
    assert found.surprise.max() < 2.0  # stability aside


@pytest.mark.parametrize("seed", range(3))
def test_the_same_degrees_dealt_anew_have_none_either(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hubs = (rng.pareto(1.5, 12_000) * 20).astype(np.int64) % 2_000  # few with most of the ties
    view = build_csr(2_000, hubs, rng.integers(0, 2_000, 12_000), symmetric=True, merge=True)
    found = Consensus().communities(_same_degrees(view, seed))
    assert not found.reliable().any()
    assert found.surprise.max() < 2.0


def test_other_numbers_and_other_seeds_give_almost_the_same() -> None:
    view = _planted(4, 40, 20, 0.4)
    new = np.random.default_rng(4).permutation(view.n)
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    moved = build_csr(view.n, new[rows], new[view.indices], symmetric=False, merge=True)
    first = Consensus().communities(view).labels
    for other in (
        Consensus().communities(moved).labels[new],
        Consensus(seeds=(8, 9)).communities(view).labels,
    ):
        same = (first[:, None] == first) == (other[:, None] == other)
        assert same.mean() > 0.995


def test_communities_go_on_about_what_changed() -> None:
    view = _planted(5, 30, 20, 0.3)
    kind = Consensus()
    first = kind.communities(view)
    nobody = np.empty(0, np.int64)
    again = kind.continued(view, first, nobody)
    np.testing.assert_array_equal(again.labels, first.labels)
    np.testing.assert_array_equal(again.stability, first.stability)
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    once = np.flatnonzero(rows < view.indices)
    moves = (rows // 20 == 3) & (view.indices // 20 != 3)  # the fourth keeps to itself from now on
    kept = once[~moves[once]]
    src = np.append(rows[kept], [600, 600, 600])  # and a node comes that is tied to the first
    dst = np.append(view.indices[kept], [0, 1, 2])
    now = build_csr(601, src, dst, symmetric=True, merge=True)
    touched = np.unique(np.concatenate([rows[once[moves[once]]], view.indices[once[moves[once]]]]))
    found = kind.continued(now, first, np.append(touched, [0, 1, 2]))
    afresh = kind.communities(now)
    same = (found.labels[:, None] == found.labels) == (afresh.labels[:, None] == afresh.labels)
    assert same.mean() > 0.999
    assert found.labels[600] == found.labels[0]
    assert len(set(found.labels[60:80].tolist())) == 1
    with pytest.raises(ValueError, match="6 runs are needed"):
        kind.continued(view, dataclasses.replace(first, runs=first.runs[1:]), nobody)
    with pytest.raises(ValueError, match="601 nodes, now there are 600"):
        kind.continued(view, found, nobody)


def test_only_the_named_kinds_tie() -> None:
    def cliques(of: int) -> EdgeColumns:
        pairs = [
            (first + one, first + other)
            for first in range(0, 48, of)
            for one, other in itertools.combinations(range(of), 2)
        ]
        src, dst = np.array(pairs, np.int64).T.copy()
        return EdgeColumns(np.arange(len(src)), src, dst, {})

    graph = RiskGraph(n=50, nodes={}, edges={"A": cliques(4), "B": cliques(6)})
    for kind, of in (("A", 4), ("B", 6)):
        labels = Consensus(edge_kinds=(kind,)).run(graph).labels
        assert labels.tolist() == [*(node // of for node in range(48)), 48 // of, 48 // of + 1]
    together = Consensus().run(graph).labels  # the sixes hold more of the ties
    assert together.tolist() == [*(node // 6 for node in range(48)), 8, 9]
