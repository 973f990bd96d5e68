"""Events: what happened, as those who follow the service read it."""

from __future__ import annotations

import strawberry

from graphrisk.analysis.events import KINDS, EventPage
from graphrisk.api.context import Asked
from graphrisk.api.times import time_text
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, Scalar
from graphrisk.api.types.vocabulary import Words
from graphrisk.store.operations import outbox


@strawberry.type(description="Something that an event tells beside its subject.")
class EventDetail:
    """A name and what stands under it."""

    name: str
    value: Scalar | None


@strawberry.type(description="Something that happened. It names no person.")
class Event:
    """As it was written with the change that made it true."""

    kind: str
    label: Words
    subject: str = strawberry.field(
        description="What it is about: the name of a source, the id of a run or of a judgement."
    )
    at: DateTime
    area: str | None = strawberry.field(
        description="Code of the division or cell it belongs to; null where it has none."
    )
    details: list[EventDetail] = strawberry.field(
        description="What else it tells; names that end in `_at` are moments, in `_ms` lengths of "
        "time in milliseconds."
    )


@strawberry.type(description="An event in a page of events.")
class EventEdge:
    """A row of a page of events."""

    cursor: str
    node: Event


@strawberry.type(description="A page of events, oldest first: later ones come behind.")
class EventConnection:
    """A cursor stays good: what was forgotten since is left out."""

    edges: list[EventEdge]
    page_info: PageInfo
    total: Long


def events_page(info: Asked, page: EventPage, after: str | None) -> EventConnection:
    """A page of events as GraphQL says it."""
    rows = [event_edge(info, one) for one in page.items]
    return EventConnection(
        edges=rows,
        page_info=page_info([row.cursor for row in rows], page.has_next, after),
        total=Long(page.total),
    )


def event_edge(info: Asked, one: outbox.Event) -> EventEdge:
    """An event with the cursor behind which later ones come."""
    return EventEdge(cursor=info.context.ids.cursor("events", one.position), node=event_of(one))


def event_of(one: outbox.Event) -> Event:
    """An event as GraphQL says it."""
    return Event(
        kind=one.kind,
        label=Words(**KINDS.get(one.kind, {"zh": one.kind, "en": one.kind})),
        subject=one.subject,
        at=DateTime(one.created_at),
        area=one.area,
        details=[_detail(name, value) for name, value in one.payload.items()],
    )


def _detail(name: str, value: object) -> EventDetail:
    if name.endswith("_at") and isinstance(value, int):
        value = time_text(value)
    return EventDetail(name=name, value=None if value is None else Scalar(value))
