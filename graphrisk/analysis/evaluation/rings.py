"""Findings against planted rings and look-alikes, by overlap of nodes.

A planted ring is the set of its members with ``is_offender`` true, of every node kind: persons,
phones, accounts and devices alike; victims do not count. A finding is the set of its members
whose role is not blameless. They overlap by their Jaccard index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from graphrisk.analysis.evaluation.truth import Nodes, Ring, Truth
from graphrisk.analysis.findings import BLAMELESS
from graphrisk.analysis.model import Finding

#: From this Jaccard on a ring counts as recovered (matched), and as touched.
RECOVERED = 0.5
TOUCHED = 0.3
_HELD = 0.5
_SHOWN = 20
_DIGITS = 4


class RingFigures(TypedDict):
    """How the findings of a run fit the planted rings; K = ``planted``. Shares are 0-1."""

    planted: int
    found: int  # all findings of the run
    recovered_at_k: float  # rings with a Jaccard of .5 or more with one of the first K findings
    recall_03: float  # rings with a Jaccard of .3 or more with any finding
    recall_05: float
    precision_at_20: float  # of the first 20 findings those with a Jaccard of .3 with some ring
    hard_negatives_at_k: float  # look-alikes among the first K findings, as a share of K


class DecoyFigures(TypedDict):
    """Look-alikes of one kind."""

    groups: int
    flagged: int  # by the first 2 K findings
    at_k: int  # by the first K findings


@dataclass(frozen=True, slots=True)
class Compared:
    """Every finding, strongest first, held against every planted ring."""

    truth: Truth  # as the run saw it
    found: tuple[Nodes, ...]  # suspects of each finding
    overlaps: tuple[dict[str, float], ...]  # of each finding: ring → Jaccard, where above 0

    @classmethod
    def of(cls, truth: Truth, findings: Sequence[Finding]) -> Compared:
        """Linear in members and in pairs that share one."""
        holding: defaultdict[int, list[Ring]] = defaultdict(list)
        for ring in truth.rings:
            for nid in ring.offenders:
                holding[nid].append(ring)
        found = tuple(suspects(one) for one in findings)
        overlaps = []
        for nodes in found:
            near = {ring.ring_id: ring for nid in nodes for ring in holding.get(nid, ())}
            overlaps.append({name: jaccard(near[name].offenders, nodes) for name in sorted(near)})
        return cls(truth, found, tuple(overlaps))

    @property
    def planted(self) -> int:
        """Number of planted rings, K."""
        return len(self.truth.rings)

    def best(self, count: int | None = None) -> dict[str, float]:
        """Best Jaccard of each ring with one of the first ``count`` findings (``None``: all)."""
        best = {ring.ring_id: 0.0 for ring in self.truth.rings}
        for overlaps in self.overlaps[:count]:
            for name, overlap in overlaps.items():
                best[name] = max(best[name], overlap)
        return best

    def fits(self, place: int, least: float) -> bool:
        """Whether a finding overlaps some ring by at least ``least``."""
        return max(self.overlaps[place].values(), default=0.0) >= least

    def false_findings(self, least: float, count: int | None = None) -> list[int]:
        """Places of the first ``count`` findings that overlap no ring by ``least``."""
        every = range(len(self.found[:count]))
        return [place for place in every if not self.fits(place, least)]

    def flagged(self, count: int) -> Counter[str]:
        """Look-alikes among the first ``count`` findings, by kind.

        One that holds at least half of a group's nodes, or whose suspects are at least half of
        a group's, tells of that group.
        """
        holding: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for group, nodes in self.truth.decoys.items():
            for nid in nodes:
                holding[nid].append(group)
        told: set[tuple[str, str]] = set()
        for nodes in self.found[:count]:
            common = Counter(group for nid in nodes for group in holding.get(nid, ()))
            for group, shared in common.items():
                size = min(len(nodes), len(self.truth.decoys[group]))
                if shared >= _HELD * size:
                    told.add(group)
        return Counter(kind for kind, _ in told)

    def decoys(self) -> dict[str, DecoyFigures]:
        """Look-alikes by kind."""
        groups = Counter(kind for kind, _ in self.truth.decoys)
        judged, first = self.flagged(2 * self.planted), self.flagged(self.planted)
        return {
            kind: {"groups": groups[kind], "flagged": judged[kind], "at_k": first[kind]}
            for kind in sorted(groups)
        }

    def figures(self) -> RingFigures:
        """The first lines of the sheet."""
        shown = range(min(_SHOWN, len(self.found)))
        every = [ring.ring_id for ring in self.truth.rings]
        first, best = self.best(self.planted), self.best()
        return {
            "planted": self.planted,
            "found": len(self.found),
            "recovered_at_k": share(first[name] >= RECOVERED for name in every),
            "recall_03": share(best[name] >= TOUCHED for name in every),
            "recall_05": share(best[name] >= RECOVERED for name in every),
            "precision_at_20": share(self.fits(place, TOUCHED) for place in shown),
            "hard_negatives_at_k": round(
                self.flagged(self.planted).total() / max(self.planted, 1), _DIGITS
            ),
        }


def grouped(rings: Iterable[Ring], of: Callable[[Ring], str]) -> dict[str, list[Ring]]:
    """Rings by kind, level or whatever ``of`` names, in name order."""
    found: defaultdict[str, list[Ring]] = defaultdict(list)
    for ring in rings:
        found[of(ring)].append(ring)
    return dict(sorted(found.items()))


def suspects(finding: Finding) -> Nodes:
    """Members of a finding that it accuses."""
    return frozenset(member.nid for member in finding.members if member.role not in BLAMELESS)


def jaccard(left: Nodes, right: Nodes) -> float:
    """Size of the intersection over that of the union; 0 of nothing."""
    return len(left & right) / len(left | right) if left or right else 0.0


def share(truths: Iterable[bool]) -> float:
    """Share of true ones; 0 of none."""
    every = list(truths)
    return round(sum(every) / len(every), _DIGITS) if every else 0.0
