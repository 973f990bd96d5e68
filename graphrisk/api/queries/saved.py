"""Queries of saved queries: one's own, and what was new of them."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size, text_of
from graphrisk.api.types.saved import (
    QueryNewsConnection,
    SavedQuery,
    query_news_page,
    saved_query_of,
)


@strawberry.type
class SavedQueryQueries:
    """One method a query."""

    @strawberry.field(description="The caller's own saved queries, oldest first.")
    async def saved_queries(self, info: Asked) -> list[SavedQuery] | None:
        """All of them."""
        context = info.context
        found = await context.ask(context.saved.queries, *context.asker)
        return [saved_query_of(one) for one in found]

    @strawberry.field(description="What was new of one of the caller's queries, latest first.")
    async def query_news(
        self, info: Asked, saved_query: str, first: int = 20, after: str | None = None
    ) -> QueryNewsConnection | None:
        """A keyset page of news."""
        context, limit = info.context, page_size(first)
        query_id = text_of(saved_query, "savedQuery")
        place = None if after is None else context.ids.read_cursor("query_news", after)
        news = context.saved.news
        found, more = await context.ask(news, *context.asker, query_id, place, limit)
        return query_news_page(info, found, more, after)
