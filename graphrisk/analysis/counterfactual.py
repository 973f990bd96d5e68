"""What would have to be untrue for a finding to fall: the least of its evidence, tried out.

Nothing is estimated: edges are taken out of the graph, the finder is run again on what is left,
and what it then says is scored. Only a removal that did bring the score down is ever told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrisk.analysis.findings import BLAMELESS
from graphrisk.analysis.model import Finding
from graphrisk.analysis.scoring import Scale
from graphrisk_algorithms.algorithm import Algorithm, Candidate
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph

#: What is left of a finding is what has so large a share of its suspects, or consists of them.
_LEFT = 0.3
_OF_THEM = 0.5
_RUNS = 60


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Without these edges the finding scores less than was asked."""

    evidence: tuple[int, ...]  # eids, ascending
    score: float  # of what is left of it; 0 where nothing is
    runs: int  # of the finder, to find this out


class _Trial:
    """Runs the finder without some edges and scores what is left of a finding."""

    def __init__(
        self, finding: Finding, graph: RiskGraph, finder: Algorithm[list[Candidate]], scale: Scale
    ) -> None:
        self._graph, self._finder, self._scale = graph, finder, scale
        self._suspects = {one.nid for one in finding.members if one.role not in BLAMELESS}
        self.runs = 0

    def score(self, removed: Sequence[int]) -> float:
        """Score of the strongest candidate that is left of the finding."""
        self.runs += 1
        found = self._finder.run(without(self._graph, np.array(removed, np.int64)))
        left = [self._scale.scored(one).score for one in found if self._is_left(one)]
        return max(left, default=0.0)

    def _is_left(self, candidate: Candidate) -> bool:
        pairs = zip(candidate.members.tolist(), candidate.roles, strict=True)
        own = {nid for nid, role in pairs if role not in BLAMELESS}
        common = len(own & self._suspects)
        return common >= _LEFT * len(self._suspects) or common > _OF_THEM * len(own)


def counterfactual(
    finding: Finding,
    graph: RiskGraph,
    finder: Algorithm[list[Candidate]],
    scale: Scale,
    below: float = 0.5,
    most_runs: int = _RUNS,
) -> Counterfactual | None:
    """The least of the finding's evidence without which it scores less than ``below``.

    Evidence is tried kind by kind of edge, the kind with the fewest first, then all of it: how
    many of the first ones suffice is halved out, and what turns out to be needless put back, while
    ``most_runs`` last. So the set is small, not always the smallest. ``None`` when the finding does
    not score ``below`` or more now, or when nothing that was tried brought it down.

    Args:
        finding: Of a run that saw ``graph``.
        graph: What detection saw; not changed.
        finder: The one that finds this kind, with the thresholds of the run.
        scale: The one of the run.
        below: The score to fall below, 0-1.
        most_runs: Of the finder; each costs what it costs in a detection.
    """
    trial = _Trial(finding, graph, finder, scale)
    if trial.score(()) < below:
        return None

    def holds(removed: Sequence[int]) -> bool:
        return trial.runs < most_runs and trial.score(removed) < below

    enough = next((eids for eids in _sets(finding, graph) if eids and holds(eids)), None)
    if enough is None:
        return None
    least = _needed(_first_ones(enough, holds), holds)
    score = trial.score(least)  # applied once more: what is told has been seen to hold
    return Counterfactual(tuple(sorted(least)), score, trial.runs) if score < below else None


def without(graph: RiskGraph, eids: Int64Array) -> RiskGraph:
    """The graph without some edges; columns are shared where none of a kind is taken out."""
    kept = {kind: ~np.isin(edges.eid, eids) for kind, edges in graph.edges.items()}
    return replace(
        graph,
        edges={
            kind: edges if kept[kind].all() else _rows(edges, np.flatnonzero(kept[kind]))
            for kind, edges in graph.edges.items()
        },
    )


def _rows(edges: EdgeColumns, rows: Int64Array) -> EdgeColumns:
    return EdgeColumns(
        eid=edges.eid[rows],
        src=edges.src[rows],
        dst=edges.dst[rows],
        columns={name: column[rows] for name, column in edges.columns.items()},
    )


def _sets(finding: Finding, graph: RiskGraph) -> Iterator[list[int]]:
    """The evidence of each kind of edge, fewest first, then all; the largest sums stand first."""
    evidence = np.array(finding.evidence, np.int64)
    by_kind = []
    for kind in sorted(graph.edges):
        edges = graph.edges[kind]
        rows = np.flatnonzero(np.isin(edges.eid, evidence))
        if len(rows):
            by_kind.append(edges.eid[rows[np.lexsort((edges.eid[rows], -_size(edges)[rows]))]])
    by_kind.sort(key=len)
    yield from (eids.tolist() for eids in by_kind)
    yield np.concatenate([*by_kind, np.empty(0, np.int64)]).tolist()


def _size(edges: EdgeColumns) -> Int64Array:
    """What makes an edge count more: its money, or how long was talked."""
    for name in ("amount", "seconds"):
        if name in edges.columns:
            return edges.columns[name].astype(np.int64)
    return np.zeros(len(edges), np.int64)


def _first_ones(eids: list[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
    """A shortest prefix that holds, by halving; ``eids`` holds."""
    low, high = 0, len(eids)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(eids[:middle]) else (middle, high)
    return eids[:high]


def _needed(eids: list[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
    """What is left after putting back pieces that were not needed, large ones first."""
    piece = len(eids) // 2
    while piece:
        start = 0
        while start < len(eids):
            fewer = eids[:start] + eids[start + piece :]
            if fewer and holds(fewer):
                eids = fewer
            else:
                start += piece
        piece //= 2
    return eids
