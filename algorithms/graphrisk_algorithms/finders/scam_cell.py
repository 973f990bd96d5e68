"""Callers of strangers whose callees soon pay into accounts that keep nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.call_bursts import Burst, CallBursts, call_bursts
from graphrisk_algorithms.evidence.calls import calls_of
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY
from graphrisk_algorithms.evidence.ladders import Mules, Passing, mules_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.scam_scene import Approach, Scene
from graphrisk_algorithms.evidence.transfers import HOUR, MINUTE, SECOND, transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import distinct_pairs, entries_of
from graphrisk_algorithms.kernels.pairs import eids_among

#: Payers in common from which two groups of callers and mules are one cell; one may be chance.
_LEAST_PAYERS = 2
_BELONGING = ("HOLDS", "OWNS_PHONE", "USES_DEVICE")  # what ties persons to what they use


@dataclass(frozen=True, slots=True)
class _Suspects:
    """What stands out, before it is joined to cells."""

    mules: Mules
    approach: Approach  # of callers that are suspect, to payers of mules
    is_caller: BoolArray  # of each node: phones


@dataclass(frozen=True, slots=True)
class ScamCells:
    """A cell of callers with its mule ladder.

    Sees mules (see ``find_mules``); payers whom a stranger held on the line for ``call_minutes``
    or more, within ``call_hours`` before their money reached a mule; and the callers: numbers that
    approached more payers of one ladder than their traffic explains. Numbers on a caller's handset
    or of its owner that also call mostly strangers, or are on the scam list, belong to the pool.
    Ladders, callers, handsets and owners that touch are one cell.
    Where most of a cell's busy numbers call in bursts (``call_bursts``), that is a third clue.
    Null: money is passed on at the ledger's rate, payers are called by strangers at the city's
    (binomial, and rarely enough: ``call_surprise``); a caller reaches a payer by chance in
    proportion to its callees (Poisson).
    A courier calls strangers too, but they do not pay into ladders; a stall forwards its takings,
    but nobody called its customers; a call centre reaches everybody as often as any payer.
    Cannot see cells whose victims pay from accounts of others or days after the call, nor cells
    that only call. Linear in calls and transfers.
    Source: calls before payment, GSMA Scam Signal; pass-through layers, FlowScope (AAAI 2020).
    """

    name: ClassVar[str] = "scam_cell"
    material: float
    mule_surprise: float
    pass_hours: float
    pass_share: float
    pass_part: float
    returned: float
    call_hours: float
    call_minutes: float
    seldom: int
    caller_surprise: float
    call_surprise: float
    pool_share: float
    hub_users: int
    burst_callees: int
    burst_strangers: float
    burst_days: float
    burst_a_day: float
    burst_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Cells with at least one caller, strongest first."""
        transfers = transfers_of(graph)
        calls = calls_of(graph, self.seldom, int(self.call_minutes * MINUTE) // SECOND)
        if not len(transfers) or not len(calls.eid):
            return []
        scene = Scene.of(graph, transfers, calls)
        suspects = self._suspects(graph, scene)
        cell = self._cells(graph.n, scene, suspects)
        seeds = np.unique(cell[np.flatnonzero(suspects.is_caller)])
        judge = Judge(self.name, len(seeds), self.least_surprise)
        usual = scene.usual_approach(self._call_window)
        bursts = call_bursts(calls, graph.n, self._burst)
        return judge.ranked(
            self._candidate(
                judge, graph, scene, _Cell.of(scene, suspects, cell == label), usual, bursts
            )
            for label in seeds.tolist()
        )

    @property
    def _burst(self) -> Burst:
        return Burst(self.burst_callees, self.burst_strangers, self.burst_days, self.burst_a_day)

    @property
    def _call_window(self) -> int:
        return int(self.call_hours * HOUR)

    def _suspects(self, graph: RiskGraph, scene: Scene) -> _Suspects:
        passing = Passing(
            share=self.pass_share,
            part=self.pass_part,
            material=self.material,
            surprise=self.mule_surprise,
            returned=self.returned,
        )
        mules = mules_of(graph, int(self.pass_hours * HOUR), passing)
        entry = mules.passed[~mules.is_mule[scene.transfers.src[mules.passed]]]
        approach = scene.approaches(entry, self._call_window)
        told = self._stands_out(scene, mules, entry, approach)
        approach = Approach(approach.transfer[told], approach.call[told])
        is_caller = np.zeros(scene.transfers.n, np.bool_)
        is_caller[scene.calls.caller[approach.call]] = True
        is_caller[self._pool(scene, np.flatnonzero(is_caller))] = True
        return _Suspects(mules, approach, is_caller)

    def _stands_out(
        self, scene: Scene, mules: Mules, entry: Int64Array, approach: Approach
    ) -> BoolArray:
        """Which approaches come from a caller that met more payers than its traffic explains."""
        from scipy import stats

        ladder = _ladders(scene, mules)
        people = max(len(np.unique(scene.calls.callee)), 1)
        label, _ = distinct_pairs(ladder[scene.transfers.dst[entry]], scene.transfers.src[entry])
        payers = np.bincount(label, minlength=scene.transfers.n)
        caller = scene.calls.caller[approach.call]
        reached = ladder[scene.transfers.dst[approach.transfer]]
        pair, seen = _payers_in_common(caller, reached, scene.transfers.src[approach.transfer])
        index = np.unique(np.column_stack([caller, reached]), axis=0, return_inverse=True)[1]
        share = min(2.0 * self._call_window / scene.calls.span(), 1.0)
        expected = payers[pair[:, 1]] * scene.calls.held[pair[:, 0]] / people * share
        tail = stats.poisson.logsf(seen - 1, expected) / -np.log(10.0)
        listed = scene.is_listed[pair[:, 0]] > 0
        told: BoolArray = ((tail >= self.caller_surprise) | listed)[index]
        return told

    def _pool(self, scene: Scene, callers: Int64Array) -> Int64Array:
        """Numbers on the callers' handsets or of their owners that call like them."""
        device, person = (np.unique(column[callers]) for column in (scene.device, scene.person))
        device = device[device != NOBODY]
        small = np.diff(scene.users.indptr)[device] <= self.hub_users
        _, near, _ = entries_of(scene.users, device[small])
        _, own, _ = entries_of(scene.phones, person[person != NOBODY])
        numbers = np.union1d(near, own)
        strangers = scene.calls.strangers[numbers] / np.maximum(scene.calls.callees[numbers], 1)
        return numbers[(strangers >= self.pool_share) | (scene.is_listed[numbers] > 0)]

    def _cells(self, n: int, scene: Scene, suspects: _Suspects) -> Int64Array:
        """Label of each node after joining ladders, pools, and each of them to its nearest.

        Money between mules makes ladders, handsets and owners of numbers make pools; a mule's
        handset joins nothing, for mules work for several ladders. Each ladder joins the pool it
        has most payers in common with, each pool such a ladder; what that makes is joined further
        by two payers or more: a single victim of two cells does not make them one.
        """
        transfers, mules, approach = scene.transfers, suspects.mules, suspects.approach
        numbers = np.flatnonzero(suspects.is_caller)
        device = scene.device[numbers]
        shared = (device != NOBODY) & (np.diff(scene.users.indptr)[device] <= self.hub_users)
        owned = scene.person[numbers] != NOBODY
        inner = mules.carriers[mules.is_mule[transfers.dst[mules.carriers]]]
        src = [transfers.src[inner], numbers[shared], numbers[owned]]
        dst = [transfers.dst[inner], device[shared], scene.person[numbers[owned]]]
        block = component_labels(n, np.concatenate(src), np.concatenate(dst))
        pool = block[scene.calls.caller[approach.call]]
        ladder = block[transfers.dst[approach.transfer]]
        payer = transfers.src[approach.transfer]
        near = _nearest(pool, ladder, payer)
        core = component_labels(n, near[:, 0], near[:, 1])
        left, right = np.minimum(core[pool], core[ladder]), np.maximum(core[pool], core[ladder])
        pair, payers = _payers_in_common(left, right, payer)
        linked = pair[payers >= _LEAST_PAYERS]
        return component_labels(n, linked[:, 0], linked[:, 1])[core[block]]

    def _candidate(
        self,
        judge: Judge,
        graph: RiskGraph,
        scene: Scene,
        cell: _Cell,
        usual: float,
        bursts: CallBursts,
    ) -> Candidate | None:
        clues = list(cell.clues(scene, usual))
        if clues[0].surprise < self.call_surprise:
            return None
        burst = bursts.clue(cell.numbers)
        if burst is not None and burst.surprise >= self.burst_surprise:
            clues.append(burst)
        parts = _parts(scene, cell)
        members = np.array(sorted(parts), np.int64)
        money = scene.transfers.eid[np.union1d(cell.passed, cell.carriers)]
        own = eids_among(graph, _BELONGING, members)
        evidence = np.unique(np.concatenate([money, scene.calls.eid[cell.calls], own]))
        return judge.candidate(members, [parts[one] for one in members.tolist()], evidence, clues)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell: positions of its transfers and calls, and who stands behind them."""

    mules: Mules
    accounts: Int64Array  # its mules
    numbers: Int64Array  # its callers' phones
    passed: Int64Array
    carriers: Int64Array
    calls: Int64Array  # approaches
    called: Int64Array  # accounts of payers who were approached

    @classmethod
    def of(cls, scene: Scene, suspects: _Suspects, inside: BoolArray) -> _Cell:
        """What of the suspects lies ``inside``, a flag of each node."""
        transfers, mules = scene.transfers, suspects.mules
        mine = inside[transfers.dst[suspects.approach.transfer]]
        return cls(
            mules=mules,
            accounts=np.flatnonzero(inside & mules.is_mule),
            numbers=np.flatnonzero(inside & suspects.is_caller),
            passed=mules.passed[inside[transfers.dst[mules.passed]]],
            carriers=mules.carriers[inside[transfers.src[mules.carriers]]],
            calls=np.unique(suspects.approach.call[mine]),
            called=np.unique(transfers.src[suspects.approach.transfer[mine]]),
        )

    def clues(self, scene: Scene, usual: float) -> tuple[Clue, Clue]:
        """How many payers were called before, and how much was passed on."""
        transfers = scene.transfers
        received = transfers.paid_to(self.accounts)
        received = received[self.mules.large[received]]
        large = self.passed[self.mules.large[self.passed]]
        payers = np.setdiff1d(transfers.src[self.passed], self.accounts)
        told = self.passed[np.isin(transfers.src[self.passed], self.called)]
        approached = Clue(
            "called_before_paying",
            binomial_surprise(len(self.called), len(payers), usual),
            {
                "called": len(self.called),
                "payers": len(payers),
                "amount": int(transfers.amount[told].sum()),
                "usual": round(usual, 4),
            },
        )
        passes = Clue(
            "passes_on",
            binomial_surprise(len(large), len(received), self.mules.usual),
            {
                "passed": len(large),
                "transfers": len(received),
                "amount": int(transfers.amount[large].sum()),
                "usual": round(self.mules.usual, 4),
            },
        )
        return approached, passes


def _nearest(pool: Int64Array, ladder: Int64Array, payer: Int64Array) -> Int64Array:
    """Pairs (pool, ladder) with as many payers in common as either has with any other."""
    pair, payers = _payers_in_common(pool, ladder, payer)
    most = np.zeros(int(pair.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, pair[:, 0], payers)
    np.maximum.at(most, pair[:, 1], payers)
    nearest: Int64Array = pair[(payers == most[pair[:, 0]]) | (payers == most[pair[:, 1]])]
    return nearest


def _payers_in_common(
    left: Int64Array, right: Int64Array, payer: Int64Array
) -> tuple[Int64Array, Int64Array]:
    """The different pairs (left, right), and with how many different payers each occurs."""
    met = np.unique(np.column_stack([left, right, payer]), axis=0)
    pair, payers = np.unique(met[:, :2], axis=0, return_counts=True)
    return pair, payers.astype(np.int64)


def _ladders(scene: Scene, mules: Mules) -> Int64Array:
    """Label of each account: mules that pay each other are one ladder."""
    inner = mules.carriers[mules.is_mule[scene.transfers.dst[mules.carriers]]]
    return component_labels(
        scene.transfers.n, scene.transfers.src[inner], scene.transfers.dst[inner]
    )


def _parts(scene: Scene, cell: _Cell) -> dict[int, str]:
    """Role of each member; who both suffers and acts is named by what he does."""
    accounts = np.union1d(cell.accounts, scene.transfers.dst[cell.carriers])
    nodes = {"victim": cell.called, "mule": accounts, "caller": cell.numbers}
    parts = dict.fromkeys(scene.calls.callee[cell.calls].tolist(), "victim")
    for role, own in nodes.items():
        people = np.setdiff1d(scene.person[own], [NOBODY])
        parts |= dict.fromkeys([*own.tolist(), *people.tolist()], role)
    handsets = np.setdiff1d(scene.device[cell.numbers], [NOBODY])
    return parts | dict.fromkeys(handsets.tolist(), "device")
