"""Compiled union-find."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.csr_kernels import compiled
from graphrisk_algorithms.graph import Int64Array


@compiled
def _root(parent: Int64Array, node: int) -> int:
    """Representative of ``node``; halves the path it walks."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@compiled
def union_all(n: int, src: Int64Array, dst: Int64Array) -> Int64Array:
    """Representative of every node after joining the ends of all edges: its cell's smallest."""
    parent = np.arange(n)
    for edge in range(len(src)):
        left, right = _root(parent, src[edge]), _root(parent, dst[edge])
        if left < right:
            parent[right] = left
        else:
            parent[left] = right
    for node in range(n):
        parent[node] = _root(parent, node)
    return parent
