"""How much of a ring one reported number leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import numpy as np

from graphrisk.analysis.evaluation.rings import jaccard, suspects
from graphrisk.analysis.evaluation.truth import Nodes, Truth
from graphrisk.analysis.expansion import ring_behind
from graphrisk.analysis.service import Findings
from graphrisk.store.contract import Reader

_NUMBERS = ("Account", "Phone")


class ReachFigures(TypedDict):
    """Mean Jaccard of the reached finding with the ring; a number that leads nowhere counts 0."""

    numbers: int  # of members and victims that the graph knows
    mean_jaccard: float | None  # over rings, of each the mean over its numbers
    from_members: float | None
    from_victims: float | None


def reached(truth: Truth, findings: Findings, reader: Reader) -> dict[str, list[list[float]]]:
    """Of each ring the Jaccards reached from its members' and from its victims' numbers."""
    found: dict[str, list[list[float]]] = {}
    known: dict[int, Nodes] = {}
    for ring in truth.rings:
        sides = []
        for nodes in (ring.offenders, ring.victims):
            overlaps = []
            for nid in _numbers(nodes, reader):
                if nid not in known:
                    finding = ring_behind(findings, reader, nid)
                    known[nid] = frozenset() if finding is None else suspects(finding)
                overlaps.append(jaccard(known[nid], ring.offenders))
            sides.append(overlaps)
        found[ring.ring_id] = sides
    return found


def reach_figures(rings: Iterable[list[list[float]]]) -> ReachFigures:
    """The means over rings; rings without a known number are left out."""
    every = list(rings)
    members, victims = ([sides[side] for sides in every] for side in (0, 1))
    return {
        "numbers": sum(map(len, members)) + sum(map(len, victims)),
        "mean_jaccard": mean_reach(every),
        "from_members": _mean(members),
        "from_victims": _mean(victims),
    }


def mean_reach(rings: Iterable[list[list[float]]]) -> float | None:
    """Mean over rings of the mean over a ring's numbers, members' and victims' together."""
    return _mean([[*members, *victims] for members, victims in rings])


def _mean(groups: list[list[float]]) -> float | None:
    means = [sum(group) / len(group) for group in groups if group]
    return round(sum(means) / len(means), 4) if means else None


def _numbers(nodes: Nodes, reader: Reader) -> list[int]:
    tables = reader.get_nodes(np.array(sorted(nid for nid in nodes if nid >= 0), np.int64))
    return sorted(
        nid
        for kind in _NUMBERS
        if kind in tables
        for nid in tables[kind]["nid"].to_numpy().tolist()
    )
