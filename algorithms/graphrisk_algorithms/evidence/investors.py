"""How investors of a platform came and what they got back: referral trees, returns on deposit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Clue
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise, poisson_surprise
from graphrisk_algorithms.evidence.transfers import Transfers
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.joins import distinct_pairs
from graphrisk_algorithms.kernels.pairs import edges_of

_SHUFFLES = 20  # other depositors whose deposits each payout is held against
_NEAR = 0.005  # of a ratio: rounding, and a day's interest


@dataclass(frozen=True, slots=True)
class Returns:
    """Payouts held against the latest deposit that the same investor had made before.

    Source: the return-on-deposit test; payouts are a regular share of the payee's own principal
    (article 2 of Regulation 737 of the State Council: promise of principal and return).
    """

    payouts: int  # to whoever had paid in before
    regular: int  # of these: at the commonest ratio
    ratio: float
    usual: float  # share at that ratio when investors' deposits are exchanged

    def clue(self) -> Clue:
        """Against deposits of other investors (binomial)."""
        values = {
            "regular": self.regular,
            "payouts": self.payouts,
            "ratio": round(self.ratio, 4),
            "usual": round(self.usual, 4),
        }
        surprise = binomial_surprise(self.regular, self.payouts, self.usual)
        return Clue("returns_on_deposit", surprise, values)


def returns_of(transfers: Transfers, deposits: Int64Array, payouts: Int64Array) -> Returns | None:
    """From positions of transfers into and out of the tills; ``None`` where nothing came back.

    Cannot tell a scheme from a bank, which also pays principal and interest. ``m log m``.
    """
    before = _last_before(transfers, deposits, payouts)
    rows, before = payouts[before != NOBODY], before[before != NOBODY]
    if not len(rows):
        return None
    own = transfers.amount[rows] / transfers.amount[before]
    best, regular = _commonest(own)
    others = [
        _share_near(transfers.amount[rows] / np.roll(transfers.amount[before], shift), best)
        for shift in range(1, min(_SHUFFLES, len(rows) - 1) + 1)
    ]
    usual = (sum(others) * len(rows) + 1.0) / (len(others) * len(rows) + 2.0)
    return Returns(len(rows), regular, best, usual)


def _last_before(transfers: Transfers, deposits: Int64Array, payouts: Int64Array) -> Int64Array:
    """Of each payout the position of its payee's latest deposit before; ``NOBODY`` if none.

    Positions of transfers are in order of time.
    """
    total = len(transfers)
    keys = np.sort(transfers.src[deposits] * total + deposits)
    found = np.searchsorted(keys, transfers.dst[payouts] * total + payouts) - 1
    key = keys[np.maximum(found, 0)] if len(keys) else np.full(len(payouts), -1)
    met = (found >= 0) & (key // total == transfers.dst[payouts])
    return np.where(met, key % total, NOBODY)


def _commonest(ratios: Float64Array) -> tuple[float, int]:
    """The ratio that most others are near to, and how many these are; the least of several."""
    ranked = np.sort(ratios)
    low = np.searchsorted(ranked, ranked * (1.0 - _NEAR), side="left")
    high = np.searchsorted(ranked, ranked * (1.0 + _NEAR), side="right")
    best = int(np.argmax(high - low))
    return float(ranked[best]), int((high - low)[best])


def _share_near(ratios: Float64Array, ratio: float) -> float:
    return float((np.abs(ratios - ratio) <= _NEAR * ratio).mean())


@dataclass(frozen=True, slots=True)
class Referrals:
    """Who of the promoters called which investor shortly before his first deposit."""

    promoters: int  # who brought somebody
    investors: int
    brought: int
    expected: float
    fan: int  # investors of the promoter who brought most
    depth: int  # layers of promoters who talk with each other, from the first one

    def clue(self, commissions: int) -> Clue:
        """Against calls at any other time (Poisson); ``commissions`` in fen."""
        values = {
            "brought": self.brought,
            "investors": self.investors,
            "promoters": self.promoters,
            "fan": self.fan,
            "depth": self.depth,
            "amount": commissions,
            "usual": round(self.expected, 2),
        }
        return Clue("brought_in", poisson_surprise(self.brought, self.expected), values)


def referrals_of(
    graph: RiskGraph,
    promoters: Int64Array,
    investors: Int64Array,
    joined: Int64Array,
    window: int,
) -> Referrals:
    """From persons, and the time of each investor's first deposit; linear in calls.

    ``promoters`` are in the order in which they were first paid. A pair's sum knows its first and
    last call only. Null: these fall anywhere in the time of the calls, whenever he paid.
    """
    owner, calls = source_of(graph, "OWNS_PHONE"), edges_of(graph, "CALLED")
    caller, callee = owner[calls.src], owner[calls.dst]
    place = np.full(graph.n, NOBODY)
    place[investors] = np.arange(len(investors))
    told = (caller != NOBODY) & (callee != NOBODY) & np.isin(caller, promoters)
    to_investor = np.flatnonzero(told & (place[callee] != NOBODY))
    first, last = (
        np.asarray(calls.columns.get(name, calls.eid), np.int64) for name in ("first", "last")
    )
    when = joined[place[callee[to_investor]]]
    near: BoolArray = np.zeros(len(to_investor), np.bool_)
    for moment in (first[to_investor], last[to_investor]):
        near |= (when - moment >= 0) & (when - moment <= window)
    span = max(int(last.max()) - int(first.min()), 1) if len(last) else 1
    known = np.unique(callee[to_investor])
    by, _ = distinct_pairs(caller[to_investor[near]], callee[to_investor[near]])
    count = np.bincount(by, minlength=1)
    among = np.flatnonzero(told & np.isin(callee, promoters))
    # Two moments a pair; an investor whom several promoters call has more of them.
    chance = min(2.0 * window / span, 1.0) * len(to_investor) / max(len(known), 1)
    return Referrals(
        promoters=len(np.unique(by)),
        investors=len(investors),
        brought=len(np.unique(callee[to_investor[near]])),
        expected=len(known) * min(chance, 1.0),
        fan=int(count.max()),
        depth=_depth(promoters, caller[among], callee[among]),
    )


def _depth(promoters: Int64Array, src: Int64Array, dst: Int64Array) -> int:
    """Layers reached from the first promoter along calls, either way; 1 is he alone."""
    if not len(promoters):
        return 0
    reached, depth = promoters[:1], 1
    while True:
        near = np.concatenate([reached, dst[np.isin(src, reached)], src[np.isin(dst, reached)]])
        wider = np.unique(near)
        if len(wider) == len(reached):
            return depth
        reached, depth = wider, depth + 1
