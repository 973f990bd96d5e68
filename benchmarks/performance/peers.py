"""Communities of the same pairs by us and by others, each from flat arrays to labels.

All do two passes where they can be told how many; one thread, for on shared cores more of them wait
for each other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.performance.graphs import Int64Array, Pairs
from graphrisk_algorithms.kernels.csr import build_csr
from graphrisk_algorithms.kernels.leiden import Leiden

_PASSES = 2


def ours(pairs: Pairs) -> Int64Array:
    """graphrisk's Leiden."""
    view = build_csr(pairs.n, pairs.src, pairs.dst, pairs.weight, symmetric=True, merge=True)
    return Leiden(iterations=_PASSES).communities(view)


def _igraph(pairs: Pairs) -> Int64Array:
    import igraph

    igraph.set_random_number_generator(random.Random(1))
    graph = igraph.Graph(n=pairs.n, edges=np.column_stack([pairs.src, pairs.dst]))
    found = graph.community_leiden(
        objective_function="modularity", weights=pairs.weight, n_iterations=_PASSES
    )
    return np.asarray(found.membership, np.int64)


def _networkit(pairs: Pairs) -> Int64Array:
    import networkit

    networkit.setNumberOfThreads(1)
    networkit.setSeed(1, useThreadId=False)
    graph = networkit.GraphFromCoo(
        (pairs.weight, (pairs.src, pairs.dst)), n=pairs.n, weighted=True, directed=False
    )
    found = networkit.community.PLM(graph, refine=True).run().getPartition()
    return np.asarray(found.getVector(), np.int64)


def _scikit_network(pairs: Pairs) -> Int64Array:
    from sknetwork.clustering import Leiden as Theirs

    found = Theirs(random_state=1).fit_predict(_symmetric(pairs))
    return np.asarray(found, np.int64)


def _graspologic(pairs: Pairs) -> Int64Array:
    from graspologic_native import leiden_csr

    both = _symmetric(pairs)
    _, cell = leiden_csr(
        both.indptr.astype(np.int64),
        both.indices.astype(np.int32),
        both.data,
        pairs.n,
        iterations=_PASSES,
        seed=1,
    )
    found = np.arange(pairs.n, 2 * pairs.n)  # who is in no pair is not answered
    found[np.fromiter(cell.keys(), np.int64)] = np.fromiter(cell.values(), np.int64)
    return found


def _symmetric(pairs: Pairs) -> csr_matrix:
    ends = np.concatenate([pairs.src, pairs.dst]), np.concatenate([pairs.dst, pairs.src])
    return csr_matrix((np.tile(pairs.weight, 2), ends), shape=(pairs.n, pairs.n))


PEERS: Mapping[str, Callable[[Pairs], Int64Array]] = {
    "igraph": _igraph,
    "networkit": _networkit,
    "scikit-network": _scikit_network,
    "graspologic": _graspologic,
}
