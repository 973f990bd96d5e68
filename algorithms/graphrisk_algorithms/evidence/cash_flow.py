"""What the daily totals of one till tell: does it pay old depositors with the money of new ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.graph import Float64Array

_FEW = 4  # days below which no rank correlation says anything
_WEEK = 7
_PERFECT = 1.0 - 1e-9
_TINY = 1e-12
_CAP = 60.0  # beyond this a tail says only "never by chance"


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What a till took in and paid out on each day, in any one unit; day 0 is the first."""

    received: Float64Array
    paid: Float64Array

    def until(self, day: int) -> CashFlow:
        """What was known in the evening of ``day``."""
        return CashFlow(self.received[: day + 1], self.paid[: day + 1])

    def __len__(self) -> int:
        return len(self.received)


@dataclass(frozen=True, slots=True)
class PonziWatch:
    """Tells a scheme from its till: payouts that rise and fall with deposits of days before.

    Sees three things, all of them needed. *Ratio*: ``least_ratio`` of what came in went out again
    (a shop, a collection or an insurer keeps more, or pays once). *Swing*: deposits of a day that
    stray by ``least_swing`` times their mean or more, for a scheme grows by word of mouth and
    stalls, where fees, wages and clubs keep a calendar and a price. *Follows*: over days with any
    movement, payouts rank as the deposits of up to ``longest_term`` days before them (Spearman;
    corrected for the terms tried), for there is nothing else to pay from.
    Cannot see who paid and who was paid, nor what borrowers repay: an intermediary who passes on a
    few large sums of strangers within days (an escrow agent) looks the same. Rank correlation of
    two growing streams is no proof either; that is what ratio and swing are for.
    Cost: one sort of the days so far for each day and term on which ratio and swing hold.
    Source: cash flows of 13 schemes, Bartoletti, Pes and Serusi, arXiv 1803.00646; payouts from
    deposits are what article 2 of Regulation 737 of the State Council describes.
    """

    least_ratio: float = 0.5  # interest is some hundredths; 13 of 13 real schemes end near 1
    least_swing: float = 1.0  # a day strays by more than its mean
    least_days: int = 4  # with a payout, and with a deposit
    longest_term: int = 3  # days; schemes on a blockchain promise doubling within days
    least_surprise: float = 3.0  # one till in a thousand by chance

    def alarm(self, flow: CashFlow) -> int | None:
        """The first day in whose evening all three held; ``None``: on no day."""
        days = np.arange(1, len(flow) + 1)
        took, gave = np.cumsum(flow.received), np.cumsum(flow.paid)
        busy = np.cumsum(flow.received > 0), np.cumsum(flow.paid > 0)
        count = np.maximum(busy[0], 1)
        mean = took / count
        variance = np.maximum(np.cumsum(flow.received**2) / count - mean**2, 0.0)
        ripe = np.minimum(*busy) >= self.least_days
        ripe &= gave >= self.least_ratio * took
        ripe &= np.sqrt(variance) >= self.least_swing * mean
        # A day without movement brings no new evidence.
        ripe &= (flow.received > 0) | (flow.paid > 0)
        for day in (days[ripe] - 1).tolist():
            if follows(flow.until(day), self.longest_term) >= self.least_surprise:
                return int(day)
        return None


def follows(flow: CashFlow, longest: int) -> float:
    """-log10 P(payouts rank with deposits of some days before as closely), at the best term.

    >>> paid = np.array([0.0, 0.0, 5.0, 1.0, 9.0, 2.0, 7.0, 3.0])
    >>> follows(CashFlow(np.append(paid[2:], [0.0, 0.0]), paid), 3) > 3
    True
    """
    terms = range(min(longest, len(flow) - 1) + 1)
    best = max((_ranks_alike(flow, term) for term in terms), default=0.0)
    return max(best - math.log10(max(len(terms), 1)), 0.0)


def stalled(flow: CashFlow, window: int) -> float:
    """How far deposits of the last ``window`` days fell below the best such days; 0 to 1.

    >>> stalled(CashFlow(np.array([1.0, 4.0, 4.0, 1.0]), np.zeros(4)), 2)
    0.375
    """
    total = np.cumsum(np.append(0.0, flow.received))
    if len(flow) < window:
        return 0.0
    moving = total[window:] - total[:-window]
    best = float(moving.max(initial=0.0))
    return 1.0 - float(moving[-1]) / best if best else 0.0


def _ranks_alike(flow: CashFlow, term: int) -> float:
    """Partial rank correlation of payouts and deposits ``term`` days before, as a surprise.

    What deposits one week earlier explain is taken off: growth, weekdays and sellers who are paid
    after a week make two streams alike of which neither pays for the other.
    """
    from scipy import stats

    before, paid = flow.received[: len(flow) - term], flow.paid[term:]
    moved = (before > 0) | (paid > 0)
    count = int(moved.sum())
    if count < _FEW:
        return 0.0
    earlier = np.append(np.zeros(_WEEK), before)[: len(before)]
    x, y, z = (_centred(stats.rankdata(one[moved])) for one in (before, paid, earlier))
    xy, xz, yz = float(x @ y), float(x @ z), float(y @ z)
    rho = (xy - xz * yz) / math.sqrt(max((1.0 - xz**2) * (1.0 - yz**2), _TINY))
    rho = min(max(rho, -_PERFECT), _PERFECT)
    statistic = rho * math.sqrt((count - 3) / (1.0 - rho**2))
    return min(float(-stats.t.logsf(statistic, count - 3)) / math.log(10.0), _CAP)


def _centred(ranks: Float64Array) -> Float64Array:
    """Mean 0 and length 1; all equal: zeros."""
    away: Float64Array = ranks - ranks.mean()
    length = float(np.sqrt(away @ away))
    return away / length if length else away
