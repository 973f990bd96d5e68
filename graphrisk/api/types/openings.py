"""Requests to see and emergencies as GraphQL says them."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.types.entities import Entity, load_entities
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, time_of
from graphrisk.api.types.vocabulary import Words
from graphrisk.centre.openings import model
from graphrisk.core.machine_table import shipped_machine

strawberry.enum(
    model.OpeningKind, name="OpeningKind", description="A request of one thing, or an emergency."
)
strawberry.enum(
    model.OpeningState,
    name="OpeningState",
    description="Where it stands; what is open ends by itself when its time is over.",
)


@strawberry.type(
    description="What is open to somebody beyond his areas, in requests that name the case: one "
    "thing that he asked for, or areas that he opened in an emergency."
)
class Opening:
    """Told to the asker, to who decides, and to auditors of the area."""

    nid: strawberry.Private[int | None]
    id: strawberry.ID
    kind: model.OpeningKind
    asker: str
    case: str = strawberry.field(description="Number of the case that it is for.")
    reason: str
    areas: list[str] = strawberry.field(description="Where the thing lies; the opened areas.")
    state: model.OpeningState
    state_label: Words
    asked_at: DateTime | None
    until: DateTime | None = strawberry.field(description="From when on it is not open any more.")
    decider: str | None = strawberry.field(description="Who decided: never the asker.")
    decided_at: DateTime | None
    decision: str = strawberry.field(description="Why it was decided so.")

    @strawberry.field(
        description="The thing asked for, as the caller sees it: a stub where it is outside."
    )
    async def entity(self, info: Asked) -> Entity | None:
        """Of a request."""
        if self.nid is None:
            return None
        (found,) = await load_entities(info, [self.nid])
        return found


@strawberry.type(description="A request or an emergency in a page of these.")
class OpeningEdge:
    """A row of the page."""

    cursor: str
    node: Opening


@strawberry.type(description="A page of requests or of emergencies, oldest first.")
class OpeningConnection:
    """A cursor stays good: later ones come behind it."""

    edges: list[OpeningEdge]
    page_info: PageInfo


async def opening_of(info: Asked, one: model.Opening) -> Opening:
    """A request or an emergency as GraphQL says it."""
    (nid,) = await info.context.ask(info.context.openings.nids, [one])
    return _opening(one, nid)


async def openings_page(
    info: Asked, found: list[model.Opening], has_next: bool, after: str | None
) -> OpeningConnection:
    """A page of requests or of emergencies as GraphQL says it."""
    context = info.context
    nids = await context.ask(context.openings.nids, found)
    rows = [
        OpeningEdge(cursor=context.ids.cursor("openings", one.number), node=_opening(one, nid))
        for one, nid in zip(found, nids, strict=True)
    ]
    shown = page_info([row.cursor for row in rows], has_next, after)
    return OpeningConnection(edges=rows, page_info=shown)


def _opening(one: model.Opening, nid: int | None) -> Opening:
    state = shipped_machine("graphrisk.centre.openings", one.kind.value).states[one.state.value]
    return Opening(
        nid=nid,
        id=strawberry.ID(one.opening_id),
        kind=one.kind,
        asker=one.asker,
        case=one.case_number,
        reason=one.reason,
        areas=list(one.areas),
        state=one.state,
        state_label=Words(zh=state.zh, en=state.en),
        asked_at=time_of(one.asked_at),
        until=time_of(one.ends_at),
        decider=one.decider,
        decided_at=time_of(one.decided_at),
        decision=one.decision,
    )
