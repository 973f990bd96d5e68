"""Which ties are closed: how many neighbours the two ends of a tie have in common."""

from __future__ import annotations

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr import Csr


def common_neighbours(view: Csr) -> Int64Array:
    """For each entry of a symmetric view without self-loops: neighbours that both ends have.

    The row of an entry is its one end, its neighbour the other; no two entries of a row are alike.
    Both entries of a tie have the same count, which is the number of triangles on it.
    Cannot see weights or directions. Cost: the smaller degree of each tie, so ties times their
    square root at worst; 8 bytes an entry and a node.
    Source: Chiba and Nishizeki 1985, doi:10.1137/0214017.

    >>> import numpy as np
    >>> from graphrisk_algorithms.kernels.csr import build_csr
    >>> ring = build_csr(4, np.array([0, 1, 2, 2]), np.array([1, 2, 0, 3]), symmetric=True)
    >>> common_neighbours(ring).tolist()
    [1, 1, 1, 1, 1, 1, 0, 0]
    """
    from graphrisk_algorithms.kernels.closure_kernels import shared

    return shared(view.indptr, view.indices)
