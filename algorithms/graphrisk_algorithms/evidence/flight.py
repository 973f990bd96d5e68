"""Whether a till that took money of many has stopped to do so, and who took what was left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import Clue
from graphrisk_algorithms.evidence.cash_flow import CashFlow, stalled
from graphrisk_algorithms.evidence.nulls import scarcity_surprise
from graphrisk_algorithms.evidence.transfers import DAY, Transfers
from graphrisk_algorithms.graph import Int64Array

_LEAST_BEFORE = 2  # windows of business, without which nothing is known of what is usual


@dataclass(frozen=True, slots=True)
class Flight:
    """The last days of the ledger against what the till did before."""

    days: int
    dealings: int  # deposits and payouts to who had paid in, in these days
    expected: float  # of them, at the rate before
    fell: float  # deposits below those of the best such days, 0 to 1
    taken: int  # fen paid to anybody else in these days

    def clue(self) -> Clue:
        """Against dealings that go on as before (Poisson, lower tail)."""
        values = {
            "days": self.days,
            "dealings": self.dealings,
            "expected": round(self.expected, 2),
            "fell": round(self.fell, 4),
            "amount": self.taken,
        }
        return Clue("stalled", scarcity_surprise(self.dealings, self.expected), values)


def flight_of(
    transfers: Transfers, deposits: Int64Array, payouts: Int64Array, others: Int64Array, days: int
) -> Flight | None:
    """From positions of transfers into and out of the tills; ``None`` where it began too late.

    Cannot tell a flight from a platform that closes in good order and has paid everybody back, nor
    see money that leaves in cash. Deposits that come in waves are less even than the null has it.
    Linear in the transfers.
    Source: what the 13 schemes of arXiv 1803.00646 have in common is an end without new deposits.
    """
    if not len(deposits):
        return None
    end, begin = int(transfers.at[-1]), int(transfers.at[deposits].min())
    border = end - days * DAY
    before = (border - begin) / (days * DAY)
    if before < _LEAST_BEFORE:
        return None
    at = transfers.at[np.append(deposits, payouts)]
    recent = int((at > border).sum())
    taken = others[transfers.at[others] > border]
    day = (end - transfers.at[deposits]) // DAY
    received = np.bincount(day, transfers.amount[deposits])[::-1].astype(np.float64)
    quiet = int(day.min())  # days since the last deposit are part of the flow
    flow = CashFlow(received, np.zeros(len(received)))
    return Flight(
        days=days,
        dealings=recent,
        expected=(len(at) - recent) / before,
        fell=1.0 if quiet >= days else stalled(flow, days),
        taken=int(transfers.amount[taken].sum()),
    )
