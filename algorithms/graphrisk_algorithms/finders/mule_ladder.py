"""Mule ladders by themselves: money of several payers that goes on at once, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.ladders import Mules, Passing, mules_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.transfers import HOUR, Transfers, transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import groups_of
from graphrisk_algorithms.kernels.pairs import eids_among


@dataclass(frozen=True, slots=True)
class MuleLadders:
    """Layers of accounts that keep nothing of what several payers sent.

    Sees mules (see ``find_mules``) that pay each other, with the accounts where their money stops,
    into which ``least_payers`` or more others paid and of which some account paid two or more.
    Null: large transfers are passed on at the ledger's rate (binomial): those into the ladder, and
    once more those that carried them on (less than ``again_surprise`` is a single layer).
    A stall, a landlord or a firm on pay-day passes its takings on once, and who gets them keeps
    them; a cycle has no payers from outside.
    Who paid in may have been robbed: a ``payer`` gets no score.
    Cannot see ladders of one layer, cash in between, nor money that rests longer than the window.
    Linear in links, times layers. Source: layered pass-through, FlowScope (AAAI 2020).
    """

    name: ClassVar[str] = "mule_ladder"
    material: float
    mule_surprise: float
    pass_hours: float
    pass_share: float
    pass_part: float
    returned: float
    least_payers: int
    again_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Ladders, strongest first."""
        transfers = transfers_of(graph)
        if not len(transfers):
            return []
        mules = mules_of(graph, int(self.pass_hours * HOUR), self._passing)
        inner = mules.carriers[mules.is_mule[transfers.dst[mules.carriers]]]
        ends = transfers.src[inner], transfers.dst[inner]
        accounts = np.union1d(*ends)
        groups = groups_of(component_labels(graph.n, *ends)[accounts])
        judge = Judge(self.name, len(groups), self.least_surprise)
        return judge.ranked(
            self._candidate(judge, graph, transfers, mules, accounts[rows]) for rows in groups
        )

    @property
    def _passing(self) -> Passing:
        return Passing(
            share=self.pass_share,
            part=self.pass_part,
            material=self.material,
            surprise=self.mule_surprise,
            returned=self.returned,
        )

    def _candidate(
        self, judge: Judge, graph: RiskGraph, transfers: Transfers, mules: Mules, inner: Int64Array
    ) -> Candidate | None:
        came = mules.passed[np.isin(transfers.dst[mules.passed], inner)]
        went = mules.carriers[np.isin(transfers.src[mules.carriers], inner)]
        accounts = np.union1d(inner, transfers.dst[went])
        payers = np.setdiff1d(transfers.src[came], accounts)
        ways = np.unique(np.column_stack([transfers.src[went], transfers.dst[went]]), axis=0)
        parts_ways = len(ways) > len(np.unique(ways[:, 0]))
        passed = np.zeros(len(transfers), np.bool_)
        passed[mules.passed] = True
        again = _passed("passed_again", transfers, mules, passed, went)
        if (
            len(payers) < self.least_payers
            or not parts_ways
            or again.surprise < self.again_surprise
        ):
            return None
        received = transfers.paid_to(inner)
        clues = (_passed("passes_on", transfers, mules, passed, received), again)
        holder = source_of(graph, "HOLDS")
        parts: dict[int, str] = {}
        for role, some in (("payer", payers), ("mule", accounts)):
            people = np.setdiff1d(holder[some], [NOBODY])
            parts |= dict.fromkeys([*some.tolist(), *people.tolist()], role)
        members = np.array(sorted(parts), np.int64)
        told = [transfers.eid[np.union1d(came, went)], eids_among(graph, ("HOLDS",), members)]
        roles = [parts[one] for one in members.tolist()]
        return judge.candidate(members, roles, np.unique(np.concatenate(told)), clues)


def _passed(
    code: str, transfers: Transfers, mules: Mules, passed: BoolArray, rows: Int64Array
) -> Clue:
    """How many of the large ones among the transfers were passed on, against the ledger's rate."""
    rows = rows[mules.large[rows]]
    gone = rows[passed[rows]]
    values = {
        "passed": len(gone),
        "transfers": len(rows),
        "amount": int(transfers.amount[gone].sum()),
        "usual": round(mules.usual, 4),
    }
    return Clue(code, binomial_surprise(len(gone), len(rows), mules.usual), values)
