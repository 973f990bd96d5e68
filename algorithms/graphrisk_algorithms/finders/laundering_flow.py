"""Money that parts and meets again: accounts that pass it on from the same to the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise, poisson_surprise
from graphrisk_algorithms.evidence.transfers import (
    HOUR,
    Links,
    Transfers,
    links_of,
    transfers_of,
)
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import groups_of
from graphrisk_algorithms.kernels.pairs import eids_among


@dataclass(frozen=True, slots=True)
class _Trips:
    """Large sums that somebody passed on: a row a (payer, passer, payee), each once."""

    payer: Int64Array
    passer: Int64Array
    payee: Int64Array
    of_row: Int64Array  # the trip that each row belongs to
    pair: Int64Array  # label of (payer, payee)
    seen: Int64Array  # trips of the pair
    expected: Float64Array  # trips of the pair by chance

    @classmethod
    def of(cls, rows: Int64Array, n: int) -> _Trips:
        """Of rows (payer, passer, payee): how often each pair meets, and would by chance."""
        trip, of_row = np.unique(rows, axis=0, return_inverse=True)
        payer, passer, payee = trip.T
        pair, count = np.unique(payer * n + payee, return_inverse=True, return_counts=True)[1:]
        seen = count[pair]
        begun, ended = (np.bincount(side, minlength=n)[side] for side in (payer, payee))
        others = (ended - seen + 1) / (len(trip) - begun + 2)  # Laplace: an empty rest says nothing
        return cls(payer, passer, payee, of_row.ravel(), pair, seen, begun * others)


@dataclass(frozen=True, slots=True)
class LaunderingFlows:
    """Accounts that keep nothing, through which the money of one account reaches another in parts.

    Sees sums above the quantile ``material`` that leave their receiver again within ``pass_hours``,
    at least ``pass_share`` of them; and payers whose money meets again at one payee after at least
    ``least_passers`` different accounts passed it on. Such trips that touch are one flow:
    scatter-gather is one of them, a stack of layers several.
    Null: the money passed on ends with payees in proportion to how much others pass on to them
    (Poisson), and accounts pass large sums on at the ledger's rate (binomial; less than
    ``pass_surprise`` is a meeting by chance, however often it happens).
    A firm's staff is paid by one, but spends everywhere; a landlord's rents and a wedding's gifts
    pass through one account; own accounts of one holder are no passing on.
    Who only pays in may have been robbed: a ``payer`` gets no score.
    Cannot see stars (fan-in, fan-out), one layer (bipartite), one account between many
    (gather-scatter, like a payroll), nor money that rests longer than the window.
    Linear in links, but for sorting. Source: scatter-gather and stacks of AMLworld, arXiv
    2306.16424; money that stays is punished as in FlowScope (AAAI 2020).
    """

    name: ClassVar[str] = "laundering_flow"
    material: float
    pass_hours: float
    pass_share: float
    pass_part: float
    least_passers: int
    single_surprise: float
    pass_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Flows, strongest first."""
        transfers = transfers_of(graph)
        if not len(transfers):
            return []
        links = links_of(graph, int(self.pass_hours * HOUR))
        large = transfers.amount >= np.quantile(transfers.amount, self.material)
        tight = links.tight(transfers, self.pass_share, self.pass_part)
        passed = np.zeros(len(transfers), np.bool_)
        passed[links.earlier[tight]] = True
        rows = np.flatnonzero(tight & large[links.earlier])
        rows = rows[_three_hands(graph, transfers, links, rows)]
        ledger = _Ledger(transfers, links, rows, large, passed)
        trips = _Trips.of(ledger.ends(), graph.n)
        judge = Judge(self.name, len(np.unique(trips.pair)), self.least_surprise)
        return judge.ranked(
            self._candidate(judge, graph, ledger, trips, own) for own in self._flows(graph.n, trips)
        )

    def _flows(self, n: int, trips: _Trips) -> Iterator[Int64Array]:
        """Rows of the trips of each flow."""
        from scipy import stats

        tail = stats.poisson.logsf(trips.seen - 1, trips.expected) / -np.log(10.0)
        told = np.flatnonzero((trips.seen >= self.least_passers) & (tail >= self.single_surprise))
        src = np.concatenate([trips.payer[told], trips.passer[told]])
        dst = np.concatenate([trips.passer[told], trips.payee[told]])
        labels = component_labels(n, src, dst)[trips.passer[told]]
        yield from (told[group] for group in groups_of(labels))

    def _candidate(
        self, judge: Judge, graph: RiskGraph, ledger: _Ledger, trips: _Trips, own: Int64Array
    ) -> Candidate | None:
        passers, payees = np.unique(trips.passer[own]), np.unique(trips.payee[own])
        links = ledger.rows[np.isin(trips.of_row, own)]
        clues = (_meets_again(ledger, trips, own, links), _passes_on(ledger, passers))
        if clues[1].surprise < self.pass_surprise:
            return None
        payers = np.setdiff1d(trips.payer[own], passers)
        parts = _parts(graph, payers, passers, np.setdiff1d(payees, passers))
        members = np.array(sorted(parts), np.int64)
        hops = np.union1d(ledger.links.earlier[links], ledger.links.later[links])
        evidence = np.union1d(ledger.transfers.eid[hops], eids_among(graph, ("HOLDS",), members))
        return judge.candidate(members, [parts[one] for one in members.tolist()], evidence, clues)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The transfers, and the links (``rows``) by which large sums were passed on."""

    transfers: Transfers
    links: Links
    rows: Int64Array
    large: BoolArray
    passed: BoolArray

    def ends(self) -> Int64Array:
        """Payer, passer and payee of each row."""
        earlier, later = self.links.earlier[self.rows], self.links.later[self.rows]
        return np.column_stack(
            [self.transfers.src[earlier], self.transfers.dst[earlier], self.transfers.dst[later]]
        )

    def usual(self) -> float:
        """Share of large transfers that are passed on."""
        return float((self.passed & self.large).sum()) / max(int(self.large.sum()), 1)


def _meets_again(ledger: _Ledger, trips: _Trips, own: Int64Array, links: Int64Array) -> Clue:
    first = np.unique(trips.pair[own], return_index=True)[1]
    expected = float(trips.expected[own][first].sum())
    at, flow = ledger.transfers.at, ledger.links
    values = {
        "payers": len(np.unique(trips.payer[own])),
        "passers": len(np.unique(trips.passer[own])),
        "payees": len(np.unique(trips.payee[own])),
        "amount": int(flow.taken[links].sum()),
        "hours": round(float(np.median(at[flow.later[links]] - at[flow.earlier[links]])) / HOUR, 1),
        "trips": len(own),
        "usual": round(expected, 2),
    }
    return Clue("meets_again", poisson_surprise(len(own), expected), values)


def _passes_on(ledger: _Ledger, passers: Int64Array) -> Clue:
    received = ledger.transfers.paid_to(passers)
    received = received[ledger.large[received]]
    gone = received[ledger.passed[received]]
    usual = ledger.usual()
    values = {
        "passed": len(gone),
        "transfers": len(received),
        "amount": int(ledger.transfers.amount[gone].sum()),
        "usual": round(usual, 4),
    }
    return Clue("passes_on", binomial_surprise(len(gone), len(received), usual), values)


def _parts(
    graph: RiskGraph, payers: Int64Array, passers: Int64Array, payees: Int64Array
) -> dict[int, str]:
    """Role of each member; who both pays in and passes on is named by what he passes on."""
    holder = source_of(graph, "HOLDS")
    parts: dict[int, str] = {}
    for role, accounts in (("payer", payers), ("collector", payees), ("passer", passers)):
        people = np.setdiff1d(holder[accounts], [NOBODY])
        parts |= dict.fromkeys(accounts.tolist(), role)
        parts |= dict.fromkeys(people.tolist(), "payer" if role == "payer" else "holder")
    return parts


def _three_hands(
    graph: RiskGraph, transfers: Transfers, links: Links, rows: Int64Array
) -> BoolArray:
    """Whether payer, passer and payee are three holders; an account without one counts as one."""
    holder = source_of(graph, "HOLDS")
    hand = np.where(holder == NOBODY, np.arange(graph.n) + graph.n, holder)
    earlier, later = links.earlier[rows], links.later[rows]
    payer, passer, payee = (
        hand[transfers.src[earlier]],
        hand[transfers.dst[earlier]],
        hand[transfers.dst[later]],
    )
    three: BoolArray = (payer != passer) & (passer != payee) & (payer != payee)
    return three
