"""Joins of columns by node number."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr import Csr


def entries_of(view: Csr, nodes: Int64Array) -> tuple[Int64Array, Int64Array, Int64Array]:
    """All entries of the rows ``nodes``: ``(index into nodes, neighbour, edge position)``.

    >>> from graphrisk_algorithms.kernels.csr import build_csr
    >>> view = build_csr(3, np.array([0, 0, 2]), np.array([1, 2, 1]))
    >>> [column.tolist() for column in entries_of(view, np.array([2, 1, 0]))]
    [[0, 2, 2], [1, 1, 2], [2, 0, 1]]
    """
    counts = view.indptr[nodes + 1] - view.indptr[nodes]
    index = np.repeat(np.arange(len(nodes)), counts)
    before = np.cumsum(counts) - counts
    entry = np.arange(len(index)) - before[index] + view.indptr[nodes][index]
    return index, view.indices[entry].astype(np.int64), view.positions[entry].astype(np.int64)


def distinct(values: Int64Array) -> Int64Array:
    """The different values, ascending. Cost: one sort, where ``numpy.unique`` hashes first.

    >>> distinct(np.array([5, -1, 5])).tolist()
    [-1, 5]
    """
    ordered = np.sort(values)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]


def among(values: Int64Array, wanted: Int64Array) -> BoolArray:
    """Which values are wanted. Cost: a sort of the wanted, and a search for each value.

    ``numpy.isin`` hashes all values first, which takes several times as long for columns.

    >>> among(np.array([5, 3, 5, 9]), np.array([5, 9, 1])).tolist()
    [True, False, True, True]
    """
    if not len(wanted):
        return np.zeros(len(values), np.bool_)
    known = np.sort(wanted)
    place = np.searchsorted(known, values)
    found: BoolArray = known[np.minimum(place, len(known) - 1)] == values
    return found


def distinct_pairs(left: Int64Array, right: Int64Array) -> tuple[Int64Array, Int64Array]:
    """The different pairs, ascending. Cost: one sort of a column.

    >>> [ends.tolist() for ends in distinct_pairs(np.array([5, -1, 5]), np.array([2, 9, 2]))]
    [[-1, 5], [9, 2]]
    """
    if not len(left):
        return left, right
    low, wide = int(right.min()), int(right.max()) - int(right.min()) + 1
    first, second = np.divmod(distinct((left - left.min()) * wide + (right - low)), wide)
    return first + left.min(), second + low


def both_ways(n: int, src: Int64Array, dst: Int64Array) -> BoolArray:
    """Which edges have another one back, a self-loop itself. Cost: one sort.

    >>> both_ways(3, np.array([0, 1, 1, 2]), np.array([1, 0, 2, 2])).tolist()
    [True, True, False, True]
    """
    forth = src <= dst
    pair = np.where(forth, src * n + dst, dst * n + src)
    order = np.argsort(2 * pair + forth)
    start = np.flatnonzero(np.diff(pair[order], prepend=-1))
    turned, straight = ((np.add.reduceat(way[order], start) > 0) for way in (~forth, forth))
    found = np.empty(len(src), np.bool_)
    found[order] = np.repeat(turned & straight, np.diff(start, append=len(src)))
    found[src == dst] = True
    return found


def groups_of(labels: Int64Array) -> list[Int64Array]:
    """Positions of each label, labels ascending, positions ascending within.

    >>> [group.tolist() for group in groups_of(np.array([5, 3, 5]))]
    [[1], [0, 2]]
    """
    if not len(labels):
        return []
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return np.split(order, cuts)
