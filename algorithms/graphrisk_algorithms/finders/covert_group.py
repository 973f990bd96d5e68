"""Close groups that keep to themselves, where ties are all there is to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import mean, variance
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.nulls import normal_surprise
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.joins import entries_of, groups_of
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.pairs import edges_of, pair_graph

_TIES = ("ASSOCIATED_WITH", "CALLED")
_LEAST_NULLS = 5  # chance cells without which nothing is known about chance


@dataclass(frozen=True, slots=True)
class _Cell:
    """A community: its nodes, the ends of ties inside, and all ends of ties."""

    nodes: Int64Array
    inside: int
    ties: int

    @property
    def share(self) -> float:
        """Share of the ties that stays inside."""
        return self.inside / self.ties


@dataclass(frozen=True, slots=True)
class CovertGroups:
    """Communities that keep more of their ties to themselves than chance communities do.

    A fallback for graphs of ties alone (meetings, calls, stated relations): where money is known,
    a close group is a family, and this finder stays silent.
    Null: communities that the same method finds in ``null_graphs`` graphs with the same number of
    ties for every node, dealt at random; the share of ties inside is compared with those of about
    the same size (normal tail). A method that looks for dense cells finds some in any graph, so
    the share that a random cell would have is no null.
    Cannot see intent: a team, a class or a family looks the same. Leiden ``1 + null_graphs`` times.
    Source: Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113 (random graphs of same degrees).
    """

    name: ClassVar[str] = "covert_group"
    least_members: int
    most_members: int
    resolution: float
    null_graphs: int
    seed: int
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Communities of fitting size, strongest first."""
        if len(edges_of(graph, "TRANSFERRED")):
            return []
        view = pair_graph(graph, _TIES)
        if not len(view):
            return []
        labels, cells = self._cells(view)
        cells = [
            cell for cell in cells if self.least_members <= len(cell.nodes) <= self.most_members
        ]
        chance = [cell for null in self._null_views(view) for cell in self._cells(null)[1]]
        judge = Judge(self.name, len(cells), self.least_surprise)
        return judge.ranked(
            self._candidate(judge, graph, view, labels, cell, chance) for cell in cells
        )

    def _cells(self, view: Csr) -> tuple[Int64Array, list[_Cell]]:
        """Community of each node, and those that have ties."""
        labels = Leiden(resolution=self.resolution, seed=self.seed).communities(view)
        rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
        inside = labels[rows] == labels[view.indices]
        ties = np.bincount(labels[rows], minlength=view.n)
        kept = np.bincount(labels[rows[inside]], minlength=view.n)
        groups = groups_of(labels)
        return labels, [
            _Cell(group, int(kept[label]), int(ties[label]))
            for label, group in zip(np.unique(labels).tolist(), groups, strict=True)
            if ties[label]
        ]

    def _null_views(self, view: Csr) -> Iterator[Csr]:
        """Graphs with the same ties a node, dealt at random; loops and repeats fall away."""
        rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
        for number in range(self.null_graphs):
            ends = np.random.default_rng([self.seed, number]).permutation(rows)
            half = len(ends) // 2
            src, dst = ends[:half], ends[half : 2 * half]
            proper = src != dst
            yield build_csr(view.n, src[proper], dst[proper], symmetric=True, merge=True)

    def _candidate(
        self,
        judge: Judge,
        graph: RiskGraph,
        view: Csr,
        labels: Int64Array,
        cell: _Cell,
        chance: list[_Cell],
    ) -> Candidate | None:
        usual, surprise = _against(cell, chance)
        clue = Clue(
            "keeps_to_itself",
            surprise,
            {
                "members": len(cell.nodes),
                "inside": cell.inside,
                "ties": cell.ties,
                "share": round(cell.share, 4),
                "usual": round(usual, 4),
            },
        )
        index, other, _ = entries_of(view, cell.nodes)
        kept = labels[other] == labels[cell.nodes[0]]
        roles = _roles(np.bincount(index[kept], minlength=len(cell.nodes)))
        return judge.candidate(cell.nodes, roles, _evidence(graph, labels, cell.nodes), [clue])


def _against(cell: _Cell, chance: list[_Cell]) -> tuple[float, float]:
    """Mean share inside of chance cells of about this size, and how far this one lies above.

    Where there are too few of this size, larger ones are taken as well, which keep more, and the
    luck of so few pairs is added to their spread: a small cell strays further. Much smaller ones
    are not: two who happen to have nobody else keep everything to themselves.
    """
    sizes = [len(other.nodes) / len(cell.nodes) for other in chance]
    alike = [other.share for other, size in zip(chance, sizes, strict=True) if 0.5 <= size <= 2.0]
    luck = 0.0
    if len(alike) < _LEAST_NULLS:
        alike = [other.share for other, size in zip(chance, sizes, strict=True) if size >= 0.5]
        if len(alike) < _LEAST_NULLS:
            return 1.0, 0.0
        luck = mean(alike) * (1.0 - mean(alike)) / (cell.ties / 2.0)
    return mean(alike), normal_surprise(cell.share, mean(alike), sqrt(variance(alike) + luck))


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
