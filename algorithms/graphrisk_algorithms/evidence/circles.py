"""Circles of numbers: communities among some of them, widened by whoever belongs to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.columns import NOBODY, source_of, state_of
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.joins import entries_of, groups_of
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.pairs import edges_of

_ROUNDS = 10  # of widening; a circle that still grows then is no circle


@dataclass(frozen=True, slots=True)
class Contacts:
    """Which numbers talk with each other, and what is known of their owners."""

    view: Csr  # pairs of numbers
    owner: Int64Array  # of each node: the person whose number it is, else ``NOBODY``
    count: Int64Array  # contacts of each number
    second: BoolArray  # numbers in use whose owner has another one in use
    met: BoolArray  # numbers in use whose owner was seen meeting somebody
    seen: BoolArray  # of each entry of ``view``: whether the owners were seen meeting each other

    @classmethod
    def of(cls, graph: RiskGraph) -> Contacts:
        """Join CALLED, OWNS_PHONE and ASSOCIATED_WITH between persons. ``m log m``."""
        owner = source_of(graph, "OWNS_PHONE")
        view = _between_homes(graph, owner)
        count = np.diff(view.indptr)
        known = np.flatnonzero((owner != NOBODY) & (count > 0))
        numbers = np.bincount(owner[known], minlength=graph.n)
        meetings = edges_of(graph, "ASSOCIATED_WITH")
        mets = np.zeros(graph.n, np.bool_)
        mets[np.append(meetings.src, meetings.dst)] = True
        second, met = np.zeros((2, graph.n), np.bool_)
        second[known], met[known] = numbers[owner[known]] > 1, mets[owner[known]]
        left, right = owner[np.repeat(np.arange(graph.n), count)], owner[view.indices]
        pair = np.minimum(left, right) * graph.n + np.maximum(left, right)
        ends = np.sort([meetings.src, meetings.dst], axis=0)
        seen = np.isin(pair, ends[0] * graph.n + ends[1]) & (left != right) & (left != NOBODY)
        return cls(view, owner, count, second, met, seen)

    def communities(self, of: BoolArray, resolution: float, seed: int) -> list[Int64Array]:
        """Numbers of each community among the numbers ``of`` which talk with each other.

        By modularity; each ascends. Near-linear in the pairs.
        """
        numbers = np.flatnonzero(of)
        place = np.full(self.view.n, NOBODY)
        place[numbers] = np.arange(len(numbers))
        index, other, _ = entries_of(self.view, numbers)
        weight = self.view.weights[_entries(self.view, numbers)]
        inner = (place[other] != NOBODY) & (index < place[other])
        among = build_csr(
            len(numbers), index[inner], place[other[inner]], weight[inner], symmetric=True
        )
        labels = Leiden(resolution=resolution, seed=seed).communities(among)
        return [numbers[group] for group in groups_of(labels) if len(group) > 1]

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
            chance = self.count[circle].sum() / max(len(self.view), 1)
            tail = stats.binom.logsf(inside - 1, self.count[number], chance) / -np.log(10.0)
            wider = np.union1d(circle, number[tail >= surprise])
            if len(wider) == len(circle):
                return circle
            circle = wider
        return None

    def touches(self, circle: Int64Array, other: Int64Array) -> bool:
        """Whether a third of the numbers belong to the other circle or have a contact there."""
        index, near, _ = entries_of(self.view, circle)
        belongs = np.isin(circle, other)
        belongs[index[np.isin(near, other)]] = True
        return 3 * int(belongs.sum()) >= len(circle)

    def between_second(self, circle: Int64Array) -> int:
        """Entries of the circle among itself that tie two second numbers."""
        own = circle[self.second[circle]]
        return len(self.inside(own)[1])

    def inside(self, circle: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Ends (positions in the circle) of its entries among itself, and the entries."""
        index, other, _ = entries_of(self.view, circle)
        among = np.isin(other, circle)
        return index[among], _entries(self.view, circle)[among]


def _between_homes(graph: RiskGraph, owner: Int64Array) -> Csr:
    """Pairs of numbers that talk, whose owners share neither a home nor the handset."""
    home, device = state_of(graph, "RESIDES_AT")[owner], state_of(graph, "USES_DEVICE")
    calls = edges_of(graph, "CALLED")
    apart = calls.src != calls.dst
    for shared in (owner, np.where(owner == NOBODY, NOBODY, home), device):
        left, right = shared[calls.src], shared[calls.dst]
        apart &= (left != right) | (left == NOBODY)
    view = build_csr(graph.n, calls.src[apart], calls.dst[apart], symmetric=True, merge=True)
    weights: Float64Array = np.log2(1.0 + view.weights)
    return Csr(view.indptr, view.indices, weights, view.positions)


def _entries(view: Csr, rows: Int64Array) -> Int64Array:
    """Places in the view of all entries of the rows."""
    count = view.indptr[rows + 1] - view.indptr[rows]
    before = np.cumsum(count) - count
    place: Int64Array = np.arange(int(count.sum())) + np.repeat(view.indptr[rows] - before, count)
    return place
