"""Numbers that call many strangers for a few days and are thrown away."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Clue
from graphrisk_algorithms.evidence.calls import Calls
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.transfers import DAY
from graphrisk_algorithms.graph import Float64Array, Int64Array

_SHORT = 15  # seconds a call below which nobody was told anything


@dataclass(frozen=True, slots=True)
class Burst:
    """When a number calls in a burst. All four are needed; each keeps somebody honest apart.

    ``least_callees``: a number that is hardly used tells nothing. ``strangers``: a courier's and a
    hospital's callees call back. ``life_days``: a call centre's and a courier's numbers live on,
    a cell's are rotated every one to five days. ``a_day``: a seldom used second number meets few.
    """

    least_callees: int
    strangers: float  # share of callees, called seldom and never calling back
    life_days: float  # from the first to the last call
    a_day: float  # different callees


@dataclass(frozen=True, slots=True)
class CallBursts:
    """Of each node: whether it calls enough to be judged, and whether it does so in a burst."""

    busy: BoolArray
    bursting: BoolArray
    callees: Int64Array
    unheard: Float64Array  # share of its callees with whom nothing was said: empty, refused, cut
    life: Float64Array  # days

    def clue(self, pool: Int64Array) -> Clue | None:
        """How many numbers of a pool burst, against the other busy callers; ``None``: nobody busy.

        Null: each busy number is in a burst at the others' rate, by Laplace's estimate (binomial).
        """
        mine = pool[self.busy[pool]]
        if not len(mine):
            return None
        seen = int(self.bursting[mine].sum())
        others, bursts = int(self.busy.sum()) - len(mine), int(self.bursting.sum()) - seen
        usual = (bursts + 1) / (others + 2)
        values = {
            "numbers": len(mine),
            "bursts": seen,
            "callees": int(self.callees[mine].sum()),
            "unheard": round(float(np.average(self.unheard[mine], weights=self.callees[mine])), 4),
            "days": math.ceil(float(np.median(self.life[mine]))),
            "usual": round(usual, 4),
        }
        return Clue("calls_in_bursts", binomial_surprise(seen, len(mine), usual), values)


def call_bursts(calls: Calls, n: int, burst: Burst) -> CallBursts:
    """Read from pair sums: linear in pairs.

    Cannot see who is called nor what is said: an honest survey on throw-away numbers looks the
    same, which is why a burst alone makes no finding. The window of the data cuts lives short: a
    number first used on the last days seems to live no longer.
    Source: abnormal-traffic rules of fraud-call screening as in arXiv 2303.17334, section 3.
    """
    begin = np.full(n, np.iinfo(np.int64).max)
    end = np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(begin, calls.caller, calls.first)
    np.maximum.at(end, calls.caller, calls.last)
    called = calls.callees > 0
    life = np.where(called, end - np.where(called, begin, end), 0) / DAY
    count = np.maximum(calls.callees, 1)
    short = calls.seconds < _SHORT * calls.count
    unheard = np.bincount(calls.caller[short], minlength=n) / count
    busy = calls.callees >= burst.least_callees
    bursting = busy & (calls.strangers >= burst.strangers * count)
    bursting &= life <= burst.life_days
    bursting &= calls.callees >= burst.a_day * np.maximum(life, 1.0)
    return CallBursts(busy, bursting, calls.callees, unheard, life)
