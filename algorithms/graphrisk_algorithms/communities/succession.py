"""Which community goes on from which of an earlier partition."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Int64Array

#: Below this overlap two communities are different ones that share some members.
LEAST_OVERLAP = 0.3


def successors(before: Int64Array, now: Int64Array) -> Int64Array:
    """For each community of ``now`` the one of ``before`` that it goes on from, or -1.

    Two go on into each other if each overlaps no other as much (Jaccard, at least 0.3; of equals
    that of the first node decides). So no earlier community goes on twice, but one of two that
    claim it may be born anew though half of it was there. Cost: linear in nodes.

    Args:
        before: Community of each node then, numbered from 0.
        now: Community of each node now, numbered from 0; nodes may have come.

    >>> before, now = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 2, 2, 1])
    >>> successors(before, now).tolist()
    [0, -1, 1]
    """
    from graphrisk_algorithms.kernels import consensus_kernels as kernels

    then = np.concatenate([before, np.full(len(now) - len(before), -1)])
    sizes, others = np.bincount(now), np.bincount(before)
    overlap, back = kernels.best_overlaps(now, sizes, then, others)
    if not len(others):
        return back
    _, ahead = kernels.best_overlaps(then, others, now, sizes)
    mutual = ahead[back] == np.arange(len(sizes))
    return np.where(mutual & (back >= 0) & (overlap >= LEAST_OVERLAP), back, -1)
