"""Callers of strangers whose callees soon pay into accounts that keep nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.calls import Calls, calls_of
from graphrisk_algorithms.candidates import Judge
from graphrisk_algorithms.columns import node_numbers, state_of
from graphrisk_algorithms.components import component_labels
from graphrisk_algorithms.csr import Csr, build_csr
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.joins import entries_of, groups_of
from graphrisk_algorithms.ladders import Ladder, find_ladders
from graphrisk_algorithms.nulls import binomial_surprise
from graphrisk_algorithms.pairs import edges_of
from graphrisk_algorithms.transfers import HOUR, Links, Transfers, money_links, transfers_of

_NEVER = -1
_SAMPLE = 20_000  # transfers that tell how often a payer was called before by chance


@dataclass(frozen=True, slots=True)
class _Scene:
    """The columns the finder joins."""

    transfers: Transfers
    links: Links
    calls: Calls
    holder: Int64Array  # person of each account, -1
    owner: Int64Array  # person of each phone, -1
    device: Int64Array  # device of each phone or account, -1
    listed: Int64Array  # when a phone was put on the scam list, -1
    phones: Csr  # phones of each person
    users: Csr  # phones and accounts of each device
    called_before: float  # chance that a payer was called by a stranger in the window


@dataclass(frozen=True, slots=True)
class ScamCells:
    """A cell of callers with its mule ladder.

    Sees payers who were called by a stranger within ``call_hours`` before their money entered
    accounts that passed it on within ``pass_hours``, the strangers themselves, and numbers on the
    same handset or of the same owner that behave alike or stand on the scam list.
    Null: money is passed on at the city's rate, and payers are called by strangers at the city's
    rate (both binomial). A courier calls strangers too, but they do not pay into ladders; a stall
    forwards its takings, but nobody called its customers.
    Cannot see cells whose victims pay from accounts of others, or days after the call.
    Linear in calls and transfers.
    Source: calls before payment, GSMA Scam Signal; pass-through layers, FlowScope (AAAI 2020).
    """

    name: ClassVar[str] = "scam_cell"
    material: float
    mule_surprise: float
    pass_hours: float
    pass_share: float
    call_hours: float
    seldom: int
    caller_surprise: float
    hub_users: int
    least_surprise: float
    half_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Ladders joined by their callers, strongest first."""
        scene = self._scene(graph)
        ladders, usual = find_ladders(
            scene.transfers,
            scene.links,
            share=self.pass_share,
            material=self.material,
            surprise=self.mule_surprise,
        )
        callers = [self._callers(scene, ladder) for ladder in ladders]
        judge = Judge(self.name, len(ladders), self.least_surprise, self.half_surprise)
        cells = _joined(graph.n, [found for found, _ in callers])
        return judge.ranked(
            self._candidate(
                judge,
                scene,
                [ladders[one] for one in cell],
                [callers[one] for one in cell],
                usual,
            )
            for cell in cells
        )

    def _scene(self, graph: RiskGraph) -> _Scene:
        transfers = transfers_of(graph)
        owns, uses = edges_of(graph, "OWNS_PHONE"), edges_of(graph, "USES_DEVICE")
        scene = _Scene(
            transfers=transfers,
            links=money_links(transfers, int(self.pass_hours * HOUR)),
            calls=calls_of(graph, self.seldom),
            holder=_turned(graph, "HOLDS"),
            owner=_turned(graph, "OWNS_PHONE"),
            device=state_of(graph, "USES_DEVICE"),
            listed=node_numbers(graph, "Phone", "scam_listed_at", _NEVER),
            phones=build_csr(graph.n, owns.src, owns.dst),
            users=build_csr(graph.n, uses.dst, uses.src),
            called_before=1.0,
        )
        step = max(len(transfers) // _SAMPLE, 1)
        sample = np.arange(0, len(transfers), step)
        index, _ = self._calls_before(scene, sample)
        share = len(np.unique(index)) / max(len(sample), 1)
        return _with_chance(scene, share)

    def _calls_before(self, scene: _Scene, paid: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Stranger calls to payers before they paid: ``(index into paid, call position)``."""
        person = scene.holder[scene.transfers.src[paid]]
        known = np.flatnonzero(person >= 0)
        whose, phone, _ = entries_of(scene.phones, person[known])
        to, _, call = entries_of(scene.calls.by_callee, phone)
        index = known[whose[to]]
        at = scene.transfers.at[paid[index]]
        since = at - int(self.call_hours * HOUR)
        first, last = scene.calls.first[call], scene.calls.last[call]
        near = ((first >= since) & (first <= at)) | ((last >= since) & (last <= at))
        near &= scene.calls.stranger[call]
        return index[near], call[near]

    def _callers(self, scene: _Scene, ladder: Ladder) -> tuple[Int64Array, Int64Array]:
        """Suspect callers of the ladder's payers, and their calls."""
        entry = ladder.passed[np.isin(scene.transfers.src[ladder.passed], ladder.payers)]
        _, call = self._calls_before(scene, entry)
        call = np.unique(call)
        caller = scene.calls.caller[call]
        suspect = (scene.calls.surprise[caller] >= self.caller_surprise) | (
            scene.listed[caller] != _NEVER
        )
        return np.unique(caller[suspect]), call[suspect]

    def _candidate(
        self,
        judge: Judge,
        scene: _Scene,
        ladders: list[Ladder],
        callers: list[tuple[Int64Array, Int64Array]],
        usual: float,
    ) -> Candidate | None:
        mules = np.unique(np.concatenate([one.mules for one in ladders]))
        payers = np.setdiff1d(np.concatenate([one.payers for one in ladders]), mules)
        ends = np.setdiff1d(np.concatenate([one.ends for one in ladders]), mules)
        hops = np.unique(np.concatenate([one.hops for one in ladders]))
        passed = np.unique(np.concatenate([one.passed for one in ladders]))
        seeds = np.unique(np.concatenate([one for one, _ in callers]))
        call = np.unique(np.concatenate([one for _, one in callers]))
        if not len(seeds):
            return None
        numbers = self._pool(scene, seeds)
        called = np.unique(scene.owner[scene.calls.callee[call]])
        victims = np.unique(scene.holder[payers])
        victims = victims[victims >= 0]
        into = np.unique(np.concatenate([one.received for one in ladders]))
        clues = (
            Clue(
                "passes_on",
                binomial_surprise(len(passed), len(into), usual),
                {"passed": len(passed), "transfers": len(into), "usual": round(usual, 4)},
            ),
            Clue(
                "called_before_paying",
                binomial_surprise(
                    len(np.intersect1d(called, victims)), len(victims), scene.called_before
                ),
                {
                    "called": len(np.intersect1d(called, victims)),
                    "payers": len(victims),
                    "usual": round(scene.called_before, 4),
                },
            ),
        )
        people = np.setdiff1d(scene.holder[np.concatenate([mules, ends])], [-1])
        owners = np.setdiff1d(scene.owner[numbers], [-1])
        parts = {
            **dict.fromkeys(payers.tolist(), "victim"),
            **dict.fromkeys(victims.tolist(), "victim"),
            **dict.fromkeys(people.tolist(), "mule"),
            **dict.fromkeys(mules.tolist(), "mule"),
            **dict.fromkeys(ends.tolist(), "mule"),
            **dict.fromkeys(owners.tolist(), "caller"),
            **dict.fromkeys(numbers.tolist(), "caller"),
        }
        members = np.array(sorted(parts), np.int64)
        evidence = np.union1d(scene.transfers.eid[hops], scene.calls.eid[call])
        return judge.candidate(members, [parts[one] for one in members.tolist()], evidence, clues)

    def _pool(self, scene: _Scene, seeds: Int64Array) -> Int64Array:
        """The callers and the numbers that share a handset with them and behave alike."""
        device = np.unique(scene.device[seeds])
        device = device[device >= 0]
        small = np.diff(scene.users.indptr)[device] <= self.hub_users
        _, user, _ = entries_of(scene.users, device[small])
        alike = (scene.calls.surprise[user] >= self.caller_surprise) | (
            scene.listed[user] != _NEVER
        )
        return np.union1d(seeds, user[alike])


def _with_chance(scene: _Scene, share: float) -> _Scene:
    from dataclasses import replace

    return replace(scene, called_before=share)


def _turned(graph: RiskGraph, edge_kind: str) -> Int64Array:
    """Source of each node's incoming edge of a kind (the smallest), else -1."""
    edges = edges_of(graph, edge_kind)
    source = np.full(graph.n, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(source, edges.dst, edges.src)
    source[source == np.iinfo(np.int64).max] = -1
    return source


def _joined(n: int, callers: list[Int64Array]) -> list[Int64Array]:
    """Positions of the ladders of each cell: ladders with a caller in common are one."""
    ladder = np.repeat(np.arange(len(callers)), [len(one) for one in callers])
    caller = np.concatenate([np.empty(0, np.int64), *callers])
    labels = component_labels(len(callers) + n, ladder, caller + len(callers))
    return groups_of(labels[: len(callers)])
