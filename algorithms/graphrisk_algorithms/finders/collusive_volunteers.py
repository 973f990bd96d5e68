"""Volunteers who take the same tasks within seconds, and do two of them in two places at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.evidence.task_grabs import TaskGrabs, task_grabs
from graphrisk_algorithms.evidence.transfers import SECOND
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import groups_of
from graphrisk_algorithms.kernels.pairs import eids_among

_BELONGING = ("ENROLLED_AS", "INVITED")


@dataclass(frozen=True, slots=True)
class CollusiveVolunteers:
    """Farmers of points: volunteers who grab tasks together and claim to work in two places.

    Sees pairs of volunteers who took the tasks that both took within ``within_seconds`` of each
    other, and at the same time had other tasks to do in other grid cells, more often than chance
    has both (``pair_surprise``); pairs that touch are a group.
    Null: who takes a task later than the first does so within the seconds as often as the delays
    of the whole city have it; grabs fall into work elsewhere as often as those of all others
    (binomial; less than ``place_surprise`` accuses nobody, for the pairs were picked by it). Where
    members brought members: they brought others as often.
    Friends who agree on the phone take a task together, too, but do one after the other.
    A task that more than ``crowd`` take within the seconds is a race and tells nothing.
    Cannot see groups that take one task at a time, nor one hand behind several names on the roll.
    ``m log m`` in grabs, times ``crowd`` at most.
    Source: co-action within a short time, CopyCatch (WWW 2013, doi:10.1145/2488388.2488400).
    """

    name: ClassVar[str] = "collusive_volunteers"
    within_seconds: int
    crowd: int
    least_members: int
    most_members: int
    pair_surprise: float
    place_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Groups of volunteers, strongest first."""
        grabs = task_grabs(graph)
        if not len(grabs):
            return []
        window = self.within_seconds * SECOND
        usual = _Usual(grabs.followed(window), grabs.in_two_places(), source_of(graph, "INVITED"))
        pairs = grabs.pairs_together(window, self.crowd)
        judge = Judge(self.name, len(pairs), self.least_surprise)
        return judge.ranked(
            self._candidate(judge, graph, grabs, usual, group)
            for group in self._groups(grabs, usual, pairs)
        )

    def _groups(self, grabs: TaskGrabs, usual: _Usual, pairs: Int64Array) -> Iterator[Int64Array]:
        """Volunteers joined by pairs that are together, and elsewhere at once, too often."""
        from scipy import stats

        both, place, seen = np.unique(
            np.sort(grabs.volunteer[pairs], axis=1), axis=0, return_inverse=True, return_counts=True
        )
        torn = np.bincount(place.ravel(), usual.torn[pairs].sum(axis=1), len(both))
        often = (seen > 1) & (torn > 0)
        both, seen, torn = both[often], seen[often], torn[often]
        common, chance = grabs.tasks_in_common(both, usual.followed)
        together = stats.binom.logsf(seen - 1, common, chance)
        elsewhere = stats.binom.logsf(torn - 1, 2 * seen, usual.torn.mean())
        joint = stats.chi2.logsf(-2.0 * (together + elsewhere), 4) / -np.log(10.0)  # Fisher
        left, right = both[joint >= self.pair_surprise].T
        members = np.union1d(left, right)
        labels = component_labels(grabs.n, left, right)[members]
        for rows in groups_of(labels):
            if self.least_members <= len(rows) <= self.most_members:
                yield members[rows]

    def _candidate(
        self, judge: Judge, graph: RiskGraph, grabs: TaskGrabs, usual: _Usual, group: Int64Array
    ) -> Candidate | None:
        together, clue = self._together(grabs, usual, group)
        places, brought = usual.in_two_places(together), usual.brought(grabs, group)
        if places.surprise < self.place_surprise:
            return None
        clues = [clue, places, *([brought] if brought.surprise > 0 else [])]
        person = source_of(graph, "ENROLLED_AS")
        heads = np.intersect1d(usual.inviter[group], group)
        core = np.union1d(heads, person[heads])
        members = np.setdiff1d(np.union1d(group, person[group]), [NOBODY])
        roles = np.where(np.isin(members, core), "core", "member").tolist()
        evidence = np.union1d(grabs.eid[together], eids_among(graph, _BELONGING, members))
        return judge.candidate(members, roles, evidence, clues)

    def _together(
        self, grabs: TaskGrabs, usual: _Usual, group: Int64Array
    ) -> tuple[Int64Array, Clue]:
        """Grabs of members within the seconds after the first member's, and those first ones."""
        mine = np.flatnonzero(np.isin(grabs.volunteer, group))
        first, place = np.unique(grabs.task[mine], return_index=True, return_inverse=True)[1:]
        leader = mine[first][place.ravel()]
        later = mine != leader
        joint = later & (grabs.at[mine] - grabs.at[leader] <= self.within_seconds * SECOND)
        chance = float(usual.followed[leader[later]].mean())
        values = {
            "members": len(group),
            "tasks": len(np.unique(leader[joint])),
            "seconds": self.within_seconds,
            "together": int(joint.sum()),
            "grabs": int(later.sum()),
            "usual": round(chance, 4),
        }
        surprise = binomial_surprise(int(joint.sum()), int(later.sum()), chance)
        return np.union1d(mine[joint], leader[joint]), Clue("grabs_together", surprise, values)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What volunteers of the city do when they do not know of each other."""

    followed: Float64Array  # of each grab: chance that a later one comes within the seconds
    torn: BoolArray  # of each grab: whether the volunteer was at work in another cell
    inviter: Int64Array  # of each node, else ``NOBODY``

    def in_two_places(self, together: Int64Array) -> Clue:
        """How many of these grabs fell into work elsewhere, against all other grabs."""
        seen, count = int(self.torn[together].sum()), len(together)
        usual = (int(self.torn.sum()) - seen + 1) / (len(self.torn) - count + 2)
        values = {"torn": seen, "grabs": count, "usual": round(usual, 4)}
        return Clue("in_two_places", binomial_surprise(seen, count, usual), values)

    def brought(self, grabs: TaskGrabs, group: Int64Array) -> Clue:
        """How many members were brought by members, against how many others these brought."""
        others = np.setdiff1d(grabs.volunteer, group)
        seen = int(np.isin(self.inviter[group], group).sum())
        usual = (int(np.isin(self.inviter[others], group).sum()) + 1) / (len(others) + 2)
        values = {"brought": seen, "members": len(group), "usual": round(usual, 4)}
        return Clue("brought_by_members", binomial_surprise(seen, len(group), usual), values)
