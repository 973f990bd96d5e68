"""The triad census against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings

from graphrisk_algorithms.kernels.triads import triad_census
from tests.algorithms.test_measures import PAIRS, N, Pairs


@settings(deadline=None)
@given(PAIRS)
def test_triads_are_those_of_networkx(pairs: Pairs) -> None:
    peer: nx.DiGraph[int] = nx.DiGraph()
    peer.add_nodes_from(range(N))
    peer.add_edges_from((a, b) for a, b in pairs if a != b)
    expected = nx.triadic_census(peer)
    del expected["003"]
    src, dst = np.array(pairs, np.int64).reshape(-1, 2).T
    assert triad_census(N, src, dst) == expected


def test_a_graph_of_nothing_has_no_triads() -> None:
    nothing = np.empty(0, np.int64)
    assert not any(triad_census(0, nothing, nothing).values())
    assert not any(triad_census(2, np.array([0]), np.array([1])).values())
