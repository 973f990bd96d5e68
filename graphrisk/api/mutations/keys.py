"""API keys: issue, rotate, revoke."""

from __future__ import annotations

import strawberry

from graphrisk.access.keys.model import Grant
from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of, texts_of
from graphrisk.api.types.keys import ApiKey, HandedKey, api_key_of, handed_of
from graphrisk.api.types.scalars import DateTime

_HOUR_MS = 3_600_000


@strawberry.input(description="What a new key is good for: no more than the caller holds.")
class IssueKeyInput:
    """Administrators give any role for applications within their areas."""

    name: str = strawberry.field(description="Of the application.")
    roles: list[str] = strawberry.field(default_factory=lambda: ["application"])
    areas: list[str] = strawberry.field(description="Prefixes of division codes; empty: all.")
    purposes: list[str] = strawberry.field(description="What it may state as X-Purpose.")
    expires_at: DateTime = strawberry.field(description="At most a year ahead.")


@strawberry.input(description="Another secret for a key.")
class RotateKeyInput:
    """The key stays the same."""

    key: strawberry.ID
    overlap_hours: int = strawberry.field(
        default=24, description="How long the older secret works beside it; 0 ends it now."
    )


@strawberry.type
class KeyMutations:
    """One method a decision."""

    @strawberry.field(description="Issue an API key. Its secret is shown in this answer alone.")
    async def issue_key(self, info: Asked, input: IssueKeyInput) -> HandedKey:
        """A key that works from now on."""
        context, issue = info.context, info.context.keys.issue
        wanted = Grant(
            name=text_of(input.name, "name"),
            roles=texts_of(input.roles, "roles"),
            areas=texts_of(input.areas, "areas"),
            purposes=texts_of(input.purposes, "purposes"),
            expires_at=input.expires_at,
        )
        return handed_of(await context.ask(issue, *context.asker, wanted))

    @strawberry.field(
        description="Give a key another secret, shown in this answer alone. Both work for the "
        "hours of the overlap."
    )
    async def rotate_key(self, info: Asked, input: RotateKeyInput) -> HandedKey:
        """The same key."""
        context, rotate = info.context, info.context.keys.rotate
        key_id, overlap = text_of(input.key, "key"), input.overlap_hours * _HOUR_MS
        return handed_of(await context.ask(rotate, *context.asker, key_id, overlap))

    @strawberry.field(description="End a key at once and for good; once more changes nothing.")
    async def revoke_key(self, info: Asked, key: strawberry.ID) -> ApiKey:
        """With all its secrets."""
        context, revoke = info.context, info.context.keys.revoke
        return api_key_of(await context.ask(revoke, *context.asker, text_of(key, "key")))
