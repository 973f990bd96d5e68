"""Compiled loop of ``dense_blocks``."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled


@compiled
def _lower(tree: Float64Array, leaf: int, value: float) -> None:
    """Put ``value`` at a leaf and the smaller of two above each pair."""
    tree[leaf] = value
    at = leaf // 2
    while at:
        tree[at] = min(tree[2 * at], tree[2 * at + 1])
        at //= 2


@compiled
def peel(
    starts: Int64Array, neighbours: Int32Array, weights: Float64Array
) -> tuple[Int64Array, int, float]:
    """Take away the node of least remaining weight, again and again.

    Returns the nodes in the order in which they went, how many had gone when the rest was
    densest (weight of its edges a node), and how dense that was. Equal weights: the smallest node.
    """
    n = len(starts) - 1
    leaves = 1
    while leaves < n:
        leaves *= 2
    tree = np.full(2 * leaves, np.inf)
    inside = 0.0
    for node in range(n):
        tied = 0.0
        for entry in range(starts[node], starts[node + 1]):
            tied += weights[entry]
        tree[leaves + node] = tied
        inside += tied / 2.0
    for at in range(leaves - 1, 0, -1):
        tree[at] = min(tree[2 * at], tree[2 * at + 1])
    best, gone = inside / max(n, 1), 0
    order = np.empty(n, np.int64)
    for turn in range(n):
        at = 1
        while at < leaves:
            at = 2 * at if tree[2 * at] <= tree[2 * at + 1] else 2 * at + 1
        node = at - leaves
        order[turn] = node
        inside -= tree[at]
        _lower(tree, at, np.inf)
        for entry in range(starts[node], starts[node + 1]):
            leaf = leaves + neighbours[entry]
            if tree[leaf] < np.inf:
                _lower(tree, leaf, tree[leaf] - weights[entry])
        left = n - turn - 1
        if left and inside / left > best:
            best, gone = inside / left, turn + 1
    return order, gone, best
