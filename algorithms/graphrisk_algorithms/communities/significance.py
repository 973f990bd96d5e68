"""How surprising a community is in a random graph of the same degrees, exactly."""

from __future__ import annotations

import math

import numpy as np

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr import Csr

_LN10 = math.log(10.0)


def surprises(view: Csr, labels: Int64Array) -> Float64Array:
    """-log10 of the chance that *some* group does as well as each community, at least 0.

    Null: every node keeps its number of ties, and all ends of ties are joined at random (the
    configuration model). A given group of k ends then holds j of the m pairs with probability
    ``m! 2^(k-2j) / (j! (k-2j)! (m-k+j)!) / C(2m, k)``; the tail is summed. Who looks for close
    groups finds the closest of very many, in noise as well: the tail counts once for each group of
    that many nodes (of those that have ties), and for each size, ``n * C(n, size)`` times. So a
    community of noise never surprises; nor does a true one of few nodes and few ties.

    Args:
        view: Symmetric, no two entries of a row alike. Weights say nothing: a pair is a tie.
        labels: Community of each node, numbered from 0.

    Cost: linear in entries, plus the pairs of the communities.
    Source: Bender and Canfield 1978, doi:10.1016/0097-3165(78)90059-6 (the model); the correction
    is a union bound, as for the densest of all subgraphs.
    """
    from graphrisk_algorithms.kernels import consensus_kernels as kernels

    sizes = np.bincount(labels).astype(np.int64, copy=False)
    inside, ends = kernels.inside_and_ends(view.indptr, view.indices, labels, len(sizes))
    pairs, tied = int(ends.sum()) // 2, int((np.diff(view.indptr) > 0).sum())
    found = np.zeros(len(sizes))
    for cell in np.flatnonzero(inside > 0).tolist():
        size = int(sizes[cell])
        tail = kernels.matching_tail(int(inside[cell]), int(ends[cell]), pairs)
        ways = math.lgamma(tied + 1) - math.lgamma(size + 1) - math.lgamma(tied - size + 1)
        found[cell] = max(-(tail + ways + math.log(tied)) / _LN10, 0.0)
    return found
