"""The queries of requests to see and of emergencies."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.types.openings import OpeningConnection, openings_page
from graphrisk.centre.openings.model import OpeningKind


@strawberry.type
class OpeningQueries:
    """One method a query."""

    @strawberry.field(
        description="Requests to see what lies outside one's areas: the caller's own, and those "
        "that he decides on; all, or those that wait."
    )
    async def access_requests(
        self, info: Asked, first: int = 20, after: str | None = None, waiting: bool = False
    ) -> OpeningConnection | None:
        """A keyset page of requests."""
        return await _page(info, OpeningKind.REQUEST, first, after, waiting)

    @strawberry.field(
        description="Emergencies: the caller's own, and those that he reviews; all, or those that "
        "nobody reviewed yet."
    )
    async def emergencies(
        self, info: Asked, first: int = 20, after: str | None = None, unreviewed: bool = False
    ) -> OpeningConnection | None:
        """A keyset page of emergencies."""
        return await _page(info, OpeningKind.EMERGENCY, first, after, unreviewed)


async def _page(
    info: Asked, kind: OpeningKind, first: int, after: str | None, waiting: bool
) -> OpeningConnection:
    context, limit = info.context, page_size(first)
    place = 0 if after is None else context.ids.read_cursor("openings", after)
    found, more = await context.ask(context.openings.page, kind, place, limit, waiting)
    return await openings_page(info, found, more, after)
