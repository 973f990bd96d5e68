"""Operations: events.

Written by ``make docs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from graphrisk.client.calls import Model, Paged, Stream, maybe, one
from graphrisk.client.operations.common import Page, Words


class EventEdgeNodeDetails(Model):
    """Something that an event tells beside its subject."""

    name: str
    value: str | int | float | bool | None


class EventEdgeNode(Model):
    """Something that happened.

    It names no person.
    """

    kind: str
    label: Words
    subject: str
    at: datetime
    area: str | None
    details: list[EventEdgeNodeDetails]


class EventEdge(Model):
    """An event in a page of events."""

    cursor: str
    node: EventEdgeNode


class Events(Model):
    """A page of events, oldest first:.

    later ones come behind.
    """

    total: int
    edges: list[EventEdge]
    page_info: Page


def events(
    *, first: int = 20, after: str | None = None, kind: str | None = None
) -> Paged[Events | None, EventEdgeNode]:
    """What happened, oldest first; all or of one kind.

    Go on behind the last cursor to learn what came since.
    """
    return Paged(
        "Events",
        "events",
        {"first": first, "after": after, "kind": kind},
        maybe(one(Events)),
        lambda found: found,
    )


def follow_events(
    *, kinds: Sequence[str] | None = None, area: str | None = None, after: str | None = None
) -> Stream[EventEdge]:
    """What happens within the caller's areas and work, and to what he watches; of some kinds,
    or within one area (a prefix of its code).
    """
    return Stream(
        "FollowEvents", "events", {"kinds": kinds, "area": area, "after": after}, one(EventEdge)
    )
