"""Dealings of strangers: who paid whom large sums again, and which dealings keep step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.transfers import DAY, Transfers
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.joins import among, distinct_pairs
from graphrisk_algorithms.kernels.pairs import edges_of

_WEEK = 7 * DAY
_MONTH = (28 * DAY, 31 * DAY)
_EVEN = 3  # gaps; two are alike by chance now and then
_SHORTEST = 6 * DAY  # wages are paid weekly at most; what runs every few days is no pay day


@dataclass(frozen=True, slots=True)
class Dealings:
    """Pairs (payer, payee), and the transfers of each, by dealing, then time."""

    payer: Int64Array
    payee: Int64Array
    times: Int64Array  # transfers of each dealing
    of: Int64Array  # dealing of each transfer
    eid: Int64Array
    at: Int64Array
    amount: Int64Array
    span: int  # ms from the first to the last transfer of the whole ledger

    def __len__(self) -> int:
        return len(self.payer)

    def only(self, kept: BoolArray) -> Dealings:
        """Some of the dealings, numbered anew."""
        rows = kept[self.of]
        columns = (self.eid[rows], self.at[rows], self.amount[rows])
        of = (np.cumsum(kept) - 1)[self.of[rows]]
        ends = (self.payer[kept], self.payee[kept], self.times[kept])
        return Dealings(*ends, of, *columns, self.span)

    def off_calendar(self, tolerance: int) -> BoolArray:
        """Which keep neither weeks and months, nor a period of their own, to ``tolerance`` ms.

        A period of its own takes ``_EVEN`` gaps or more of one length, none shorter than
        ``_SHORTEST``: wages every ten days, every fortnight or twice a month.
        """
        gap, within = np.diff(self.at), self.of[1:] == self.of[:-1]
        weeks = np.maximum(np.round(gap / _WEEK), 1)
        regular = np.abs(gap - weeks * _WEEK) <= tolerance
        regular |= (gap >= _MONTH[0] - tolerance) & (gap <= _MONTH[1] + tolerance)
        of, gap = self.of[1:][within], gap[within]
        odd = np.bincount(of[~regular[within]], minlength=len(self)) > 0
        shortest = np.full(len(self), np.iinfo(np.int64).max)
        longest = np.zeros(len(self), np.int64)
        np.minimum.at(shortest, of, gap)
        np.maximum.at(longest, of, gap)
        even = (np.bincount(of, minlength=len(self)) >= _EVEN) & (shortest >= _SHORTEST)
        even[even] = (longest - shortest)[even] <= 2 * tolerance
        off: BoolArray = odd & ~even
        return off

    def adjacent(self, most: int) -> Int64Array:
        """Pairs of dealings with an account in common; one of more than ``most`` joins nobody."""
        account = np.concatenate([self.payer, self.payee])
        dealing = np.tile(np.arange(len(self)), 2)
        order = np.argsort(account, kind="stable")
        account, dealing = account[order], dealing[order]
        begin, end = (np.searchsorted(account, account, side) for side in ("left", "right"))
        few = np.flatnonzero(end - begin <= most)
        later = end[few] - few - 1
        first = np.repeat(few, later)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
        low, high = np.sort([dealing[first], dealing[second]], axis=0)
        return np.column_stack(distinct_pairs(low, high))

    def in_step(self, pairs: Int64Array, window: int) -> Float64Array:
        """How surprising it is that two dealings' transfers fall within ``window`` ms together.

        Null: each of one dealing's transfers meets one of the other's in proportion to the time
        that these take up (binomial). Of both directions the less surprising one.
        """
        one, other = pairs.T
        return np.minimum(self._meets(one, other, window), self._meets(other, one, window))

    def _meets(self, mine: Int64Array, theirs: Int64Array, window: int) -> Float64Array:
        from scipy import stats

        count, start = self.times[mine], np.cumsum(self.times) - self.times
        index = np.repeat(np.arange(len(mine)), count)
        row = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
        at = self.at[start[mine][index] + row]
        # Dealings lie further apart than any window, so one search finds who is near in the other.
        low, wide = int(self.at.min(initial=0)) - window, self.span + 2 * window + 1
        moment = self.of * wide + self.at - low
        wanted = theirs[index] * wide + at - low
        begin = np.searchsorted(moment, wanted - window, "left")
        near = np.searchsorted(moment, wanted + window, "right") > begin
        chance = np.minimum(self.times[theirs] * 2 * window / self.span, 1.0)
        met = np.bincount(index, near, len(mine))
        surprise: Float64Array = stats.binom.logsf(met - 1, count, chance) / -np.log(10.0)
        return surprise


def dealings_of(graph: RiskGraph, transfers: Transfers, material: float, most: int) -> Dealings:
    """Who paid whom two to ``most`` times, large sums on average, and is a stranger to him.

    Large: the mean is above the quantile ``material`` of all amounts. Strangers: two holders (an
    account without one counts as one) who never called each other and of whom only one ever paid.
    Always the very same sum is a price and no dealing. ``m log m``.
    """
    least = np.quantile(transfers.amount, material)
    pair = transfers.src * graph.n + transfers.dst
    order = np.argsort(pair, kind="stable")
    start = np.flatnonzero(np.diff(pair[order], prepend=-1))
    times = np.diff(start, append=len(order))
    amount, names = transfers.amount[order], pair[order[start]]
    kept = (times >= 2) & (times <= most)
    kept &= np.maximum.reduceat(amount, start) > np.minimum.reduceat(amount, start)
    kept &= np.add.reduceat(amount, start) >= least * times
    payer, payee = np.divmod(names, graph.n)
    some = np.flatnonzero(kept)
    back = payee[some] * graph.n + payer[some]
    paid_back = names[np.minimum(np.searchsorted(names, back), len(names) - 1)] == back
    kept[some] = ~paid_back & _strangers(graph, payer[some], payee[some])
    columns = (transfers.eid[order], transfers.at[order], amount)
    of, span = np.repeat(np.arange(len(start)), times), int(transfers.at[-1] - transfers.at[0]) + 1
    return Dealings(payer, payee, times, of, *columns, span).only(kept)


def _strangers(graph: RiskGraph, payer: Int64Array, payee: Int64Array) -> BoolArray:
    """Whether the holders are two, and never called each other."""
    holder, owner = source_of(graph, "HOLDS"), source_of(graph, "OWNS_PHONE")
    ends = np.sort([holder[payer], holder[payee]], axis=0)
    deals = np.zeros(graph.n + 1, np.bool_)  # the last place stands for nobody
    deals[ends] = True
    deals[NOBODY] = False
    calls = edges_of(graph, "CALLED")
    talk = np.sort([owner[calls.src], owner[calls.dst]], axis=0)
    talk = talk[:, deals[talk].all(axis=0)]
    met = among(ends[0] * graph.n + ends[1], talk[0] * graph.n + talk[1])
    strangers: BoolArray = ((ends[0] != ends[1]) & ~met) | (ends[0] == NOBODY)
    return strangers
