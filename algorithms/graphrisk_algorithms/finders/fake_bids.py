"""Borrowers of a platform who share a handset or an address, and whom the custodian never saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.books import Books, books_of
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.device_use import DeviceUse, device_use
from graphrisk_algorithms.evidence.nulls import poisson_surprise
from graphrisk_algorithms.evidence.platform_firms import Backers, exchanging, node_mask
from graphrisk_algorithms.evidence.transfers import HOUR, Transfers, transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import distinct_pairs
from graphrisk_algorithms.kernels.pairs import edges_of, eids_among

_BELONGING = ("BORROWED", "PART_OF", "OPERATES", "LEGAL_REP_OF", "USES_DEVICE", "RESIDES_AT")


@dataclass(frozen=True, slots=True)
class _Ties:
    """What persons of the city have in common: a row a person and a handset or an address."""

    person: Int64Array
    shared: Int64Array
    chance: float  # that two persons have something in common

    @classmethod
    def of(cls, graph: RiskGraph, use: DeviceUse, most: int) -> _Ties:
        """Without what more than ``most`` have in common."""
        lives = edges_of(graph, "RESIDES_AT")
        person, shared = distinct_pairs(
            np.concatenate([use.holder, lives.src]), np.concatenate([use.device, lives.dst])
        )
        users = np.bincount(shared, minlength=graph.n)
        few = users[shared] <= most
        people = max(len(np.unique(person)), 2)
        pairs = float((users[users <= most] * (users[users <= most] - 1)).sum())
        return cls(person[few], shared[few], pairs / (people * (people - 1)))

    def among(self, persons: Int64Array, n: int) -> tuple[Int64Array, Int64Array, int]:
        """Who of them shares with another, what they share, and how many more than groups."""
        rows = np.flatnonzero(np.isin(self.person, persons))
        users = np.bincount(self.shared[rows], minlength=n)
        rows = rows[users[self.shared[rows]] > 1]
        who, what = np.unique(self.person[rows]), np.unique(self.shared[rows])
        labels = component_labels(n, self.person[rows], self.shared[rows])
        return who, what, len(who) - len(np.unique(labels[who]))


@dataclass(frozen=True, slots=True)
class FakeBids:
    """A lending platform that invents its borrowers.

    Sees, on each platform with contracts that the custodian never saw, the borrowers of bids
    without any custodian entry, and who of them shares a handset or an address with another one.
    Null: two borrowers have something in common as often as two persons of the city (Poisson over
    pairs); contracts miss at the custodian as on the better half of the other platforms (binomial;
    less than ``books_surprise`` is bookkeeping). A family that borrows together is booked; an
    honest lender's borrowers share nothing. Handsets and addresses of more than ``most_sharing``
    are dormitories and shops. With the borrowers stand their bids, what they share, the platform
    with its firm, and who heads or owns it and moves money with them.
    Cannot see invented borrowers who share nothing, nor platforms without any custodian.
    Linear in edges, times suspected platforms.
    Source: interim measures on online lending of 2016-08-24, art. 13 and 28 (custody of funds).
    """

    name: ClassVar[str] = "fake_bids"
    least_sharing: int
    most_sharing: int
    books_surprise: float
    paid_hours: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """At most one candidate a platform, strongest first."""
        transfers = transfers_of(graph)
        books = books_of(graph, transfers, int(self.paid_hours * HOUR))
        suspected = books.platforms()
        if not suspected:
            return []
        use = device_use(graph)
        ties = _Ties.of(graph, use, self.most_sharing)
        judge = Judge(self.name, len(suspected), self.least_surprise)
        return judge.ranked(self._candidates(judge, graph, transfers, books, ties, use))

    def _candidates(
        self,
        judge: Judge,
        graph: RiskGraph,
        transfers: Transfers,
        books: Books,
        ties: _Ties,
        use: DeviceUse,
    ) -> Iterator[Candidate | None]:
        borrowed = edges_of(graph, "BORROWED")
        private = node_mask(graph, "Person")[borrowed.src]
        for platform in books.platforms():
            own = books.platform == platform
            bids = np.setdiff1d(books.bid[own], books.bid[own & books.seen])
            of = np.isin(borrowed.dst, bids) & private
            borrowers = np.unique(borrowed.src[of])
            who, what, more = ties.among(borrowers, graph.n)
            if len(who) < self.least_sharing:
                continue
            bids = np.unique(borrowed.dst[of & np.isin(borrowed.src, who)])
            expected = ties.chance * len(borrowers) * (len(borrowers) - 1) / 2
            values = {"sharing": len(who), "borrowers": len(borrowers), "things": len(what)}
            shares = Clue("borrowers_share", poisson_surprise(more, expected), values)
            unbooked = books.unbooked(np.flatnonzero(np.isin(books.bid, bids)))
            if unbooked.surprise < self.books_surprise:
                continue
            parts = _parts(graph, transfers, use, platform, bids, who, what)
            members = np.array(sorted(parts), np.int64)
            paid = books.transfer[np.isin(books.bid, bids) & (books.transfer >= 0)]
            told = [transfers.eid[paid], eids_among(graph, _BELONGING, members)]
            evidence = np.unique(np.concatenate(told))
            roles = [parts[one] for one in members.tolist()]
            yield judge.candidate(members, roles, evidence, (shares, unbooked))


def _parts(
    graph: RiskGraph,
    transfers: Transfers,
    use: DeviceUse,
    platform: int,
    bids: Int64Array,
    who: Int64Array,
    what: Int64Array,
) -> dict[int, str]:
    """Role of each member."""
    backers = Backers.of(graph, platform, bids)
    devices = np.intersect1d(what, use.device)
    # Where an address is shared, all that the borrowers use belongs to it.
    on = np.isin(use.holder, who) & (np.isin(use.device, devices) | (len(devices) == 0))
    items = np.unique(use.item[on])
    holds = edges_of(graph, "HOLDS")
    accounts = holds.dst[np.isin(holds.src, who)]
    hubs = exchanging(graph, transfers, backers.persons, accounts)
    lent = np.intersect1d(exchanging(graph, transfers, who, hubs), accounts) if len(hubs) else hubs
    holder = np.unique(holds.src[np.isin(holds.dst, hubs)])
    parts = dict.fromkeys(devices.tolist(), "device")
    parts |= dict.fromkeys([*who.tolist(), *items.tolist(), *lent.tolist()], "borrower")
    parts |= dict.fromkeys(bids.tolist(), "bid")
    parts |= dict.fromkeys([*hubs.tolist(), *holder.tolist()], "backer")
    return parts | dict.fromkeys([platform, *backers.firms.tolist()], "platform")
