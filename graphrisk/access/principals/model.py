"""Principals that a deployment keeps itself, the grants they hold, and the port to both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class GrantState(StrEnum):
    """Where a grant stands; one that is given ends by itself when its time is over."""

    PROPOSED = "proposed"  # of an elevated role: waits for another person
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom somebody wants to be known."""

    name: str  # the subject of his tokens
    title: str  # what he is, for people
    area: str  # where he belongs: a prefix of a division's code, empty for the whole country


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody is to hold: each of the roles in each of the areas, until then."""

    roles: tuple[str, ...]
    areas: tuple[str, ...]  # prefixes of division codes, as in ``Scope``
    ends_at: int  # epoch ms UTC, exclusive


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights of one principal, and who gave, decided and withdrew them. Never deleted."""

    grant_id: str
    rights: Rights
    state: GrantState
    reason: str
    given_by: str
    given_at: int  # epoch ms UTC
    decided_by: str | None = None  # of an elevated one: never who gave it
    decided_at: int | None = None
    withdrawn_by: str | None = None
    withdrawn_at: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A principal as he stands, with all grants he ever had, oldest first."""

    number: int  # in the order of entry
    who: Newcomer
    added_by: str
    added_at: int  # epoch ms UTC
    grants: tuple[Grant, ...] = ()
    ended_by: str | None = None
    ended_at: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and why."""

    by: str
    at: int  # epoch ms UTC
    reason: str = ""


class PrincipalRows(Protocol):
    """Where principals are kept. Each call is one transaction and sees what committed before it.

    What changes something writes its event ``principal.changed`` in the same transaction.
    """

    def add(self, who: Newcomer, act: Act) -> Registered:
        """Keep a new principal; ``Conflict`` when the name is taken."""
        ...

    def find(self, name: str) -> Registered | None:
        """The principal of that name as he stands now: nothing is remembered from call to call."""
        ...

    def holder(self, grant_id: str) -> Registered | None:
        """The principal who has a grant."""
        ...

    def after(self, number: int, limit: int, waiting: bool) -> list[Registered]:
        """The next principals in the order of entry; all, or who has a grant to be decided."""
        ...

    def is_any(self, role: str, now: int) -> bool:
        """Whether anybody holds a role now."""
        ...

    def give(self, name: str, grant_id: str, rights: Rights, state: GrantState, act: Act) -> None:
        """Keep a grant, given or proposed; ``Conflict`` for an ended principal."""
        ...

    def decide(self, grant_id: str, state: GrantState, act: Act) -> None:
        """Give or refuse what is proposed; ``Conflict`` when somebody else decided first."""
        ...

    def withdraw(self, grant_id: str, act: Act) -> None:
        """Take back what is proposed or given; who did so first stands."""
        ...

    def end(self, name: str, act: Act) -> None:
        """End a principal, who signs on no more; who did so first stands."""
        ...
