"""Compiled loop of ``closure``, over symmetric views without self-loops."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled


@compiled
def shared(starts: Int64Array, neighbours: Int32Array) -> Int64Array:
    """Neighbours that a row has in common with the neighbour of each of its entries.

    The end of more neighbours is marked, and those of the other end are looked up there.
    """
    n = len(starts) - 1
    degree = np.diff(starts)
    of = np.full(n, -1, np.int64)
    found = np.zeros(len(neighbours), np.int64)
    for node in range(n):
        for entry in range(starts[node], starts[node + 1]):
            of[neighbours[entry]] = node
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if (degree[other], other) < (degree[node], node):
                count, back = 0, 0
                for beyond in range(starts[other], starts[other + 1]):
                    third = neighbours[beyond]
                    count += of[third] == node
                    if third == node:
                        back = beyond
                found[entry] = found[back] = count
    return found
