"""Operations: access.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, maybe, one
from graphrisk.client.operations.common import Page
from graphrisk.client.operations.inputs import (
    AddPrincipalInput,
    EndPrincipalInput,
    GrantInput,
    GrantRightsInput,
    IssueKeyInput,
    RotateKeyInput,
)
from graphrisk.client.operations.kinds import GrantState


class ApiKeySecrets(Model):
    """One of a key's secrets.

    What it is, nobody can tell any more.
    """

    number: int
    created_by: str
    created_at: datetime
    ends_at: datetime | None


class ApiKey(Model):
    """What an application signs on with instead of a token."""

    id: str
    name: str
    roles: list[str]
    areas: list[str]
    purposes: list[str]
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    used_at: datetime | None
    secrets: list[ApiKeySecrets]


class HandedKey(Model):
    """A key with the text to be sent."""

    secret: str
    key: ApiKey


class Principal(Model):
    """Somebody whose rights this deployment keeps."""

    name: str
    title: str
    area: str
    added_by: str
    added_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    grants: list[PrincipalGrant]


class PrincipalGrant(Model):
    """Rights of a principal:.

    each of the roles in each of the areas.
    """

    id: str
    roles: list[str]
    areas: list[str]
    until: datetime
    state: GrantState
    reason: str
    given_by: str
    given_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class MePosts(Model):
    """Roles in some areas."""

    roles: list[str]
    areas: list[str]


class Me(Model):
    """What the caller is here and now."""

    name: str
    roles: list[str]
    areas: list[str]
    posts: list[MePosts]


class ApiKeysEdges(Model):
    """A key in a page of keys."""

    cursor: str
    node: ApiKey


class ApiKeys(Model):
    """A page of keys in the order of issue."""

    edges: list[ApiKeysEdges]
    page_info: Page


class PrincipalsEdges(Model):
    """A principal in a page of principals."""

    cursor: str
    node: Principal


class Principals(Model):
    """A page of principals in the order of entry."""

    edges: list[PrincipalsEdges]
    page_info: Page


def me() -> Call[Me | None]:
    """Who the caller is:.

    his roles and areas, as they are now.
    """
    return Call("Me", "me", {}, maybe(one(Me)))


def api_keys(*, first: int = 20, after: str | None = None) -> Paged[ApiKeys | None, ApiKey]:
    """API keys within the caller's areas, also those that have ended, in the order of issue."""
    return Paged(
        "ApiKeys",
        "apiKeys",
        {"first": first, "after": after},
        maybe(one(ApiKeys)),
        lambda found: found,
    )


def issue_key(*, input: IssueKeyInput) -> Call[HandedKey]:
    """Issue an API key.

    Its secret is shown in this answer alone.
    """
    return Call("IssueKey", "issueKey", {"input": input}, one(HandedKey))


def rotate_key(*, input: RotateKeyInput) -> Call[HandedKey]:
    """Give a key another secret, shown in this answer alone.

    Both work for the hours of the overlap.
    """
    return Call("RotateKey", "rotateKey", {"input": input}, one(HandedKey))


def revoke_key(*, key: str) -> Call[ApiKey]:
    """End a key at once and for good; once more changes nothing."""
    return Call("RevokeKey", "revokeKey", {"key": key}, one(ApiKey))


def principals(
    *, first: int = 20, after: str | None = None, waiting: bool = False
) -> Paged[Principals | None, Principal]:
    """Principals within the caller's areas, also those that were ended, in the order of entry;
    all, or those with a grant that waits for a second person.
    """
    return Paged(
        "Principals",
        "principals",
        {"first": first, "after": after, "waiting": waiting},
        maybe(one(Principals)),
        lambda found: found,
    )


def add_principal(*, input: AddPrincipalInput) -> Call[Principal]:
    """Make somebody known; he holds nothing yet."""
    return Call("AddPrincipal", "addPrincipal", {"input": input}, one(Principal))


def grant_rights(*, input: GrantRightsInput) -> Call[PrincipalGrant]:
    """Give rights, which count from the next request on.

    Elevated roles (administrator, approver, supervisor, auditor) are proposed until another
    person agrees.
    """
    return Call("GrantRights", "grantRights", {"input": input}, one(PrincipalGrant))


def approve_grant(*, input: GrantInput) -> Call[PrincipalGrant]:
    """Agree to a proposed grant that another person proposed."""
    return Call("ApproveGrant", "approveGrant", {"input": input}, one(PrincipalGrant))


def refuse_grant(*, input: GrantInput) -> Call[PrincipalGrant]:
    """Refuse a proposed grant that another person proposed."""
    return Call("RefuseGrant", "refuseGrant", {"input": input}, one(PrincipalGrant))


def withdraw_grant(*, input: GrantInput) -> Call[PrincipalGrant]:
    """Take a grant back, in every process at once; once more changes nothing."""
    return Call("WithdrawGrant", "withdrawGrant", {"input": input}, one(PrincipalGrant))


def end_principal(*, input: EndPrincipalInput) -> Call[Principal]:
    """Let somebody sign on no more, whatever he holds; once more changes nothing."""
    return Call("EndPrincipal", "endPrincipal", {"input": input}, one(Principal))
