"""Compiled union-find."""

from __future__ import annotations

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr_kernels import compiled


@compiled
def _root(parent: Int64Array, node: int) -> int:
    """Representative of ``node``; halves the path it walks."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@compiled
def join(parent: Int64Array, src: Int64Array, dst: Int64Array) -> None:
    """Make each node's ``parent`` the smallest of its cell, after the ends of all edges are joined.

    Parents come in as cells of before: of each node one that is no larger.
    """
    for edge in range(len(src)):
        left, right = _root(parent, src[edge]), _root(parent, dst[edge])
        if left < right:
            parent[right] = left
        else:
            parent[left] = right
    for node in range(len(parent)):
        parent[node] = _root(parent, node)
