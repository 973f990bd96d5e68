"""Propagation against the linear system that it solves, and what it says of homophily."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.propagation import propagate
from tests.algorithms.test_measures import PAIRS, N, Pairs


def _view(pairs: Pairs) -> Csr:
    src, dst = np.array([pair for pair in pairs if pair[0] != pair[1]], np.int64).reshape(-1, 2).T
    return build_csr(N, src, dst, symmetric=True, merge=True)


@settings(deadline=None)
@given(
    pairs=PAIRS, nodes=st.permutations(range(N)), harmful=st.integers(0, 3), keep=st.floats(0.1, 1)
)
def test_values_solve_the_linear_system(
    pairs: Pairs, nodes: list[int], harmful: int, keep: float
) -> None:
    view = _view(pairs)
    bad, good = np.array(nodes[:harmful], np.int64), np.array(nodes[3:5], np.int64)
    values = propagate(view, bad, good, keep).values
    held = np.zeros(N)
    held[bad], held[good] = 1.0, -1.0
    dense = np.zeros((N, N))
    dense[np.repeat(np.arange(N), np.diff(view.indptr)), view.indices] = view.weights
    ties = dense.sum(axis=1)
    for node in range(N):
        mean = dense[node] @ values / ties[node] if ties[node] else 0.0
        assert values[node] == pytest.approx(held[node] or keep * mean, abs=1e-6)


@settings(deadline=None)
@given(pairs=PAIRS, harmful=st.sets(st.integers(0, N - 1)))
def test_homophily_is_the_assortativity_of_networkx(pairs: Pairs, harmful: set[int]) -> None:
    pairs = list({(min(pair), max(pair)) for pair in pairs})
    bad = np.array(sorted(harmful), np.int64)
    found = propagate(_view(pairs), bad, np.setdiff1d(np.arange(N), bad)).homophily
    peer: nx.Graph[int] = nx.Graph()
    peer.add_nodes_from((node, {"bad": node in harmful}) for node in range(N))
    peer.add_edges_from(pair for pair in pairs if pair[0] != pair[1])
    kinds = {node in harmful for edge in peer.edges for node in edge}
    if len(kinds) < 2:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(nx.attribute_assortativity_coefficient(peer, "bad"))


def test_what_is_known_fades_with_every_step_and_nobody_is_both() -> None:
    chain = _view([(0, 1), (1, 2), (2, 3), (3, 4)])
    values = propagate(chain, np.array([0]), np.array([4])).values
    assert values[0] == 1.0 > values[1] > values[2] > values[3] > values[4] == -1.0
    assert values[2] == pytest.approx(0.0)
    assert values[5] == 0.0
    with pytest.raises(ValueError, match="both harmful and harmless"):
        propagate(chain, np.array([0, 1]), np.array([1]))
