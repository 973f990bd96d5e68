"""Principals and their grants as GraphQL says them."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from graphrisk.access.principals import model
from graphrisk.api.context import Asked
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, time_of

strawberry.enum(
    model.GrantState,
    name="GrantState",
    description="Where a grant stands; one that is given ends by itself when its time is over.",
)


@strawberry.type(description="Rights of a principal: each of the roles in each of the areas.")
class PrincipalGrant:
    """It stays listed when it has ended."""

    id: strawberry.ID
    roles: list[str]
    areas: list[str] = strawberry.field(description="Prefixes of division codes; empty: all.")
    until: DateTime
    state: model.GrantState
    reason: str
    given_by: str
    given_at: DateTime
    decided_by: str | None = strawberry.field(
        description="Who agreed or refused, of an elevated role: never who proposed it."
    )
    decided_at: DateTime | None
    withdrawn_by: str | None
    withdrawn_at: DateTime | None


@strawberry.type(description="Somebody whose rights this deployment keeps.")
class Principal:
    """Named as his tokens name him."""

    name: str
    title: str
    area: str = strawberry.field(description="Where he belongs: a prefix of a division's code.")
    added_by: str
    added_at: DateTime
    ended_by: str | None
    ended_at: DateTime | None
    grants: list[PrincipalGrant] = strawberry.field(
        description="Those within the caller's areas, oldest first."
    )


@strawberry.type(description="What the caller is here and now.")
class Me:
    """As each of his requests is decided."""

    name: str
    roles: list[str]
    areas: list[str] = strawberry.field(description="Prefixes of division codes; empty: all.")
    posts: list[Post] = strawberry.field(description="Which roles he has in which areas.")


@strawberry.type(description="Roles in some areas.")
class Post:
    """A right of one post is none in the areas of another."""

    roles: list[str]
    areas: list[str]


@strawberry.type(description="A principal in a page of principals.")
class PrincipalEdge:
    """A row of the page."""

    cursor: str
    node: Principal


@strawberry.type(description="A page of principals in the order of entry.")
class PrincipalConnection:
    """A cursor stays good: later ones come behind it."""

    edges: list[PrincipalEdge]
    page_info: PageInfo


def grant_of(one: model.Grant) -> PrincipalGrant:
    """A grant as GraphQL says it."""
    return PrincipalGrant(
        id=strawberry.ID(one.grant_id),
        roles=list(one.rights.roles),
        areas=list(one.rights.areas),
        until=DateTime(one.rights.ends_at),
        state=one.state,
        reason=one.reason,
        given_by=one.given_by,
        given_at=DateTime(one.given_at),
        decided_by=one.decided_by,
        decided_at=time_of(one.decided_at),
        withdrawn_by=one.withdrawn_by,
        withdrawn_at=time_of(one.withdrawn_at),
    )


def principal_of(one: model.Registered) -> Principal:
    """A principal as GraphQL says him."""
    return Principal(
        name=one.who.name,
        title=one.who.title,
        area=one.who.area,
        added_by=one.added_by,
        added_at=DateTime(one.added_at),
        ended_by=one.ended_by,
        ended_at=time_of(one.ended_at),
        grants=[grant_of(grant) for grant in one.grants],
    )


def me_of(info: Asked) -> Me:
    """Who asks, as GraphQL says it."""
    asker = info.context.viewer.principal
    return Me(
        name=asker.name,
        roles=sorted(asker.roles),
        areas=list(asker.scope.areas),
        posts=[Post(roles=sorted(post.roles), areas=list(post.scope.areas)) for post in asker.held],
    )


def principals_page(
    info: Asked, found: Sequence[model.Registered], has_next: bool, after: str | None
) -> PrincipalConnection:
    """A page of principals as GraphQL says it."""
    ids = info.context.ids
    rows = [
        PrincipalEdge(cursor=ids.cursor("principals", one.number), node=principal_of(one))
        for one in found
    ]
    return PrincipalConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], has_next, after)
    )
