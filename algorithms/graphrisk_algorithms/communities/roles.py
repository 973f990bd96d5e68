"""Who plays the same part in a group: blocks of members that deal with the others alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.algorithm import first_seen_labels
from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.components import Ends

Part = Literal["pays", "passes_on", "collects", "apart"]
#: By whether a block pays and whether it is paid.
_PARTS: dict[tuple[bool, bool], Part] = {
    (True, False): "pays",
    (True, True): "passes_on",
    (False, True): "collects",
    (False, False): "apart",
}
_STARTS = 6  # of each number of blocks
_MOST = 0.5  # share of a block's members that do what the block is said to do


@dataclass(frozen=True, slots=True)
class Blocks:
    """``block[i]`` is that of ``members[i]``, numbered in order of first members.

    ``ties[layer, a, b]``: how many pairs go from block ``a`` to block ``b``. ``active[layer, way,
    a]``: share of the members of ``a`` with any tie that way, 0 out and 1 in. ``bits``: what the
    blocks save of telling the group's ties, 0 where one block tells as much.
    """

    members: Int64Array
    block: Int64Array
    ties: npt.NDArray[np.int64]
    active: Float64Array
    bits: float

    def parts(self, layer: int = 0) -> tuple[Part, ...]:
        """The part of each block in a layer of payments: what at least half its members do."""
        does = (self.active[layer] >= _MOST).tolist()
        return tuple(_PARTS[pays, is_paid] for pays, is_paid in zip(*does, strict=True))


def block_roles(
    members: Int64Array, layers: Sequence[Ends], most_blocks: int = 5, seed: int = 1
) -> Blocks:
    """Blocks that shorten the description of the members' ties most.

    A directed block model: whether one member deals with another in a layer depends on their blocks
    alone. How many blocks there are follows from the data: each costs what its description takes,
    so a group without structure is one block. Cannot see amounts and times, nor parts that differ
    only towards outsiders. Same seed, same blocks. Cost: a few sweeps over the group's pairs for
    each of about 30 starts; for groups of up to some thousand members.
    Source: Peixoto 2014 (microcanonical model, uniform priors), doi:10.1103/PhysRevE.89.012804.

    Args:
        members: Different nodes, ascending.
        layers: Start and end of the edges of each kind; pairs count once, edges that lead out of
            the group or back to their start do not.
        most_blocks: At most so many blocks.
        seed: Of the beginnings that are tried.

    >>> victims, mules = np.arange(20), np.array([20, 21, 22])
    >>> paid = np.repeat(victims, 3), np.tile(mules, 20)
    >>> found = block_roles(np.arange(23), [paid])
    >>> [(int(size), part) for size, part in zip(np.bincount(found.block), found.parts())]
    [(20, 'pays'), (3, 'collects')]
    """
    from graphrisk_algorithms.kernels import blocks_kernels as kernels

    rows = _rows(members, layers)
    n, number = len(members), len(layers)
    rng, found = np.random.default_rng(seed), np.zeros(n, np.int64)
    one = least = kernels.settle(*rows, number, found, 1)
    for count in range(2, min(most_blocks, n) + 1):
        for _ in range(_STARTS):
            blocks = rng.integers(0, count, n)
            told = kernels.settle(*rows, number, blocks, most_blocks)
            if told < least - 1e-9:
                found, least = blocks, told
    block = first_seen_labels(found)
    counted = _counted(rows, number, block)
    return Blocks(members, block, *counted, float((one - least) / np.log(2.0)))


def _rows(
    members: Int64Array, layers: Sequence[Ends]
) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array]:
    """Each pair of members, once a layer, at both its ends: starts, others, layers and ways."""
    parts = [np.empty((0, 4), np.int64)]
    for layer, (src, dst) in enumerate(layers):
        inside = np.isin(src, members) & np.isin(dst, members) & (src != dst)
        ends = np.searchsorted(members, [src[inside], dst[inside]])
        pairs = np.unique(ends.reshape(2, -1).T, axis=0)
        for way, columns in enumerate(([0, 1], [1, 0])):
            kind = np.broadcast_to([layer, way], (len(pairs), 2))
            parts.append(np.hstack([pairs[:, columns], kind]))
    every = np.concatenate(parts)
    every = every[np.argsort(every[:, 0], kind="stable")]
    starts = np.searchsorted(every[:, 0], np.arange(len(members) + 1))
    return starts, every[:, 1].copy(), every[:, 2].copy(), every[:, 3].copy()


def _counted(
    rows: tuple[Int64Array, Int64Array, Int64Array, Int64Array], number: int, block: Int64Array
) -> tuple[npt.NDArray[np.int64], Float64Array]:
    """Ties by layer and blocks, and the share of each block that has any, by layer and way."""
    starts, others, layers, ways = rows
    sizes = np.bincount(block)
    ties = np.zeros((number, len(sizes), len(sizes)), np.int64)
    tied = np.zeros((number, 2, len(block)), np.bool_)
    nodes = np.repeat(np.arange(len(block)), np.diff(starts))
    out = ways == 0
    np.add.at(ties, (layers[out], block[nodes[out]], block[others[out]]), 1)
    tied[layers, ways, nodes] = True
    held = [np.bincount(block, one, len(sizes)) for layer in tied for one in layer]
    return ties, np.array(held).reshape(number, 2, len(sizes)) / np.maximum(sizes, 1)
