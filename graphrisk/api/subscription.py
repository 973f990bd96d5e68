"""The subscriptions: what happens and what is found, as it comes, to whom it may be told."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import TypeVar, cast

import strawberry

from graphrisk.analysis.events import DETECTED, check_kind
from graphrisk.api.context import Asked
from graphrisk.api.inputs import bounded
from graphrisk.api.types.events import EventEdge, event_edge
from graphrisk.api.types.findings import Finding, finding_of
from graphrisk.api.types.reasons import Run, run_of
from graphrisk.store.operations.outbox import Event

Resolver = TypeVar("Resolver")


def _subscription(description: str) -> Callable[[Resolver], Resolver]:
    """Strawberry's decorator, which has no types of its own."""
    return cast("Callable[[Resolver], Resolver]", strawberry.subscription(description=description))


@strawberry.type(description="What a detection found that was not so before.")
class FindingsChange:
    """One a detection."""

    cursor: str = strawberry.field(description="Go on behind it after a break.")
    run: Run
    findings: list[Finding] = strawberry.field(
        description="Findings that are new, or have changed since the run before, strongest first."
    )


@strawberry.type(
    description="What comes, as it comes. Whoever breaks off gives the last `cursor` as `after` "
    "(over SSE the header Last-Event-ID does so) and misses nothing; events are kept for weeks, "
    "and a place from before them is refused with CONFLICT. Without `after` it begins now."
)
class Subscription:
    """One method a subscription."""

    @_subscription(
        "What happens within the caller's areas and work, and to what he watches; of "
        "some kinds, or within one area (a prefix of its code).",
    )
    async def events(
        self,
        info: Asked,
        kinds: list[str] | None = None,
        area: str | None = None,
        after: str | None = None,
    ) -> AsyncGenerator[EventEdge, None]:
        """Each event once, in order."""
        for kind in bounded(kinds or [], "kinds"):
            check_kind(kind)
        async for found in _behind(info, after):
            wanted = [
                one
                for one in found
                if (kinds is None or one.kind in kinds)
                and (area is None or (one.area or "").startswith(area))
            ]
            if wanted:
                await info.context.renew()
            for one in wanted:
                if info.context.inquiry.follows(one):
                    yield event_edge(info, one)

    @_subscription(
        "What each detection finds anew, as far as the caller may see it; of one kind. "
        "A detection that found nothing new says so with an empty list.",
    )
    async def findings(
        self, info: Asked, kind: str | None = None, after: str | None = None
    ) -> AsyncGenerator[FindingsChange, None]:
        """One message a detection; of several in a break the latest alone."""
        async for found in _behind(info, after):
            runs = [one for one in found if one.kind == DETECTED]
            if not runs:
                continue
            await info.context.renew()
            context = info.context
            run = await context.ask(context.inquiry.latest_run)
            if run is not None:
                changed = await context.ask(context.inquiry.changed, kind)
                yield FindingsChange(
                    cursor=context.ids.cursor("events", runs[-1].position),
                    run=run_of(run),
                    findings=[finding_of(one) for one in changed],
                )


async def _behind(info: Asked, after: str | None) -> AsyncGenerator[list[Event], None]:
    """Events behind a cursor, as they come; where a client resumes, behind what it had last."""
    context = info.context
    cursor = context.resumed or after
    place = None if cursor is None else context.ids.read_cursor("events", cursor)
    await context.ask(context.inquiry.follow)
    async for found in context.following.behind(place):
        yield found
