"""Circles of numbers: who keeps to whom among some of them, and whoever else belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.columns import NOBODY, source_of, state_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.circles import Search, circles
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.joins import among, entries_of
from graphrisk_algorithms.kernels.pairs import edges_of

_SLACK = 0.01  # of a surprise: more than a sum in doubles may be wrong
_ROUNDS = 10  # of widening; a circle that still grows then is no circle


@dataclass(frozen=True, slots=True)
class Contacts:
    """Which numbers talk with each other, and what is known of their owners."""

    view: Csr  # pairs of numbers
    owner: Int64Array  # of each node: the person whose number it is, else ``NOBODY``
    count: Int64Array  # contacts of each number
    second: BoolArray  # numbers in use that their owners keep beside another one
    met: BoolArray  # numbers in use whose owner was seen meeting somebody
    seen: BoolArray  # of each entry of ``view``: whether the owners were seen meeting each other

    @classmethod
    def of(cls, graph: RiskGraph) -> Contacts:
        """Join CALLED, OWNS_PHONE and ASSOCIATED_WITH between persons. ``m log m``.

        A *second* number has fewer contacts than another number of its owner; or its owner has
        another one, and more of its contacts are second numbers than any number of the city would
        have by chance (binomial): the line of the centre of a circle is busier than his everyday
        one.
        """
        owner = source_of(graph, "OWNS_PHONE")
        view = _between_homes(graph, owner)
        count = np.diff(view.indptr)
        known = np.flatnonzero((owner != NOBODY) & (count > 0))
        meetings = edges_of(graph, "ASSOCIATED_WITH")
        mets = np.zeros(graph.n, np.bool_)
        mets[np.append(meetings.src, meetings.dst)] = True
        second, met = _second(view, owner, count, known), np.zeros(graph.n, np.bool_)
        met[known] = mets[owner[known]]
        left, right = owner[np.repeat(np.arange(graph.n), count)], owner[view.indices]
        pair = np.minimum(left, right) * graph.n + np.maximum(left, right)
        ends = np.sort([meetings.src, meetings.dst], axis=0)
        seen = among(pair, ends[0] * graph.n + ends[1]) & (left != right) & (left != NOBODY)
        return cls(view, owner, count, second, met, seen)

    def circles(self, of: BoolArray, search: Search) -> list[Int64Array]:
        """Circles among the numbers ``of``, which keep to themselves as far as they talk with such.

        What a number has of contacts outside ``of`` counts against its circle; how often two talk
        says nothing. Each ascends, the least likely first; cost as ``kernels.circles``.
        """
        row = np.repeat(np.arange(self.view.n), self.count)
        inner = of[row] & of[self.view.indices] & (row < self.view.indices)
        other = self.view.indices[inner].astype(np.int64)
        among = build_csr(self.view.n, row[inner], other, symmetric=True)
        return circles(among, self.count, int(of.sum()), search)

    def widened(self, circle: Int64Array, surprise: float, most: int) -> Int64Array | None:
        """The circle with whoever has more contacts in it than chance explains.

        None where more than ``most`` belong to it, or it never ends.
        Null: a contact is in the circle in proportion to the circle's contacts (binomial);
        ``surprise`` is what a number needs to join. Linear in the circle's contacts a round.
        """
        from scipy import stats

        for _ in range(_ROUNDS):
            if len(circle) > most:
                return None
            number, inside = np.unique(entries_of(self.view, circle)[1], return_counts=True)
            chance = float(self.count[circle].sum()) / max(len(self.view), 1)
            # Who has one contact in it hardly ever joins, and a tail costs more than a sum.
            single = -np.expm1(self.count[number] * np.log1p(-min(chance, 0.5)))
            likely = (inside > 1) | (single <= 10.0 ** (_SLACK - surprise))
            asked = likely & ~among(number, circle)
            number, inside = number[asked], inside[asked]
            if not len(number):
                return circle
            tail = stats.binom.logsf(inside - 1, self.count[number], chance) / -np.log(10.0)
            joins = number[tail >= surprise]
            if not len(joins):
                return circle
            circle = np.union1d(circle, joins)
        return None

    def touches(self, circle: Int64Array, other: Int64Array) -> bool:
        """Whether a third of the numbers belong to the other circle or have a contact there."""
        index, near, _ = entries_of(self.view, circle)
        belongs = among(circle, other)
        belongs[index[among(near, other)]] = True
        return 3 * int(belongs.sum()) >= len(circle)

    def between_second(self, circle: Int64Array) -> int:
        """Entries of the circle among itself that tie two second numbers."""
        own = circle[self.second[circle]]
        return len(self.inside(own)[1])

    def inside(self, circle: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Ends (positions in the circle) of its entries among itself, and the entries."""
        index, other, _ = entries_of(self.view, circle)
        inner = among(other, circle)
        return index[inner], _entries(self.view, circle)[inner]


def _second(view: Csr, owner: Int64Array, count: Int64Array, known: Int64Array) -> BoolArray:
    """Numbers kept beside another one, of the numbers in use whose owners are known."""
    from scipy import stats

    most = np.zeros(view.n, np.int64)
    np.maximum.at(most, owner[known], count[known])
    second = np.zeros(view.n, np.bool_)
    second[known] = count[known] < most[owner[known]]
    theirs = np.bincount(np.repeat(np.arange(view.n), count)[second[view.indices]], None, view.n)
    usual = theirs.sum() / max(len(view), 1)
    several = known[np.bincount(owner[known], minlength=view.n)[owner[known]] > 1]
    tail = stats.binom.logsf(theirs[several] - 1, count[several], usual) / -np.log(10.0)
    second[several[tail >= np.log10(max(len(known), 1))]] = True
    return second


def _between_homes(graph: RiskGraph, owner: Int64Array) -> Csr:
    """Pairs of numbers that talk, whose owners share neither a home nor the handset."""
    home, device = state_of(graph, "RESIDES_AT")[owner], state_of(graph, "USES_DEVICE")
    calls = edges_of(graph, "CALLED")
    apart = calls.src != calls.dst
    for shared in (owner, np.where(owner == NOBODY, NOBODY, home), device):
        left, right = shared[calls.src], shared[calls.dst]
        apart &= (left != right) | (left == NOBODY)
    return build_csr(graph.n, calls.src[apart], calls.dst[apart], symmetric=True, merge=True)


def _entries(view: Csr, rows: Int64Array) -> Int64Array:
    """Places in the view of all entries of the rows."""
    count = view.indptr[rows + 1] - view.indptr[rows]
    before = np.cumsum(count) - count
    place: Int64Array = np.arange(int(count.sum())) + np.repeat(view.indptr[rows] - before, count)
    return place
