"""A case: numbered work on findings or on a matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands. One whose lock ran out is open again."""

    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Seen:
    """A member of a finding by kind and key, which outlive a graph's numbers, with its role."""

    kind: str
    key: str
    role: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A finding in a case, as the case last heard of it.

    What it was is kept with the case: the case stays whole when detection runs again, forgets the
    ring, or the graph is built anew.
    """

    finding_id: str
    case_id: str  # the case it was attached to; of a merged case still that one
    kind: str
    score: float
    members: tuple[Seen, ...]  # in (kind, key) order
    attached_at: int  # epoch ms UTC
    attached_by: str


@dataclass(frozen=True, slots=True)
class FoundRing:
    """A finding as it is to be kept with a case."""

    finding_id: str
    kind: str
    score: float
    members: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What somebody opens a case with."""

    case_id: str  # a UUID that the client made
    title: str  # personal: it may name people
    area: str  # code of the area that the case belongs to
    findings: Sequence[FoundRing] = ()
    matter: str | None = None  # number of the matter that it begins with


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is now."""

    ordinal: int  # order of opening; inside only
    case_id: str
    number: str  # what people call it, e.g. 350206-2026-000017
    title: str
    area: str
    unit: str
    matter: str | None
    state: CaseState
    holder: str | None  # who works on it, while the lock holds
    held_until: int | None  # epoch ms UTC
    opened_by: str
    opened_at: int  # epoch ms UTC
    closed_at: int | None
    merged_into: str | None  # id of the case it was merged into
    version: int  # grows with every step


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are asked for; ``None`` asks for all."""

    areas: tuple[str, ...]  # prefixes, of which one must fit
    state: CaseState | None = None
    area: str | None = None  # a prefix
    unit: str | None = None
    holder: str | None = None
    due_before: int | None = None  # a running deadline falls due before, epoch ms UTC


@dataclass(frozen=True, slots=True)
class CasePage:
    """One keyset page of cases, newest first."""

    items: tuple[Case, ...]
    has_next: bool
    total: int
