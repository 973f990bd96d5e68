"""Compiled loops of ``communities``: each is sequential and reads every entry or node once."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr_kernels import compiled

Int16Array = npt.NDArray[np.int16]
Int32Array = npt.NDArray[np.int32]
#: Terms of a tail below this share of its first one change no digit that is shown.
_NOTHING = 1e-12


@compiled
def count_together(
    starts: Int64Array, neighbours: Int32Array, labels: Int64Array, together: Int16Array
) -> None:
    """Add 1 to ``together`` of each entry whose two ends are in one cell."""
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            if labels[neighbours[entry]] == labels[row]:
                together[entry] += 1


@compiled
def kept_rows(
    starts: Int64Array, neighbours: Int32Array, together: Int16Array, least: int
) -> tuple[Int64Array, Int32Array, Float64Array]:
    """Rows of the entries that were together ``least`` times or more, weighted by how often."""
    begin, kept = np.zeros_like(starts), 0
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            kept += together[entry] >= least
        begin[row + 1] = kept
    ends, weights = np.empty(kept, np.int32), np.empty(kept)
    at = 0
    for entry in range(len(neighbours)):
        if together[entry] >= least:
            ends[at], weights[at] = neighbours[entry], together[entry]
            at += 1
    return begin, ends, weights


@compiled
def best_overlaps(
    labels: Int64Array, sizes: Int64Array, other: Int64Array, other_sizes: Int64Array
) -> tuple[Float64Array, Int64Array]:
    """Greatest Jaccard of each cell of ``labels`` with a cell of ``other``, and with which.

    Of equals that of the cell's first node that is in one. Nodes with a negative label are in none.
    """
    begin = np.zeros(len(sizes) + 1, np.int64)
    for cell in range(len(sizes)):
        begin[cell + 1] = begin[cell] + sizes[cell]
    members, cursor = np.empty(len(labels), np.int64), begin[:-1].copy()
    for node in range(len(labels)):
        if labels[node] >= 0:
            members[cursor[labels[node]]] = node
            cursor[labels[node]] += 1
    best, which = np.zeros(len(sizes)), np.full(len(sizes), -1, np.int64)
    shared = np.zeros(len(other_sizes), np.int64)
    for cell in range(len(sizes)):
        for place in range(begin[cell], begin[cell + 1]):
            if other[members[place]] >= 0:
                shared[other[members[place]]] += 1
        for place in range(begin[cell], begin[cell + 1]):
            theirs = other[members[place]]
            if theirs >= 0 and shared[theirs]:
                both = shared[theirs]
                overlap = both / (sizes[cell] + other_sizes[theirs] - both)
                if overlap > best[cell]:
                    best[cell], which[cell] = overlap, theirs
                shared[theirs] = 0
    return best, which


@compiled
def inside_and_ends(
    starts: Int64Array, neighbours: Int32Array, labels: Int64Array, cells: int
) -> tuple[Int64Array, Int64Array]:
    """Pairs inside each cell, and ends of pairs at its members; an entry of its own row is none."""
    inside, ends = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            other = neighbours[entry]
            if other != row:
                ends[labels[row]] += 1
                if other > row and labels[other] == labels[row]:
                    inside[labels[row]] += 1
    return inside, ends


@compiled
def matching_tail(inside: int, ends: int, pairs: int) -> float:
    """Natural logarithm of P(at least ``inside`` pairs within ``ends`` marked ends).

    All ``2 * pairs`` ends are joined at random, two and two: the configuration model, exactly.
    """
    if 2 * inside > ends:
        return -np.inf
    least = max(ends - pairs, 0)
    if inside <= least:
        return 0.0
    if inside <= ends * (ends - 1) / (4.0 * pairs - 2.0):  # no more than is expected
        return 0.0
    log = math.lgamma
    first = (
        log(pairs + 1.0) - log(inside + 1.0) - log(ends - 2.0 * inside + 1.0)
        - log(pairs - ends + inside + 1.0) + (ends - 2.0 * inside) * math.log(2.0)
        - log(2.0 * pairs + 1.0) + log(ends + 1.0) + log(2.0 * pairs - ends + 1.0)
    )  # fmt: skip
    total, term, count = 1.0, 1.0, inside
    while 2 * count + 2 <= ends and term > _NOTHING * total:
        left = float(ends - 2 * count)
        term *= left * (left - 1.0) / (4.0 * (count + 1.0) * (pairs - ends + count + 1.0))
        total += term
        count += 1
    return min(first + math.log(total), 0.0)
