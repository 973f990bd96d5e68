"""Pairs that a graph of the same degrees would not have: closed, returned, repeated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.closure import common_neighbours
from graphrisk_algorithms.kernels.csr import build_csr
from graphrisk_algorithms.kernels.joins import among

_LN10 = float(np.log(10.0))
_CAP = 60.0  # beyond this a tail says only "never by chance"


@dataclass(frozen=True, slots=True)
class UnusualPairs:
    """One row a directed pair, by ``src``, then ``dst``; self-loops are left out.

    ``closed``, ``returned`` and ``repeated`` are surprises: -log10 of the chance that a graph in
    which everybody keeps his degrees gives as many common neighbours, the way back at all, or
    as many edges from one to the other.
    """

    n: int
    src: Int64Array
    dst: Int64Array
    count: Int64Array  # edges from src to dst
    closed: Float64Array
    returned: Float64Array
    repeated: Float64Array

    def of_nodes(self, surprise: Float64Array) -> Float64Array:
        """Sum over the pairs of each node, at either end.

        Each is corrected for the number of pairs that the node has (Bonferroni): who has many
        has some that look unusual.
        """
        ends = np.concatenate([self.src, self.dst])
        pairs = np.bincount(ends, minlength=self.n)
        twice = np.concatenate([surprise, surprise])
        beyond = np.maximum(twice - np.log10(np.maximum(pairs[ends], 1)), 0.0)
        total: Float64Array = np.bincount(ends, beyond, self.n).astype(np.float64, copy=False)
        return total


def unusual_pairs(n: int, src: Int64Array, dst: Int64Array) -> UnusualPairs:
    """Directed pairs of edge columns over ``n`` nodes, with how unusual each is.

    Null: ends of edges are dealt at random, degrees kept (configuration model); counts are Poisson.
    Common neighbours do not ask which way the edges point. A family's or a firm's pairs are closed
    and returned as well: this says where to look, not who is guilty.
    Cost: that of ``common_neighbours``; some 150 bytes an edge.
    Source: Newman 2010, Networks, chapter 13 (configuration model).
    """
    from scipy import stats

    proper = src != dst
    key, count = np.unique(src[proper] * n + dst[proper], return_counts=True)
    one, two = key // max(n, 1), key % max(n, 1)
    out, into = np.bincount(one, minlength=n), np.bincount(two, minlength=n)
    back = among(two * n + one, key)
    met = out[two] * into[one] / max(len(key), 1)  # expected edges from two to one
    returned = np.where(back, -np.log10(np.clip(met, 1e-12, 1.0)), 0.0)
    paid, got = (np.bincount(side[proper], minlength=n) for side in (src, dst))
    expected = paid[one] * got[two] / max(int(proper.sum()), 1)
    # That they deal with each other at all is no repetition: only what comes after the first.
    again = stats.poisson.logsf(count - 2, np.maximum(expected, 1e-12))
    repeated = np.where(count > 1, -again / _LN10, 0.0)
    closed = _closed(n, one, two)
    capped = (np.minimum(part, _CAP) for part in (closed, returned, repeated))
    return UnusualPairs(n, one, two, count, *capped)


def _closed(n: int, one: Int64Array, two: Int64Array) -> Float64Array:
    """Surprise of the common neighbours of each pair."""
    from scipy import stats

    if not len(one):
        return np.empty(0)
    view = build_csr(n, one, two, symmetric=True, merge=True)
    degree = np.diff(view.indptr).astype(np.float64)
    row = np.repeat(np.arange(n), np.diff(view.indptr))
    shared = common_neighbours(view)
    # A third is tied to both with the product of the chances: summed over all thirds.
    met = float((degree * (degree - 1.0)).sum()) / float(degree.sum()) ** 2
    expected = np.maximum(degree[row] * degree[view.indices] * met, 1e-12)
    surprise = -stats.poisson.logsf(shared - 1, expected) / _LN10
    place = np.searchsorted(row * n + view.indices, one * n + two)
    found: Float64Array = surprise[place]
    return found
