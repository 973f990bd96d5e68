"""Platforms that pay investors with the money of the next ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.books import Books, better_half, books_of
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.flight import flight_of
from graphrisk_algorithms.evidence.investors import referrals_of, returns_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.platform_firms import Backers
from graphrisk_algorithms.evidence.transfers import DAY, HOUR, Transfers, transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.joins import distinct_pairs
from graphrisk_algorithms.kernels.pairs import edges_of, eids_among

_BELONGING = ("OPERATES", "LEGAL_REP_OF", "HOLDS")


@dataclass(frozen=True, slots=True)
class _Pool:
    """The tills of one platform and what went through them (positions of transfers)."""

    platform: int
    bids: Int64Array
    tills: Int64Array
    lenders: Int64Array
    deposits: Int64Array
    payouts: Int64Array  # to lenders
    others: Int64Array  # paid to anybody else
    repaid: int  # fen that borrowers paid in

    @classmethod
    def of(
        cls, graph: RiskGraph, transfers: Transfers, books: Books, platform: int, least: int
    ) -> _Pool:
        """Of contracts that were paid into tills. Linear in their transfers."""
        holder = source_of(graph, "HOLDS")
        own = books.platform == platform
        tills = books.tills(transfers, platform, least)
        lenders, bids = np.unique(books.lender[own]), np.unique(books.bid[own])
        paid = books.transfer[own & (books.transfer != NOBODY)]
        borrowed = edges_of(graph, "BORROWED")
        takers = np.unique(borrowed.src[np.isin(borrowed.dst, bids)])
        out = transfers.paid_by(tills)
        payee = holder[transfers.dst[out]]
        # What a borrower who also lends is paid may be his loan.
        to_lender = np.isin(payee, lenders) & ~np.isin(payee, takers)
        into = transfers.paid_to(tills)
        back = into[np.isin(holder[transfers.src[into]], takers)]
        return cls(
            platform,
            bids,
            tills,
            lenders,
            paid[np.isin(transfers.dst[paid], tills)],
            out[to_lender],
            out[~to_lender],
            int(transfers.amount[back].sum()),
        )

    def unearned(self, transfers: Transfers) -> int:
        """Payouts that what borrowers paid does not cover."""
        paid = int(transfers.amount[self.payouts].sum())
        return round(len(self.payouts) * max(1.0 - self.repaid / max(paid, 1), 0.0))

    def ratio(self, transfers: Transfers) -> float:
        """Payouts over deposits."""
        took = int(transfers.amount[self.deposits].sum())
        return int(transfers.amount[self.payouts].sum()) / max(took, 1)


@dataclass(frozen=True, slots=True)
class Fundraising:
    """A platform whose investors are paid from deposits, with its firms, tills and promoters.

    Sees the tills into which lenders paid contracts on the day they signed them, payouts of at
    least ``least_ratio`` of these deposits to lenders, and what the borrowers paid in beforehand.
    Null: payouts are earned by repayments as on the better half of the other platforms, contracts
    miss at the custodian as there (binomial; less than ``books_surprise`` is bookkeeping).
    Promoters are those whom the tills paid ``least_commissions`` times or more, who never put money
    in, and who called ``least_called`` lenders or more in the ``bring_days`` before they paid;
    backers are heads and owners of the
    firms that run the platform (and, where these borrow from it themselves, of all that do). A shop
    is paid by a till, too, but calls nobody; an honest lender pays what its borrowers paid.
    Who put money in is a victim. Cannot see schemes without a contract book, cash, nor promoters
    who call from numbers of others. Further clues where they speak: payouts are one share of the
    payee's own deposit, promoters called investors just before they joined, and the last
    ``flight_days`` of the ledger saw far fewer deposits and payouts than those before.
    Linear in edges, times suspected platforms.
    Source: Regulation 737 of the State Council, art. 2 and 19; payouts from deposits in 13 of 13
    schemes of Bartoletti, Pes and Serusi (arXiv 1803.00646).
    """

    name: ClassVar[str] = "fundraising"
    paid_hours: float
    least_contracts: int
    least_ratio: float
    least_commissions: int
    least_called: int
    books_surprise: float
    bring_days: float
    flight_days: int
    further_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """At most one candidate a platform, strongest first."""
        transfers = transfers_of(graph)
        books = books_of(graph, transfers, int(self.paid_hours * HOUR))
        pools = [
            _Pool.of(graph, transfers, books, int(platform), self.least_contracts)
            for platform in np.unique(books.platform)
        ]
        pools = [pool for pool in pools if len(pool.tills) and len(pool.payouts)]
        judge = Judge(self.name, len(pools), self.least_surprise)
        return judge.ranked(self._candidates(judge, graph, transfers, books, pools))

    def _candidates(
        self,
        judge: Judge,
        graph: RiskGraph,
        transfers: Transfers,
        books: Books,
        pools: list[_Pool],
    ) -> Iterator[Candidate | None]:
        for pool in pools:
            unbooked = books.unbooked(np.flatnonzero(books.platform == pool.platform))
            if pool.ratio(transfers) < self.least_ratio or unbooked.surprise < self.books_surprise:
                continue
            parts = self._parts(graph, transfers, pool)
            clues = [
                unbooked,
                _unearned(transfers, pool, [one for one in pools if one is not pool]),
                *self._further(graph, transfers, pool, parts),
            ]
            members = np.array(sorted(parts), np.int64)
            money = np.concatenate([pool.deposits, pool.payouts])
            belonging = eids_among(graph, _BELONGING, members)
            evidence = np.union1d(transfers.eid[money], belonging)
            roles = [parts[one] for one in members.tolist()]
            yield judge.candidate(members, roles, evidence, clues)

    def _further(
        self, graph: RiskGraph, transfers: Transfers, pool: _Pool, parts: dict[int, str]
    ) -> list[Clue]:
        """Returns on deposits, the referral tree and the flight, where they speak."""
        returns = returns_of(transfers, pool.deposits, pool.payouts)
        holder = source_of(graph, "HOLDS")
        promoting = [nid for nid, role in parts.items() if role == "promoter"]
        fees = pool.others[np.isin(transfers.dst[pool.others], promoting)]
        paid = holder[transfers.dst[fees[np.argsort(transfers.at[fees], kind="stable")]]]
        promoters = paid[np.sort(np.unique(paid, return_index=True)[1])]
        into = pool.deposits[np.argsort(transfers.at[pool.deposits], kind="stable")]
        investors, first = np.unique(holder[transfers.src[into]], return_index=True)
        known = investors != NOBODY
        tree = referrals_of(
            graph,
            promoters,
            investors[known],
            transfers.at[into[first]][known],
            int(self.bring_days * DAY),
        )
        told = [tree.clue(int(transfers.amount[fees].sum()))]
        told += [returns.clue()] if returns is not None else []
        flight = flight_of(transfers, pool.deposits, pool.payouts, pool.others, self.flight_days)
        told += [flight.clue()] if flight is not None else []
        return [clue for clue in told if clue.surprise >= self.further_surprise]

    def _parts(self, graph: RiskGraph, transfers: Transfers, pool: _Pool) -> dict[int, str]:
        """Role of each member."""
        holder = source_of(graph, "HOLDS")
        backers = Backers.of(graph, pool.platform, pool.bids)
        payee, count = np.unique(transfers.dst[pool.others], return_counts=True)
        often = payee[(count >= self.least_commissions) & (holder[payee] != NOBODY)]
        window = int(self.bring_days * DAY)
        callers = _callers(graph, transfers, pool.deposits, self.least_called, window)
        promotes = callers[holder[often]]
        fees = np.setdiff1d(often[promotes], pool.tills)
        purses = payee[np.isin(holder[payee], backers.persons)]
        known = np.setdiff1d(holder[np.append(pool.tills, purses)], [NOBODY])
        heads = edges_of(graph, "LEGAL_REP_OF")
        heads_of = heads.src[np.isin(heads.dst, backers.firms)]
        paying = transfers.src[pool.deposits]
        parts = dict.fromkeys([*pool.lenders.tolist(), *paying.tolist()], "victim")
        parts |= dict.fromkeys([*fees.tolist(), *holder[fees].tolist()], "promoter")
        mine = [*pool.tills.tolist(), *purses.tolist(), *known.tolist(), *heads_of.tolist()]
        parts |= dict.fromkeys(mine, "backer")
        return parts | dict.fromkeys([pool.platform, *backers.firms.tolist()], "platform")


def _unearned(transfers: Transfers, pool: _Pool, others: list[_Pool]) -> Clue:
    bad: list[BoolArray] = [np.arange(len(one.payouts)) < one.unearned(transfers) for one in others]
    owner = np.repeat([one.platform for one in others], [len(one) for one in bad])
    usual = better_half(owner.astype(np.int64), np.concatenate([np.empty(0, np.bool_), *bad]))
    seen, count = pool.unearned(transfers), len(pool.payouts)
    values = {
        "unearned": seen,
        "payouts": count,
        "amount": int(transfers.amount[pool.payouts].sum()),
        "deposits": int(transfers.amount[pool.deposits].sum()),
        "ratio": round(pool.ratio(transfers), 4),
        "usual": round(usual, 4),
    }
    return Clue("pays_from_deposits", binomial_surprise(seen, count, usual), values)


def _callers(
    graph: RiskGraph, transfers: Transfers, deposits: Int64Array, least: int, window: int
) -> BoolArray:
    """Which persons called so many investors, from numbers of their own, just before they paid.

    Everybody knows some investor; who calls before a deposit, again and again, brings him.
    """
    owner, calls = source_of(graph, "OWNS_PHONE"), edges_of(graph, "CALLED")
    caller, callee = owner[calls.src], owner[calls.dst]
    investor = source_of(graph, "HOLDS")[transfers.src[deposits]]
    met = np.flatnonzero((caller != NOBODY) & np.isin(callee, investor[investor != NOBODY]))
    near = np.zeros(len(met), np.bool_)
    for name in ("first", "last"):
        at = np.asarray(calls.columns.get(name, calls.eid), np.int64)[met]
        near |= _paid_soon(investor, transfers.at[deposits], callee[met], at, window)
    who, _ = distinct_pairs(caller[met[near]], callee[met[near]])
    return np.bincount(who, minlength=graph.n) >= least


def _paid_soon(
    investor: Int64Array, paid: Int64Array, called: Int64Array, at: Int64Array, window: int
) -> BoolArray:
    """Which of the persons called paid in at most ``window`` ms after the call."""
    if not len(called) or not len(paid):
        return np.zeros(len(called), np.bool_)
    low = min(int(paid.min()), int(at.min()))
    span = max(int(paid.max()), int(at.max())) - low + window + 1
    keys = np.sort(investor * span + paid - low)
    key = called * span + at - low
    after = keys[np.minimum(np.searchsorted(keys, key), len(keys) - 1)]
    soon: BoolArray = (after >= key) & (after - key <= window)
    return soon
