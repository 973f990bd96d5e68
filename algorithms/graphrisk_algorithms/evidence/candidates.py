"""From clues to candidates: the same scale for every finder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.nulls import combined_surprise, corrected, score
from graphrisk_algorithms.graph import Int64Array

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs the clues of one finder's candidates against chance.

    ``looked_at`` groups were compared, for which the joint surprise is corrected. What stays below
    ``least`` is no candidate.
    """

    kind: str
    looked_at: int
    least: float

    def candidate(
        self,
        members: Int64Array,
        roles: Sequence[str],
        evidence: Int64Array,
        clues: Iterable[Clue],
    ) -> Candidate | None:
        """The candidate, or ``None`` when chance explains it."""
        kept = sorted(clues, key=lambda clue: (-clue.surprise, clue.code))
        joint = combined_surprise([clue.surprise for clue in kept])
        surprise = corrected(joint, self.looked_at)
        if surprise < self.least:
            return None
        return Candidate(
            kind=self.kind,
            members=members,
            roles=tuple(roles),
            evidence=evidence,
            surprise=round(surprise, _DIGITS),
            score=round(score(surprise), _DIGITS),
            clues=tuple(
                Clue(clue.code, round(clue.surprise, _DIGITS), clue.values) for clue in kept
            ),
        )

    @staticmethod
    def ranked(candidates: Iterable[Candidate | None]) -> list[Candidate]:
        """Without the refused ones, strongest first, ties by members."""
        found = [candidate for candidate in candidates if candidate is not None]
        return sorted(found, key=lambda one: (-one.surprise, tuple(one.members.tolist())))
