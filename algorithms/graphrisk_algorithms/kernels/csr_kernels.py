"""Compiled loops of ``csr``: imported when first needed, then cached on disk.

Each loop is sequential, so its result depends on nothing but its input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Int64Array = npt.NDArray[np.int64]
Int32Array = npt.NDArray[np.int32]
Float64Array = npt.NDArray[np.float64]

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def compiled(loop: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """``loop`` as machine code, compiled for the types of its first call and cached on disk."""
    return cast("Callable[_Parameters, _Result]", numba.njit(cache=True, nogil=True)(loop))


@compiled
def row_starts(n: int, src: Int64Array, dst: Int64Array, symmetric: bool) -> Int64Array:
    """Where each row starts (``n + 1`` numbers); a self-loop counts once."""
    starts = np.zeros(n + 1, np.int64)
    for edge in range(len(src)):
        starts[src[edge] + 1] += 1
        if symmetric and src[edge] != dst[edge]:
            starts[dst[edge] + 1] += 1
    for row in range(n):
        starts[row + 1] += starts[row]
    return starts


@compiled
def fill(
    starts: Int64Array, src: Int64Array, dst: Int64Array, symmetric: bool
) -> tuple[Int32Array, Int32Array]:
    """Neighbours and edge positions by row, within a row in edge order."""
    cursor = starts[:-1].copy()
    neighbours = np.empty(starts[-1], np.int32)
    positions = np.empty(starts[-1], np.int32)
    for edge in range(len(src)):
        at = cursor[src[edge]]
        neighbours[at] = dst[edge]
        positions[at] = edge
        cursor[src[edge]] = at + 1
        if symmetric and src[edge] != dst[edge]:
            at = cursor[dst[edge]]
            neighbours[at] = src[edge]
            positions[at] = edge
            cursor[dst[edge]] = at + 1
    return neighbours, positions


@compiled
def transposed(
    starts: Int64Array, neighbours: Int32Array, positions: Int32Array, turned: Int64Array
) -> tuple[Int32Array, Int32Array]:
    """The entries by neighbour (rows start at ``turned``), sorted by row within each."""
    cursor = turned[:-1].copy()
    rows = np.empty(len(neighbours), np.int32)
    places = np.empty(len(neighbours), np.int32)
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            at = cursor[neighbours[entry]]
            rows[at] = row
            places[at] = positions[entry]
            cursor[neighbours[entry]] = at + 1
    return rows, places


@compiled
def sum_parallel(
    starts: Int64Array, neighbours: Int32Array, weights: Float64Array, positions: Int32Array
) -> tuple[Int64Array, int]:
    """Add up entries of one row with the same neighbour, in place; new starts and entry count."""
    merged = np.zeros_like(starts)
    kept = 0
    for row in range(len(starts) - 1):
        begin = kept
        for entry in range(starts[row], starts[row + 1]):
            if kept > begin and neighbours[kept - 1] == neighbours[entry]:
                weights[kept - 1] += weights[entry]
            else:
                neighbours[kept] = neighbours[entry]
                weights[kept] = weights[entry]
                positions[kept] = positions[entry]
                kept += 1
        merged[row + 1] = kept
    return merged, kept
