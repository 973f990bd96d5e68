"""Groups who act on one thing and on nothing else: throwaway accounts behind one shop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.graph import Int64Array

_LN10 = float(np.log(10.0))


@dataclass(frozen=True, slots=True)
class ThrowawayGroup:
    """``members`` ascend; all of them acted on ``target`` once and on nothing else.

    ``surprise`` is -log10 of the chance that as many of the target's actors are such, when each is
    with the share of all, corrected for the targets looked at.
    """

    target: int
    members: Int64Array
    surprise: float


def throwaway_groups(
    n: int, src: Int64Array, dst: Int64Array, suspect: BoolArray, least_surprise: float = 3.0
) -> list[ThrowawayGroup]:
    """Targets with more single-use actors than chance deals to them, most surprising first.

    Dense blocks are what this is not: who shares many targets with others is a loyal customer, and
    throwaway accounts share one. Cannot see rings that reuse their accounts; a place that strangers
    visit once in their life (a wedding hall, an airport) has such actors as well.
    Cost: ``m log m`` in edges.
    Source: singleton reviewers as in Xie and others 2012, doi:10.1145/2339530.2339662.

    Args:
        n: Number of nodes.
        src: Actor of each edge.
        dst: Target of each edge.
        suspect: Of each edge: whether its content or behaviour looks suspect; all, where nothing
            of the kind is known.
        least_surprise: One group in a thousand looked at by chance.
    """
    from scipy import stats

    once = (np.bincount(src, minlength=n)[src] == 1) & suspect
    actors = np.bincount(dst, minlength=n)
    held = np.bincount(dst[once], minlength=n)
    targets = np.flatnonzero(held)
    share = float(once.mean()) if len(once) else 0.0
    tail = stats.binom.logsf(held[targets] - 1, actors[targets], share)
    surprise = -tail / _LN10 - np.log10(max(len(np.unique(dst)), 1))
    order = np.lexsort((targets, -surprise))
    rows = np.flatnonzero(once)
    rows = rows[np.lexsort((src[rows], dst[rows]))]
    begin = np.searchsorted(dst[rows], targets)
    return [
        ThrowawayGroup(
            int(targets[one]),
            src[rows[begin[one] : begin[one] + held[targets[one]]]],
            round(float(surprise[one]), 6),
        )
        for one in order.tolist()
        if surprise[one] >= least_surprise
    ]
