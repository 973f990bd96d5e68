"""Money that fans in or out in step: strangers who pay each other again, always together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.dealings import Dealings, dealings_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.transfers import HOUR, transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import groups_of
from graphrisk_algorithms.kernels.pairs import eids_among


@dataclass(frozen=True, slots=True)
class LaunderingFans:
    """Accounts of strangers through which money runs in the same fan every time.

    Sees *dealings*: one account paid another two to ``most_times`` times, large sums on average and
    not always the same, never back, and their holders do not know each other (no call). Dealings
    at one account that keep step - nearly every transfer of one within ``together_hours`` of the
    other's - more often than chance are one group; it has a fan of at least ``least_fan`` payers
    or payees of one account.
    Null: a transfer falls near one of another dealing in proportion to the time that these take up
    (binomial), first pair by pair, then the group's transfers against the time that all of it
    takes up.
    A payroll pays every week, fortnight or month, rents and fees have a price, riders hand in
    their cash daily, sellers talk with whom they pay, buyers of a group pay the same price; a
    wholesaler's shops pay at moments of their own. So dealings that keep a calendar (to
    ``calendar_hours``), and groups that pay a share ``equal_share`` in equal sums, are left out.
    Cannot see what runs once only, has no order in time, or runs among friends; a cycle has no fan
    and is told by another finder. ``m log m`` in transfers, times ``most_dealings`` in dealings.
    Source: fan-in, fan-out, gather-scatter and bipartite of AMLworld, arXiv 2306.16424.
    """

    name: ClassVar[str] = "laundering_fan"
    material: float
    most_times: int
    calendar_hours: float
    together_hours: float
    most_dealings: int
    pair_surprise: float
    least_fan: int
    most_members: int
    equal_share: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Fans, strongest first."""
        transfers = transfers_of(graph)
        if not len(transfers):
            return []
        dealings = dealings_of(graph, transfers, self.material, self.most_times)
        dealings = dealings.only(dealings.off_calendar(int(self.calendar_hours * HOUR)))
        pairs = dealings.adjacent(self.most_dealings)
        surprise = dealings.in_step(pairs, int(self.together_hours * HOUR))
        left, right = pairs[surprise >= self.pair_surprise].T
        judge = Judge(self.name, len(pairs), self.least_surprise)
        groups = groups_of(component_labels(len(dealings), left, right))
        return judge.ranked(
            self._candidate(judge, graph, dealings, group)
            for group in groups
            if len(group) >= self.least_fan
        )

    def _candidate(
        self, judge: Judge, graph: RiskGraph, dealings: Dealings, group: Int64Array
    ) -> Candidate | None:
        pays, out = np.unique(dealings.payer[group], return_counts=True)
        gets, into = np.unique(dealings.payee[group], return_counts=True)
        accounts = np.union1d(pays, gets)
        rows = np.flatnonzero(np.isin(dealings.of, group))
        clue, equal = self._in_step(dealings, rows[np.argsort(dealings.at[rows], kind="stable")])
        fan = max(int(out.max()), int(into.max()))
        if fan < self.least_fan or equal >= self.equal_share or len(accounts) > self.most_members:
            return None
        values = {"dealings": len(group), "accounts": len(accounts), "fan": fan, **clue.values}
        holder = source_of(graph, "HOLDS")[accounts]
        parts = dict.fromkeys(np.setdiff1d(holder, [NOBODY]).tolist(), "holder")
        parts |= dict.fromkeys(pays.tolist(), "feeder") | dict.fromkeys(gets.tolist(), "collector")
        parts |= dict.fromkeys(np.intersect1d(pays, gets).tolist(), "passer")
        members = np.array(sorted(parts), np.int64)
        evidence = np.union1d(dealings.eid[rows], eids_among(graph, ("HOLDS",), members))
        roles = [parts[one] for one in members.tolist()]
        return judge.candidate(members, roles, evidence, [Clue("in_step", clue.surprise, values)])

    def _in_step(self, dealings: Dealings, rows: Int64Array) -> tuple[Clue, float]:
        """How the group's transfers (in time order) come together, and the share in equal sums.

        The first transfer of each burst is free; the others fall into the time of all bursts.
        """
        at, amount = dealings.at[rows], dealings.amount[rows]
        window = int(self.together_hours * HOUR)
        gap = np.diff(at)
        burst = np.concatenate([[0], np.cumsum(gap > window)])
        bursts = int(burst[-1]) + 1
        taken = int(gap[gap <= window].sum()) + 2 * window * bursts
        usual = min(taken / dealings.span, 1.0)
        sums = np.column_stack([burst, amount])
        same, count = np.unique(sums, axis=0, return_inverse=True, return_counts=True)[1:]
        values = {
            "bursts": bursts,
            "transfers": len(rows),
            "amount": int(amount.sum()),
            "usual": round(usual, 4),
        }
        met = len(rows) - bursts
        clue = Clue("in_step", binomial_surprise(met, met, usual), values)
        return clue, float((count[same.ravel()] > 1).mean())
