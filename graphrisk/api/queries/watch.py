"""Queries of watch lists: one's own, and what they told."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size, text_of
from graphrisk.api.types.watch import WatchHitConnection, WatchList, watch_list_of, watch_page


@strawberry.type
class WatchQueries:
    """One method a query."""

    @strawberry.field(description="The caller's own watch lists, oldest first.")
    async def watch_lists(self, info: Asked) -> list[WatchList] | None:
        """All of them."""
        context = info.context
        found = await context.ask(context.watch.lists, *context.asker)
        return [watch_list_of(one) for one in found]

    @strawberry.field(description="What one of the caller's lists told, latest first.")
    async def watch_hits(
        self, info: Asked, watch_list: str, first: int = 20, after: str | None = None
    ) -> WatchHitConnection | None:
        """A keyset page of hits."""
        context, limit, list_id = info.context, page_size(first), text_of(watch_list, "watchList")
        place = None if after is None else context.ids.read_cursor("watch_hits", after)
        hits = context.watch.hits
        found, more = await context.ask(hits, *context.asker, list_id, place, limit)
        return watch_page(info, found, more, after)
