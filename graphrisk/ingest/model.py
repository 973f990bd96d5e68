"""Sources as things that a department owns: what it promised, and what it delivered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Freshness(StrEnum):
    """Whether a source keeps its promise."""

    FRESH = "fresh"
    LATE = "late"
    UNPROMISED = "unpromised"  # nobody said how often it comes
    NEVER = "never"  # nothing came yet, and nothing is overdue


@dataclass(frozen=True, slots=True)
class LastBatch:
    """The file that came last: ``rows == loaded + unchanged + rejected``."""

    delivery: str  # SHA-256 of its bytes
    file: str
    known_at: int  # epoch ms UTC
    rows: int
    loaded: int
    unchanged: int
    rejected: int
    closed: int
    error: str | None  # why it could not be read to its end


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as it stands at a moment."""

    name: str
    doc_zh: str
    doc_en: str
    owner_zh: str
    owner_en: str
    mode: str
    reliability: str
    every_ms: int | None
    delivered_at: int | None  # last file that could be read to its end, epoch ms UTC
    rejected: int  # rows, in all deliveries
    last: LastBatch | None
    expected_since: int | None = None  # when a feed asked it first, epoch ms UTC

    @property
    def due_at(self) -> int | None:
        """When the next delivery is due at the latest, if that was promised."""
        since = self.expected_since if self.delivered_at is None else self.delivered_at
        return None if since is None or self.every_ms is None else since + self.every_ms

    def freshness(self, now_ms: int) -> Freshness:
        """Whether the promise is kept at that moment."""
        if self.due_at is not None and now_ms > self.due_at:
            return Freshness.LATE
        if self.delivered_at is None:
            return Freshness.NEVER
        return Freshness.UNPROMISED if self.due_at is None else Freshness.FRESH
