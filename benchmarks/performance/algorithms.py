"""Kernels beside their peers, round by round, and in scans of the edges."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numba
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.performance.graphs import Float64Array, Int64Array, Pairs, communities, ledger, rmat
from benchmarks.performance.peers import PEERS, ours
from benchmarks.performance.work import Work, stopwatch
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.csr import build_csr
from graphrisk_algorithms.kernels.pagerank_kernels import power_iteration

_GRAPHS: dict[str, Callable[[int, int], Pairs]] = {
    "communities": communities,
    "ledger": partial(ledger, to_hubs=0.2),
    "hubs": partial(ledger, to_hubs=0.5),
    "rmat": rmat,
}
_SIZES = {"1M": 1_000_000, "10M": 10_000_000}
_SCANS = 10


def measure(work: Work) -> None:
    """Communities by everybody, and what other kernels take in scans."""
    for name, full in _SIZES.items():
        edges = work.size(f"edges ({name})", full)
        for graph, make in _GRAPHS.items():
            pairs = make(edges, 1)
            _communities(work, pairs, f"{graph}-{name}")
            if graph == "rmat":
                _scans(work, pairs, name)


def _communities(work: Work, pairs: Pairs, name: str) -> None:
    ours(pairs)  # compiled before the clock runs
    for number in range(work.rounds):
        with stopwatch() as seconds:
            labels = ours(pairs)
        own, quality = seconds(), pairs.modularity(labels)
        work.add(f"seconds-{name}", own)
        for peer, found in PEERS.items():
            with stopwatch() as seconds:
                theirs = found(pairs)
            work.add(f"{peer}-{name}", seconds() / own)
            work.add(f"{peer}-quality-{name}", quality - pairs.modularity(theirs))
        if number == 0:
            work.add(f"torn-{name}", _torn(pairs, labels))


def _scans(work: Work, pairs: Pairs, name: str) -> None:
    """Each kernel's seconds as a multiple of one pass over the edge arrays."""
    n, ends = pairs.n, (pairs.src, pairs.dst)
    everywhere = np.full(n, 1.0 / n)
    passes = 3
    for number in range(work.rounds + 1):  # the first compiles
        scan = _seconds(partial(_scan, *ends, pairs.weight), _SCANS)
        components = _seconds(partial(component_labels, n, *ends))
        adjacency = _seconds(partial(build_csr, n, *ends, pairs.weight, symmetric=True))
        view = build_csr(n, *ends, pairs.weight)
        given = np.bincount(view.indices, view.weights, n).astype(np.float64)
        rows = (view.indptr, view.indices, view.weights, given, everywhere)
        ranks = _seconds(partial(power_iteration, *rows, 0.85, 0.0, passes))
        if number:
            work.add(f"components-{name}", components / scan)
            work.add(f"csr-{name}", adjacency / scan)
            work.add(f"pagerank-{name}", ranks / passes / scan)


def _seconds(step: Callable[[], object], times: int = 1) -> float:
    with stopwatch() as seconds:
        for _ in range(times):
            step()
    return seconds() / times


@numba.njit(cache=True)
def _scan(src: Int64Array, dst: Int64Array, weight: Float64Array) -> float:
    total = 0.0
    for edge in range(len(src)):
        total += weight[edge] * (src[edge] ^ dst[edge])
    return total


def _torn(pairs: Pairs, labels: Int64Array) -> int:
    """Communities that are not connected, counted with the pieces beyond their first."""
    inside = labels[pairs.src] == labels[pairs.dst]
    ends = pairs.src[inside], pairs.dst[inside]
    matrix = coo_array((np.ones(len(ends[0])), ends), shape=(pairs.n, pairs.n))
    pieces, _ = connected_components(matrix, directed=False)
    return int(pieces) - len(np.unique(labels))
