"""Compiled loops of ``communities.roles``: node moves that shorten a description."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr_kernels import compiled

Int64Cube = npt.NDArray[np.int64]  # layer, block of the source, block of the target
_NOTHING = 1e-9  # nats; less is rounding


@compiled
def _log_choose(whole: float, part: float) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


@compiled
def _description(ties: Int64Cube, sizes: Int64Array) -> float:
    """Nats that tell the blocks and, given these, which of all possible ties there are.

    ``n!/(n_1! n_2! …)`` ways to fill blocks of known sizes, ``C(n - 1, B - 1)`` ways to size ``B``
    blocks, ``n`` numbers of blocks; for each layer and pair of blocks ``N + 1`` numbers of ties
    among ``N`` places, and ``C(N, m)`` ways to place ``m`` of them.
    """
    n, blocks, told = sizes.sum(), 0, 0.0
    for size in sizes:
        blocks += size > 0
        told -= math.lgamma(size + 1.0)
    if n == 0:
        return 0.0
    told += math.lgamma(n + 1.0) + _log_choose(n - 1.0, blocks - 1.0) + math.log(n)
    for source in range(len(sizes)):
        for target in range(len(sizes)):
            places = sizes[source] * (sizes[target] - (source == target))
            if places > 0:
                for layer in range(len(ties)):
                    told += math.log(places + 1.0) + _log_choose(
                        places, ties[layer, source, target]
                    )
    return told


@compiled
def _shift(ties: Int64Cube, near: Int64Cube, sizes: Int64Array, block: int, sign: int) -> None:
    """Count a node in ``block`` (``sign`` 1) or out of it (-1)."""
    sizes[block] += sign
    for layer in range(len(ties)):
        for other in range(len(sizes)):
            ties[layer, block, other] += sign * near[layer, 0, other]
            ties[layer, other, block] += sign * near[layer, 1, other]


@compiled
def settle(
    starts: Int64Array,
    others: Int64Array,
    layers: Int64Array,
    ways: Int64Array,
    number: int,
    blocks: Int64Array,
    most: int,
) -> float:
    """Move nodes, in their order, to the block that shortens the description most, until none does.

    Rows of entries by node: the other end, the layer (of ``number``), and the way, 0 out and 1 in.
    ``blocks`` (each below ``most``) is changed. Returns the length of the description.
    """
    n = len(blocks)
    sizes, ties = np.zeros(most, np.int64), np.zeros((number, most, most), np.int64)
    for node in range(n):
        sizes[blocks[node]] += 1
        for entry in range(starts[node], starts[node + 1]):
            if ways[entry] == 0:
                ties[layers[entry], blocks[node], blocks[others[entry]]] += 1
    best, moved = _description(ties, sizes), True
    near = np.zeros((number, 2, most), np.int64)
    while moved:
        moved = False
        for node in range(n):
            near[:] = 0
            for entry in range(starts[node], starts[node + 1]):
                near[layers[entry], ways[entry], blocks[others[entry]]] += 1
            own, target = blocks[node], blocks[node]
            _shift(ties, near, sizes, own, -1)
            for block in range(most):
                _shift(ties, near, sizes, block, 1)
                told = _description(ties, sizes)
                if told < best - _NOTHING:
                    best, target = told, block
                _shift(ties, near, sizes, block, -1)
            _shift(ties, near, sizes, target, 1)
            if target != own:
                blocks[node] = target
                moved = True
    return best
