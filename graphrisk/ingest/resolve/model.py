"""What is judged of two records: by whom, when, why, and as long as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graphrisk.core.clock import OPEN


class Verdict(StrEnum):
    """What is said of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    WITHDRAWN = "withdrawn"  # what was said before no longer counts


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's judgement as it is kept: by the records' keys, which outlive a graph's numbers."""

    decision_id: str
    records: tuple[str, str]  # keys of persons, ascending
    verdict: Verdict
    judge: str
    reason: str
    judged_at: int  # epoch ms UTC
    until: int  # epoch ms UTC, when it was superseded; ``OPEN`` while it stands


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands on two records after somebody judged; not ``changed``: it stood already."""

    decision: Decision
    changed: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement of a person or of the machine on two records of this graph."""

    pair: tuple[int, int]  # nids, the smaller first
    verdict: Verdict
    by_person: bool
    judge: str  # of the machine the version of its model
    reason: str
    probability: float | None  # the machine's
    judged_at: int  # epoch ms UTC
    until: int  # epoch ms UTC, when it was superseded; ``OPEN`` while it is the last word

    @property
    def stands(self) -> bool:
        """Whether it counts now."""
        return self.until == OPEN and self.verdict is not Verdict.WITHDRAWN
