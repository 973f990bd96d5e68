"""Compiled loops of ``changes``: one pass over the entries of both views."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr_kernels import compiled

Int8Array = npt.NDArray[np.int8]
Int32Array = npt.NDArray[np.int32]
SAME, ALONE, HEAVIER = 0, 1, 2  # an entry's mark; heavier or lighter


@compiled
def upper_rows(
    starts: Int64Array, neighbours: Int32Array, weights: Float64Array
) -> tuple[Int64Array, Int32Array, Float64Array]:
    """The entries whose neighbour is larger than their row."""
    begin, kept = np.zeros_like(starts), 0
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            kept += neighbours[entry] > row
        begin[row + 1] = kept
    ends, heavy, at = np.empty(kept, np.int32), np.empty(kept), 0
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            if neighbours[entry] > row:
                ends[at], heavy[at] = neighbours[entry], weights[entry]
                at += 1
    return begin, ends, heavy


@compiled
def compared(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    other_starts: Int64Array,
    other_neighbours: Int32Array,
    other_weights: Float64Array,
) -> Int8Array:
    """Whether the other view has each entry too (``SAME``), with another weight (``HEAVIER``), or
    not (``ALONE``). Rows ascend; a row beyond the other view has nothing there.
    """
    marks = np.full(len(neighbours), ALONE, np.int8)
    for row in range(min(len(starts), len(other_starts)) - 1):
        place, last = other_starts[row], other_starts[row + 1]
        for entry in range(starts[row], starts[row + 1]):
            while place < last and other_neighbours[place] < neighbours[entry]:
                place += 1
            if place < last and other_neighbours[place] == neighbours[entry]:
                same = other_weights[place] == weights[entry]
                marks[entry] = SAME if same else HEAVIER
    return marks
