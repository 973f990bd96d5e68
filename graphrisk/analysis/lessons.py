"""What verdicts teach a detection, and which cases its run proposes by lot.

Who gives verdicts lies above this folder, so they come in by a port (``Lessons.heard``). A run
keeps what it learnt and whom the lot drew; with which chance a case was opened follows from the
run that was the latest when the finding came into it.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphrisk.analysis.model import Finding, Reason
from graphrisk.analysis.scoring import Scale
from graphrisk.analysis.verdicts import Verdict, choose, judged, with_verdicts
from graphrisk.store.contract import Reader
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.graph import Int64Array

#: Beside the finders in a run's ``parameters``.
SHIFTS, LOTS = "verdicts.shifts", "verdicts.lots"
_REASON = "verdicts"


@dataclass(frozen=True, slots=True)
class Told:
    """What a closed case says of a node; it speaks of suspects alone."""

    kind: str
    key: str
    is_offender: bool
    at: int  # epoch ms UTC
    by: str
    chance: float  # with which the case was opened (``Lots.chance``)


@dataclass(frozen=True, slots=True)
class Lessons:
    """How a deployment teaches its detections."""

    heard: Callable[[], Sequence[Told]]  # all verdicts that stand, of whatever run
    capacity: int  # cases that may be opened on the findings of a run
    audit_share: float  # of these, the share that is drawn by lot


@dataclass(frozen=True, slots=True)
class Learnt:
    """The scale after verdicts, and on how many judged findings it rests."""

    scale: Scale
    judged: int = 0
    by_lot: int = 0

    def reason(self, candidate: Candidate) -> Reason | None:
        """By how much verdicts moved a finding's score; ``None`` where they did not."""
        before = min(self.scale.before_verdicts(candidate), self.scale.most)
        moved = round(candidate.score - round(before, 6), 6)
        if not self.scale.shifts or not moved:
            return None
        values: dict[str, int | float | str] = {
            "judged": self.judged,
            "by_lot": self.by_lot,
            "before": round(before, 6),
            "after": candidate.score,
        }
        return Reason(_REASON, moved, values)


def learnt(
    scale: Scale,
    candidates: Sequence[Candidate],
    told: Sequence[Told],
    reader: Reader,
    same_as: Int64Array,
) -> Learnt:
    """The scale with what verdicts on these candidates teach; as it is while they are too few.

    Verdicts on nodes that the graph does not know say nothing. Linear in members and verdicts.
    """
    found = judged(candidates, _verdicts(told, reader, same_as), scale)
    by_lot = sum(one.chance < 1.0 for one in found)
    return Learnt(with_verdicts(scale, found), len(found), by_lot)


def lots(findings: Sequence[Finding], lessons: Lessons, run_id: str) -> dict[str, float]:
    """The findings that the lot draws for a case, each with its chance; the same for one run."""
    seed = int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:8], "big")
    scores = [one.score for one in findings]
    chosen = choose(scores, lessons.capacity, lessons.audit_share, np.random.default_rng(seed))
    return {findings[one.place].finding_id: one.chance for one in chosen if one.chance < 1.0}


@dataclass(frozen=True, slots=True)
class Lots:
    """Whom each run's lot drew, by the time when the run was saved (``records.lots_of``)."""

    since: tuple[int, ...]  # epoch ms UTC, ascending
    drawn: tuple[Mapping[str, float], ...]

    def chance(self, finding_id: str, at: int) -> float:
        """With which a case on the finding was opened at a moment; 1 unless a lot drew it."""
        place = bisect_right(self.since, at) - 1
        return self.drawn[place].get(finding_id, 1.0) if place >= 0 else 1.0


def _verdicts(told: Sequence[Told], reader: Reader, same_as: Int64Array) -> list[Verdict]:
    by_kind: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told:
        by_kind[one.kind].append(one)
    found = []
    for kind, some in sorted(by_kind.items()):
        nids = reader.lookup(kind, [one.key for one in some])
        for one, nid in zip(some, nids.tolist(), strict=True):
            if nid >= 0:
                now = int(same_as[nid]) if nid < len(same_as) else nid
                found.append(Verdict(now, one.is_offender, one.at, one.by, one.chance))
    return found
