"""Compressed sparse rows: the adjacency of a graph as four flat arrays.

Two counting sorts and no comparison: linear time. 10M edges in both directions take about 0.7 GB
at the peak, input included. The compiled loops are imported at the first call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.graph import Float64Array, Int64Array

Int32Array = npt.NDArray[np.int32]
_LARGEST = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Csr:
    """Row ``u`` are the entries ``indptr[u]:indptr[u + 1]``, by neighbour, then edge position.

    ``positions`` leads back from an entry to the edge (a position in the columns the view was
    built from), so that a result can name its evidence.
    """

    indptr: Int64Array  # n + 1
    indices: Int32Array  # neighbour of each entry
    weights: Float64Array
    positions: Int32Array

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1

    def __len__(self) -> int:
        return len(self.indices)


def build_csr(
    n: int,
    src: Int64Array,
    dst: Int64Array,
    weights: Float64Array | None = None,
    *,
    symmetric: bool = False,
    merge: bool = False,
) -> Csr:
    """Adjacency of ``n`` nodes from edge columns of equal length.

    Args:
        n: Number of nodes; every end is ``0 <= nid < n``.
        src: Start of each edge.
        dst: End of each edge.
        weights: Weight of each edge; ``None``: 1.
        symmetric: Enter each edge at both ends (a self-loop once); else at ``src`` only.
        merge: Add up parallel entries of a row, in edge order; the entry's position is then that
            of the first edge.

    Returns:
        The view. The same edges give the same arrays; the input is not changed.

    Raises:
        ValueError: Columns of different length, an end outside ``0..n-1``, or more than 2³¹-1
            nodes or edges.

    >>> import numpy as np
    >>> view = build_csr(3, np.array([0, 2, 0]), np.array([2, 0, 1]), symmetric=True, merge=True)
    >>> view.indptr.tolist(), view.indices.tolist(), view.weights.tolist()
    ([0, 2, 3, 4], [1, 2, 0, 0], [1.0, 2.0, 1.0, 2.0])
    """
    _check(n, src, dst, weights)
    from graphrisk_algorithms.kernels import csr_kernels as kernels

    turned = kernels.row_starts(n, dst, src, symmetric)
    by_end = kernels.fill(turned, dst, src, symmetric)
    starts = turned if symmetric else kernels.row_starts(n, src, dst, symmetric)
    indices, positions = kernels.transposed(turned, *by_end, starts)
    del by_end
    heavy = np.ones(len(indices)) if weights is None else weights[positions]
    if merge:
        starts, kept = kernels.sum_parallel(starts, indices, heavy, positions)
        return Csr(starts, indices[:kept].copy(), heavy[:kept].copy(), positions[:kept].copy())
    return Csr(starts, indices, heavy, positions)


def _check(n: int, src: Int64Array, dst: Int64Array, weights: Float64Array | None) -> None:
    if len(src) != len(dst) or (weights is not None and len(weights) != len(src)):
        raise ValueError("edge columns differ in length")
    if n > _LARGEST or len(src) > _LARGEST:
        raise ValueError(f"more than {_LARGEST} nodes or edges do not fit an int32 view")
    for ends in (src, dst):
        if len(ends) and (int(ends.min()) < 0 or int(ends.max()) >= n):
            raise ValueError(f"an edge ends outside 0..{n - 1}")
