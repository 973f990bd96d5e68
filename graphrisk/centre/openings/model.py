"""An opening: who sees what outside his areas, in which case, until when, and who agreed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OpeningKind(StrEnum):
    """How it came to be."""

    REQUEST = "request"  # of one thing, which another person grants
    EMERGENCY = "emergency"  # of areas, at once, which another person reviews


class OpeningState(StrEnum):
    """Where it stands; one that is open ends by itself when its time is over."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    REVOKED = "revoked"
    UNREVIEWED = "unreviewed"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True, slots=True)
class Thing:
    """A node by kind and key, which outlive a graph's numbers."""

    kind: str
    key: str  # personal


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody asks to see, under an id that the client made."""

    opening_id: str
    case_number: str
    reason: str
    thing: Thing
    areas: tuple[str, ...]  # where it lies; none: it is the city's


@dataclass(frozen=True, slots=True)
class NewEmergency:
    """What somebody opens to himself, under an id that the client made."""

    opening_id: str
    case_number: str
    reason: str
    areas: tuple[str, ...]  # prefixes of division codes
    minutes: int
    home: str  # an area of his own, above which his superior is


@dataclass(frozen=True, slots=True)
class Opening:
    """As it stands."""

    number: int  # in the order of asking
    opening_id: str
    kind: OpeningKind
    asker: str
    case_id: str
    case_number: str
    reason: str
    areas: tuple[str, ...]
    thing: Thing | None  # of a request
    state: OpeningState
    asked_at: int  # epoch ms UTC
    ends_at: int | None  # epoch ms UTC, exclusive; None: not open yet
    decider: str | None  # who granted, refused or reviewed it: never the asker
    decided_at: int | None
    decision: str  # his reason
