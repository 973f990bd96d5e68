"""Watch lists as GraphQL says them."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from graphrisk.analysis.watch import model
from graphrisk.api.context import Asked
from graphrisk.api.types.entities import Entity, load_entity
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, time_of
from graphrisk.store.contract import NOW


@strawberry.type(description="Something on a watch list, as its owner wrote it.")
class WatchItem:
    """The graph may not know it yet."""

    kind: str
    key: str
    added_at: DateTime


@strawberry.type(description="A watch list. Nobody but its owner sees it.")
class WatchList:
    """With the purpose and case that its owner stated."""

    id: str
    name: str
    purpose: str
    case: str | None
    created_at: DateTime
    expires_at: DateTime
    closed_at: DateTime | None
    items: list[WatchItem]


@strawberry.type(description="Something on a list appeared or changed.")
class WatchHit:
    """Told once."""

    nid: strawberry.Private[int]
    changed: list[str] = strawberry.field(
        description="`appeared`, `properties`, or kinds of edges that are new or ended."
    )
    at: DateTime

    @strawberry.field(description="What it is; null when it was erased since.")
    async def entity(self, info: Asked) -> Entity | None:
        """As the caller sees it."""
        return await load_entity(info, self.nid, NOW)


@strawberry.type(description="A hit in a page of a list's hits.")
class WatchHitEdge:
    """A row of the page."""

    cursor: str
    node: WatchHit


@strawberry.type(description="A page of what a list told, latest first.")
class WatchHitConnection:
    """A cursor stays good: later hits come before it."""

    edges: list[WatchHitEdge]
    page_info: PageInfo


def watch_list_of(one: model.WatchList) -> WatchList:
    """A list as GraphQL says it."""
    return WatchList(
        id=one.list_id,
        name=one.name,
        purpose=one.purpose,
        case=one.case,
        created_at=DateTime(one.created_at),
        expires_at=DateTime(one.expires_at),
        closed_at=time_of(one.closed_at),
        items=[
            WatchItem(kind=item.kind, key=item.key, added_at=DateTime(item.added_at))
            for item in one.items
        ],
    )


def watch_page(
    info: Asked, hits: Sequence[model.WatchHit], has_next: bool, after: str | None
) -> WatchHitConnection:
    """A page of hits as GraphQL says it."""
    ids = info.context.ids
    rows = [
        WatchHitEdge(
            cursor=ids.cursor("watch_hits", one.number),
            node=WatchHit(nid=one.nid, changed=list(one.changed), at=DateTime(one.at)),
        )
        for one in hits
    ]
    return WatchHitConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], has_next, after)
    )
