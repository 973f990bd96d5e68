"""Principals: add, grant, agree to or refuse a grant, withdraw, end."""

from __future__ import annotations

import strawberry

from graphrisk.access.principals.model import Newcomer, Rights
from graphrisk.access.principals.rules import LONGEST_REASON
from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of, texts_of
from graphrisk.api.types.principals import Principal, PrincipalGrant, grant_of, principal_of
from graphrisk.api.types.scalars import DateTime


@strawberry.input(description="Somebody who is to be known here.")
class AddPrincipalInput:
    """He holds nothing until a grant is given."""

    name: str = strawberry.field(description="The subject of his tokens.")
    title: str = ""
    area: str = strawberry.field(description="Where he belongs: a prefix of a division's code.")


@strawberry.input(description="Rights for a principal: no more than the policy lets the caller.")
class GrantRightsInput:
    """Each of the roles in each of the areas."""

    principal: str = strawberry.field(description="His name.")
    roles: list[str]
    areas: list[str] = strawberry.field(description="Prefixes of division codes; empty: all.")
    until: DateTime = strawberry.field(description="At most a year ahead.")
    reason: str


@strawberry.input(description="A decision on a grant, and why.")
class GrantInput:
    """Of a grant that the caller sees."""

    grant: strawberry.ID
    reason: str


@strawberry.input(description="A principal who is to sign on no more, and why.")
class EndPrincipalInput:
    """Of the caller's areas."""

    name: str
    reason: str


@strawberry.type
class PrincipalMutations:
    """One method a decision."""

    @strawberry.field(description="Make somebody known; he holds nothing yet.")
    async def add_principal(self, info: Asked, input: AddPrincipalInput) -> Principal:
        """The principal."""
        context = info.context
        texts = (("name", input.name), ("title", input.title), ("area", input.area))
        who = Newcomer(*(text_of(text, name) for name, text in texts))
        return principal_of(await context.ask(context.principals.add, *context.asker, who))

    @strawberry.field(
        description="Give rights, which count from the next request on. Elevated roles "
        "(administrator, approver, supervisor, auditor) are proposed until another person agrees."
    )
    async def grant_rights(self, info: Asked, input: GrantRightsInput) -> PrincipalGrant:
        """The grant."""
        context, name = info.context, text_of(input.principal, "principal")
        wanted = Rights(
            roles=texts_of(input.roles, "roles"),
            areas=texts_of(input.areas, "areas"),
            ends_at=input.until,
        )
        why = text_of(input.reason, "reason", LONGEST_REASON)
        grant = context.principals.grant
        return grant_of(await context.ask(grant, *context.asker, name, wanted, why))

    @strawberry.field(description="Agree to a proposed grant that another person proposed.")
    async def approve_grant(self, info: Asked, input: GrantInput) -> PrincipalGrant:
        """The grant, given."""
        return await _decided(info, input, is_approved=True)

    @strawberry.field(description="Refuse a proposed grant that another person proposed.")
    async def refuse_grant(self, info: Asked, input: GrantInput) -> PrincipalGrant:
        """The grant, refused."""
        return await _decided(info, input, is_approved=False)

    @strawberry.field(
        description="Take a grant back, in every process at once; once more changes nothing."
    )
    async def withdraw_grant(self, info: Asked, input: GrantInput) -> PrincipalGrant:
        """The grant, withdrawn."""
        context, withdraw = info.context, info.context.principals.withdraw
        return grant_of(await context.ask(withdraw, *context.asker, *_said(input)))

    @strawberry.field(
        description="Let somebody sign on no more, whatever he holds; once more changes nothing."
    )
    async def end_principal(self, info: Asked, input: EndPrincipalInput) -> Principal:
        """The principal, ended."""
        context, name = info.context, text_of(input.name, "name")
        why = text_of(input.reason, "reason", LONGEST_REASON)
        end = context.principals.end
        return principal_of(await context.ask(end, *context.asker, name, why))


async def _decided(info: Asked, input: GrantInput, is_approved: bool) -> PrincipalGrant:
    context, (grant, why) = info.context, _said(input)
    decide = context.principals.decide
    return grant_of(await context.ask(decide, *context.asker, grant, is_approved, why))


def _said(input: GrantInput) -> tuple[str, str]:
    return text_of(input.grant, "grant"), text_of(input.reason, "reason", LONGEST_REASON)
