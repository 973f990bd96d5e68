"""Requests to see what lies outside one's areas, and emergencies."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of, texts_of
from graphrisk.api.types.openings import Opening, opening_of
from graphrisk.api.types.scalars import DateTime
from graphrisk.centre.openings.model import OpeningKind
from graphrisk.centre.openings.service import LONGEST_REASON
from graphrisk.centre.timeline.model import Order

_STEP = "A UUID that the client makes: the same order once more then changes nothing."


@strawberry.input(description="What the caller asks to see, and in which case.")
class RequestAccessInput:
    """He works on the case: holds or opened it, or has a task of it."""

    id: strawberry.ID = strawberry.field(description="A UUID that the client makes.")
    stub: strawberry.ID = strawberry.field(description="Id of what stands for the thing.")
    case: str = strawberry.field(description="The case's number.")
    reason: str


@strawberry.input(description="Areas that the caller opens to himself at once.")
class BreakGlassInput:
    """Auditors, the areas' units and his superior hear of it; another person reviews it."""

    id: strawberry.ID = strawberry.field(description="A UUID that the client makes.")
    case: str = strawberry.field(description="The case's number.")
    reason: str
    areas: list[str] = strawberry.field(description="Prefixes of division codes, 4 digits least.")
    minutes: int = strawberry.field(description="1 to 240.")


@strawberry.input(description="What the caller orders for a request or an emergency, and why.")
class OpeningOrderInput:
    """Who orders is the caller."""

    id: strawberry.ID
    reason: str
    step_id: strawberry.ID | None = strawberry.field(default=None, description=_STEP)


@strawberry.type
class OpeningMutations:
    """Decisions on openings, each by the caller and recorded."""

    @strawberry.field(
        description="Ask to see what a stub stands for. Who answers for its area is told; the same "
        "id with the same words changes nothing."
    )
    async def request_access(self, info: Asked, input: RequestAccessInput) -> Opening:
        """The request."""
        context = info.context
        nid = context.ids.read_stub(context.viewer.principal.name, input.stub)
        said = (text_of(input.case, "case"), text_of(input.reason, "reason", LONGEST_REASON))
        ask = context.openings.request
        return await opening_of(info, await context.ask(ask, input.id, nid, *said))

    @strawberry.field(description="Let the asker see the thing until then, 90 days at most.")
    async def grant_access(self, info: Asked, input: OpeningOrderInput, until: DateTime) -> Opening:
        """The request, granted."""
        return await _act(info, OpeningKind.REQUEST, "grant", input, until)

    @strawberry.field(description="Do not let the asker see the thing.")
    async def refuse_access(self, info: Asked, input: OpeningOrderInput) -> Opening:
        """The request, refused."""
        return await _act(info, OpeningKind.REQUEST, "refuse", input)

    @strawberry.field(description="Take back what was granted, at once.")
    async def revoke_access(self, info: Asked, input: OpeningOrderInput) -> Opening:
        """The request, revoked."""
        return await _act(info, OpeningKind.REQUEST, "revoke", input)

    @strawberry.field(description="Give up a request of one's own, granted or not.")
    async def give_up_access(self, info: Asked, input: OpeningOrderInput) -> Opening:
        """The request, given up."""
        return await _act(info, OpeningKind.REQUEST, "give_up", input)

    @strawberry.field(
        description="See areas outside one's own at once, for some minutes, in requests that name "
        "the case. It is told, and another person reviews it."
    )
    async def break_glass(self, info: Asked, input: BreakGlassInput) -> Opening:
        """The emergency."""
        context = info.context
        said = (text_of(input.case, "case"), text_of(input.reason, "reason", LONGEST_REASON))
        areas = texts_of(input.areas, "areas")
        open_up = context.openings.break_glass
        found = await context.ask(open_up, input.id, *said, areas, input.minutes)
        return await opening_of(info, found)

    @strawberry.field(description="End an emergency before its time: one's own, or of one's areas.")
    async def stop_emergency(self, info: Asked, input: OpeningOrderInput) -> Opening:
        """The emergency, at its end."""
        return await _act(info, OpeningKind.EMERGENCY, "stop", input)

    @strawberry.field(
        description="Say whether an emergency of another person was justified. One that was not "
        "ends at once."
    )
    async def review_emergency(
        self, info: Asked, input: OpeningOrderInput, justified: bool
    ) -> Opening:
        """The emergency, reviewed."""
        action = "justify" if justified else "object"
        return await _act(info, OpeningKind.EMERGENCY, action, input)


async def _act(
    info: Asked,
    kind: OpeningKind,
    action: str,
    input: OpeningOrderInput,
    until: int | None = None,
) -> Opening:
    context = info.context
    order = Order(
        subject=text_of(input.id, "id"),
        author=context.viewer.principal.name,
        reason=text_of(input.reason, "reason", LONGEST_REASON),
        step_id=input.step_id,
    )
    found = await context.ask(context.openings.act, kind, action, order, until)
    return await opening_of(info, found)
