"""Figures of ranking against counts that a reader can check."""

from __future__ import annotations

from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.quality.measures import auc, average_precision, pair_baselines

_RANKED = st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=25).filter(
    lambda rows: len({positive for _, positive in rows}) == 2
)


@settings(deadline=None)
@given(_RANKED)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    good = [score for score, positive in rows if positive]
    bad = [score for score, positive in rows if not positive]
    right = sum((g > b) + (g == b) / 2 for g, b in product(good, bad))
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    expected = right / (len(good) * len(bad))
    assert auc(scores.astype(np.float64), positive) == pytest.approx(expected)


@settings(deadline=None)
@given(_RANKED)
def test_average_precision_takes_equal_scores_together(rows: list[tuple[int, bool]]) -> None:
    total = sum(positive for _, positive in rows)
    expected, seen = 0.0, 0
    for level in sorted({score for score, _ in rows}, reverse=True):
        taken = [positive for score, positive in rows if score >= level]
        expected += (sum(taken) - seen) / total * sum(taken) / len(taken)
        seen = sum(taken)
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    assert average_precision(scores.astype(np.float64), positive) == pytest.approx(expected)


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
