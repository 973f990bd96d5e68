"""Close groups that keep to themselves, where ties are all there is to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.candidates import Judge
from graphrisk_algorithms.csr import Csr
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.joins import entries_of, groups_of
from graphrisk_algorithms.leiden import Leiden
from graphrisk_algorithms.nulls import binomial_surprise, poisson_surprise
from graphrisk_algorithms.pairs import edges_of, pair_graph

_TIES = ("ASSOCIATED_WITH", "CALLED")


@dataclass(frozen=True, slots=True)
class CovertGroups:
    """Communities of ties far denser inside than their members' numbers of ties explain.

    A fallback for graphs of ties alone (meetings, calls, stated relations): where money is known,
    a close group is a family, and this finder stays silent.
    Null: the configuration model; ties fall on members by their degree (Poisson for the pairs
    tied, binomial for the share of their ties that stays inside).
    Cannot see intent: a team, a class or a family looks the same. Leiden, then linear.
    Source: Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113.
    """

    name: ClassVar[str] = "covert_group"
    least_members: int
    most_members: int
    resolution: float
    seed: int
    least_surprise: float
    half_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Communities of fitting size, strongest first."""
        if len(edges_of(graph, "TRANSFERRED")):
            return []
        view = pair_graph(graph, _TIES)
        labels = Leiden(resolution=self.resolution, seed=self.seed).communities(view)
        groups = [
            group
            for group in groups_of(labels)
            if self.least_members <= len(group) <= self.most_members
        ]
        judge = Judge(self.name, len(groups), self.least_surprise, self.half_surprise)
        return judge.ranked(self._candidate(judge, graph, view, labels, group) for group in groups)

    def _candidate(
        self, judge: Judge, graph: RiskGraph, view: Csr, labels: Int64Array, group: Int64Array
    ) -> Candidate | None:
        index, other, _ = entries_of(view, group)
        kept = labels[other] == labels[group[0]]
        inside, degrees = int(kept.sum()) // 2, np.diff(view.indptr)[group]
        total, every = int(degrees.sum()), len(view)
        expected = (total**2 - float((degrees.astype(np.float64) ** 2).sum())) / (2.0 * every)
        clues = (
            Clue(
                "dense_inside",
                poisson_surprise(inside, expected),
                {"pairs": inside, "members": len(group), "usual": round(expected, 2)},
            ),
            Clue(
                "keeps_to_itself",
                binomial_surprise(2 * inside, total, total / every),
                {"inside": 2 * inside, "ties": total, "usual": round(total / every, 4)},
            ),
        )
        roles = _roles(np.bincount(index[kept], minlength=len(group)))
        return judge.candidate(group, roles, _evidence(graph, labels, group), clues)


def _roles(ties: Int64Array) -> list[str]:
    """The best tied members hold a group together; more than half of them would name nobody."""
    most = int(ties.max())
    if 2 * int((ties == most).sum()) > len(ties):
        return ["member"] * len(ties)
    return ["core" if count == most else "member" for count in ties.tolist()]


def _evidence(graph: RiskGraph, labels: Int64Array, group: Int64Array) -> Int64Array:
    label = labels[group[0]]
    found = [
        edges.eid[(labels[edges.src] == label) & (labels[edges.dst] == label)]
        for edges in (edges_of(graph, kind) for kind in _TIES)
    ]
    return np.sort(np.concatenate(found))
