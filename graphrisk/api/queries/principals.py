"""The queries of principals."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.types.principals import Me, PrincipalConnection, me_of, principals_page


@strawberry.type
class PrincipalQueries:
    """One method a query."""

    @strawberry.field(description="Who the caller is: his roles and areas, as they are now.")
    def me(self, info: Asked) -> Me | None:
        """The caller."""
        return me_of(info)

    @strawberry.field(
        description="Principals within the caller's areas, also those that were ended, in the "
        "order of entry; all, or those with a grant that waits for a second person."
    )
    async def principals(
        self, info: Asked, first: int = 20, after: str | None = None, waiting: bool = False
    ) -> PrincipalConnection | None:
        """A keyset page of principals."""
        context, limit = info.context, page_size(first)
        place = 0 if after is None else context.ids.read_cursor("principals", after)
        listing = context.principals.listing
        found, more = await context.ask(listing, *context.asker, place, limit, waiting)
        return principals_page(info, found, more, after)
