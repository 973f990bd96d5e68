"""Accounts that promise many a regular return and owe it in the end, on no platform's books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.evidence.books import books_of
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.flight import flight_of
from graphrisk_algorithms.evidence.investors import returns_of
from graphrisk_algorithms.evidence.transfers import HOUR, Transfers, payers_of, transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.pairs import eids_among


@dataclass(frozen=True, slots=True)
class PonziTills:
    """Tills of a scheme without a contract book: a private fund, membership cards, a chat group.

    Sees accounts that ``least_investors`` others or more paid, that paid ``least_repaid`` of these
    back later, and that in the end owe at least ``owed_share`` of what they took in while they
    hold less than half of that.
    Null: a payout is the same share of its payee's own last deposit as of anybody's (binomial),
    and deposits and payouts go on as before the last ``flight_days`` (Poisson). Both are needed,
    and ``regular_share`` of the payouts: the commonest share of any list is commoner than chance.
    A bank pays back whom it owes; a collection pays nobody back; a lender earns what it pays; a
    shop that returns a price owes nothing. What takes in the contracts of a platform is left to
    ``fundraising``.
    Who paid in is a victim. Cannot see a scheme before it stalls, who promotes it, tills that take
    turns, nor money in cash; what an account held before the ledger begins is not known.
    ``m log m`` in transfers.
    Source: Regulation 737 of the State Council, art. 2; cash flows of 13 schemes, Bartoletti, Pes
    and Serusi, arXiv 1803.00646.
    """

    name: ClassVar[str] = "ponzi_till"
    paid_hours: float
    least_contracts: int
    least_investors: int
    least_repaid: int
    owed_share: float
    regular_share: float
    flight_days: int
    needed_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """At most one candidate an account, strongest first."""
        transfers = transfers_of(graph)
        tills = self._tills(graph, transfers)
        judge = Judge(self.name, max(len(tills), 1), self.least_surprise)
        return judge.ranked(self._candidates(judge, graph, transfers, tills))

    def _tills(self, graph: RiskGraph, transfers: Transfers) -> Int64Array:
        """Accounts with enough payers, of whom enough were paid later, off any book."""
        payers, repaid = payers_of(transfers)
        wanted = (payers >= self.least_investors) & (repaid >= self.least_repaid)
        books = books_of(graph, transfers, int(self.paid_hours * HOUR))
        for platform in np.unique(books.platform).tolist():
            wanted[books.tills(transfers, platform, self.least_contracts)] = False
        return np.flatnonzero(wanted).astype(np.int64)

    def _candidates(
        self, judge: Judge, graph: RiskGraph, transfers: Transfers, tills: Int64Array
    ) -> Iterator[Candidate | None]:
        holder = source_of(graph, "HOLDS")
        for till in tills.tolist():
            one = np.array([till])
            into, out = transfers.paid_to(one), transfers.paid_by(one)
            payers = np.unique(transfers.src[into])
            to_payer = np.isin(transfers.dst[out], payers)
            payouts, others = out[to_payer], out[~to_payer]
            if not self._owes(transfers, into, payouts, others):
                continue
            returns = returns_of(transfers, into, payouts)
            flight = flight_of(transfers, into, payouts, others, self.flight_days)
            if returns is None or flight is None:
                continue
            if returns.regular < self.regular_share * returns.payouts:
                continue
            clues = [returns.clue(), flight.clue()]
            if min(clue.surprise for clue in clues) < self.needed_surprise:
                continue
            victims = np.setdiff1d(np.append(payers, holder[payers]), [NOBODY])
            parts = dict.fromkeys(victims.tolist(), "victim")
            parts |= dict.fromkeys(np.setdiff1d([till, holder[till]], [NOBODY]).tolist(), "backer")
            members = np.array(sorted(parts), np.int64)
            money = np.append(into, payouts)
            evidence = np.union1d(transfers.eid[money], eids_among(graph, ("HOLDS",), members))
            yield judge.candidate(members, [parts[m] for m in members.tolist()], evidence, clues)

    def _owes(
        self, transfers: Transfers, into: Int64Array, payouts: Int64Array, others: Int64Array
    ) -> bool:
        """Whether much of what it took in was not paid back, and is not there either."""
        amount = transfers.amount
        took, gave, went = (int(amount[rows].sum()) for rows in (into, payouts, others))
        owed = took - gave
        return owed >= self.owed_share * took and 2 * (took - gave - went) < owed
