"""API keys as GraphQL says them."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from graphrisk.access.keys import model
from graphrisk.api.context import Asked
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, time_of


@strawberry.type(description="One of a key's secrets. What it is, nobody can tell any more.")
class ApiKeySecret:
    """Each rotation adds one."""

    number: int
    created_by: str
    created_at: DateTime
    ends_at: DateTime | None = strawberry.field(
        description="From when on it no longer works; null: as long as the key."
    )


@strawberry.type(description="What an application signs on with instead of a token.")
class ApiKey:
    """It stays listed when it has ended."""

    id: strawberry.ID
    name: str
    roles: list[str]
    areas: list[str] = strawberry.field(description="Prefixes of division codes; empty: all.")
    purposes: list[str] = strawberry.field(description="What it may state as X-Purpose.")
    issued_by: str
    issued_at: DateTime
    expires_at: DateTime
    revoked_by: str | None
    revoked_at: DateTime | None
    used_at: DateTime | None = strawberry.field(description="Last use, to the minute.")
    secrets: list[ApiKeySecret] = strawberry.field(description="Oldest first.")


@strawberry.type(description="A key with the text to be sent.")
class HandedKey:
    """The only place where the secret is."""

    key: ApiKey
    secret: str = strawberry.field(
        description="To be sent as `Authorization: Bearer …`. Shown this once."
    )


@strawberry.type(description="A key in a page of keys.")
class ApiKeyEdge:
    """A row of the page."""

    cursor: str
    node: ApiKey


@strawberry.type(description="A page of keys in the order of issue.")
class ApiKeyConnection:
    """A cursor stays good: later keys come behind it."""

    edges: list[ApiKeyEdge]
    page_info: PageInfo


def api_key_of(one: model.ApiKey) -> ApiKey:
    """A key as GraphQL says it."""
    return ApiKey(
        id=strawberry.ID(one.key_id),
        name=one.grant.name,
        roles=list(one.grant.roles),
        areas=list(one.grant.areas),
        purposes=list(one.grant.purposes),
        issued_by=one.issued_by,
        issued_at=DateTime(one.issued_at),
        expires_at=DateTime(one.grant.expires_at),
        revoked_by=one.revoked_by,
        revoked_at=time_of(one.revoked_at),
        used_at=time_of(one.used_at),
        secrets=[
            ApiKeySecret(
                number=secret.number,
                created_by=secret.created_by,
                created_at=DateTime(secret.created_at),
                ends_at=time_of(secret.ends_at),
            )
            for secret in one.secrets
        ],
    )


def handed_of(one: model.Handed) -> HandedKey:
    """A key and its text as GraphQL says them."""
    return HandedKey(key=api_key_of(one.key), secret=one.text)


def keys_page(
    info: Asked, keys: Sequence[model.ApiKey], has_next: bool, after: str | None
) -> ApiKeyConnection:
    """A page of keys as GraphQL says it."""
    ids = info.context.ids
    rows = [
        ApiKeyEdge(cursor=ids.cursor("api_keys", one.number), node=api_key_of(one)) for one in keys
    ]
    return ApiKeyConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], has_next, after)
    )
