"""Operations: openings.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, maybe, one
from graphrisk.client.operations.common import EntityBrief, Page, Words
from graphrisk.client.operations.inputs import (
    BreakGlassInput,
    OpeningOrderInput,
    RequestAccessInput,
)
from graphrisk.client.operations.kinds import OpeningKind, OpeningState


class Opening(Model):
    """What is open to somebody beyond his areas, in requests that name the case:.

    one thing that he asked for, or areas that he opened in an emergency.
    """

    id: str
    kind: OpeningKind
    asker: str
    case: str
    reason: str
    areas: list[str]
    state: OpeningState
    state_label: Words
    asked_at: datetime | None
    until: datetime | None
    decider: str | None
    decided_at: datetime | None
    decision: str
    entity: EntityBrief | None


class AccessRequestsEdges(Model):
    """A request or an emergency in a page of these."""

    cursor: str
    node: Opening


class AccessRequests(Model):
    """A page of requests or of emergencies, oldest first."""

    edges: list[AccessRequestsEdges]
    page_info: Page


class EmergenciesEdges(Model):
    """A request or an emergency in a page of these."""

    cursor: str
    node: Opening


class Emergencies(Model):
    """A page of requests or of emergencies, oldest first."""

    edges: list[EmergenciesEdges]
    page_info: Page


def access_requests(
    *, first: int = 20, after: str | None = None, waiting: bool = False
) -> Paged[AccessRequests | None, Opening]:
    """Requests to see what lies outside one's areas:.

    the caller's own, and those that he decides on; all, or those that wait.
    """
    return Paged(
        "AccessRequests",
        "accessRequests",
        {"first": first, "after": after, "waiting": waiting},
        maybe(one(AccessRequests)),
        lambda found: found,
    )


def emergencies(
    *, first: int = 20, after: str | None = None, unreviewed: bool = False
) -> Paged[Emergencies | None, Opening]:
    """Emergencies:.

    the caller's own, and those that he reviews; all, or those that nobody reviewed yet.
    """
    return Paged(
        "Emergencies",
        "emergencies",
        {"first": first, "after": after, "unreviewed": unreviewed},
        maybe(one(Emergencies)),
        lambda found: found,
    )


def request_access(*, input: RequestAccessInput) -> Call[Opening]:
    """Ask to see what a stub stands for.

    Who answers for its area is told; the same id with the same words changes nothing.
    """
    return Call("RequestAccess", "requestAccess", {"input": input}, one(Opening))


def grant_access(*, input: OpeningOrderInput, until: datetime) -> Call[Opening]:
    """Let the asker see the thing until then, 90 days at most."""
    return Call("GrantAccess", "grantAccess", {"input": input, "until": until}, one(Opening))


def refuse_access(*, input: OpeningOrderInput) -> Call[Opening]:
    """Do not let the asker see the thing."""
    return Call("RefuseAccess", "refuseAccess", {"input": input}, one(Opening))


def revoke_access(*, input: OpeningOrderInput) -> Call[Opening]:
    """Take back what was granted, at once."""
    return Call("RevokeAccess", "revokeAccess", {"input": input}, one(Opening))


def give_up_access(*, input: OpeningOrderInput) -> Call[Opening]:
    """Give up a request of one's own, granted or not."""
    return Call("GiveUpAccess", "giveUpAccess", {"input": input}, one(Opening))


def break_glass(*, input: BreakGlassInput) -> Call[Opening]:
    """See areas outside one's own at once, for some minutes, in requests that name the case.

    It is told, and another person reviews it.
    """
    return Call("BreakGlass", "breakGlass", {"input": input}, one(Opening))


def stop_emergency(*, input: OpeningOrderInput) -> Call[Opening]:
    """End an emergency before its time:.

    one's own, or of one's areas.
    """
    return Call("StopEmergency", "stopEmergency", {"input": input}, one(Opening))


def review_emergency(*, input: OpeningOrderInput, justified: bool) -> Call[Opening]:
    """Say whether an emergency of another person was justified.

    One that was not ends at once.
    """
    return Call(
        "ReviewEmergency", "reviewEmergency", {"input": input, "justified": justified}, one(Opening)
    )
