"""Small circles that keep to themselves, looked for about one node after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr import Csr

_CAP = 60.0  # beyond this a tail says only "never by chance"
_COMMON = 3  # of two circles that share one in so many members only the better is kept


@dataclass(frozen=True, slots=True)
class Search:
    """How circles are looked for."""

    restart: float  # chance that a walk ends at each step: its length is one over this
    precision: float  # what of a walk is not followed, a share of it for each end of a tie
    least: int  # members
    most: int


def circles(view: Csr, ends: Int64Array, tied: int, search: Search) -> list[Int64Array]:
    """Circles of the view, the least likely by chance first; each ascends, no two share a third.

    A walk from a node stays about it; the nodes in the order of how often it is there, for each of
    their ends, are cut where those before the cut have the most ties among themselves beyond chance
    (``closed_surprise``). Every node with two ties or more is started from.
    Cannot see circles whose members have most of their ties in the view with others, for walks get
    lost there, nor more than ``search.most`` members.
    Cost: at most one over restart and precision for each start.
    Source: Andersen, Chung and Lang 2006, doi:10.1109/FOCS.2006.44.

    Args:
        view: Symmetric, no two entries of a row alike: the ties that are looked at. Weights say
            nothing.
        ends: Of each node, all its ties, also such as the view leaves out: they lead away.
        tied: How many nodes a circle might have been made of.
        search: The measures of the search.

    >>> from graphrisk_algorithms.kernels.csr import build_csr
    >>> one, other = np.array([0, 0, 1, 3, 3, 4, 2]), np.array([1, 2, 2, 4, 5, 5, 3])
    >>> view = build_csr(6, one, other, symmetric=True)
    >>> found = circles(view, np.diff(view.indptr), 6, Search(0.15, 1e-4, 3, 5))
    >>> sorted(circle.tolist() for circle in found)
    [[0, 1, 2], [3, 4, 5]]
    """
    from graphrisk_algorithms.kernels import circles_kernels as kernels

    seeds = np.flatnonzero(np.diff(view.indptr) > 1)
    sizes, members, worth = kernels.around(
        view.indptr,
        view.indices,
        ends,
        seeds,
        search.restart,
        search.precision,
        search.least,
        search.most,
        float(ends.sum()),
        tied,
    )
    groups = np.split(members, np.cumsum(sizes)[:-1]) if len(seeds) else []
    taken = np.zeros(view.n, np.bool_)
    found = []
    for place in np.argsort(-worth, kind="stable").tolist():
        circle = groups[place]
        if len(circle) and _COMMON * int(taken[circle].sum()) < len(circle):
            taken[circle] = True
            found.append(np.sort(circle))
    return found


def closed_surprise(inside: int, ends: int, all_ends: int, choices: dict[int, int]) -> float:
    """-log10 of the chance that *some* such group has as many ties inside, at least 0.

    Null: every node keeps its number of ends, and all ends are joined at random; ties inside are
    then about Poisson, of which Chernoff's bound is taken, and every group counts that might have
    been chosen instead.

    Args:
        inside: Ties inside, each once.
        ends: Of all members.
        all_ends: Of all nodes.
        choices: How many members were chosen from among how many nodes: ``{among: members}``.

    >>> closed_surprise(2, 40, 200, {50: 6})
    0.0
    >>> closed_surprise(40, 100, 200_000, {10_000: 16}) > 30
    True
    """
    expected = ends * ends / max(2.0 * all_ends, 1.0)
    if inside <= expected:
        return 0.0
    tail = inside * math.log(inside / expected) - inside + expected
    ways = sum(
        members * (math.log(max(among / members, 1.0)) + 1.0)
        for among, members in choices.items()
        if members
    )
    return min(max(tail - ways, 0.0) / math.log(10.0), _CAP)
