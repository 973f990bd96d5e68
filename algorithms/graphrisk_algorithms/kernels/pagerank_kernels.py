"""Compiled loop of ``pagerank``."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled


@compiled
def power_iteration(
    starts: Int64Array,
    sources: Int32Array,
    weights: Float64Array,
    given: Float64Array,
    teleport: Float64Array,
    damping: float,
    tolerance: float,
    most: int,
) -> tuple[Float64Array, int]:
    """Rank of each node, and how many passes it took (``most``: it did not come to rest).

    A row lists who points at it; ``given`` is the weight that each node gives away in all. What
    a node without any has goes where a walk may begin (``teleport``, sum 1).
    """
    n = len(given)
    rank, fresh, share = teleport.copy(), np.empty(n), np.zeros(n)
    for turn in range(most):
        idle = 0.0
        for node in range(n):
            if given[node] > 0.0:
                share[node] = rank[node] / given[node]
            else:
                idle += rank[node]
        change = 0.0
        for node in range(n):
            flow = 0.0
            for entry in range(starts[node], starts[node + 1]):
                flow += weights[entry] * share[sources[entry]]
            fresh[node] = damping * (flow + idle * teleport[node])
            fresh[node] += (1.0 - damping) * teleport[node]
            change += abs(fresh[node] - rank[node])
        rank, fresh = fresh, rank
        if change < tolerance:
            return rank, turn + 1
    return rank, most
