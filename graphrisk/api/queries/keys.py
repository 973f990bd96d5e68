"""The query of API keys."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.types.keys import ApiKeyConnection, keys_page


@strawberry.type
class KeyQueries:
    """One method a query."""

    @strawberry.field(
        description="API keys within the caller's areas, also those that have ended, in the order "
        "of issue."
    )
    async def api_keys(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> ApiKeyConnection | None:
        """A keyset page of keys."""
        context, limit = info.context, page_size(first)
        place = 0 if after is None else context.ids.read_cursor("api_keys", after)
        found, more = await context.ask(context.keys.listing, *context.asker, place, limit)
        return keys_page(info, found, more, after)
