"""Who reads, for what, within which area (S8). Every read of the graph carries these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol


class Level(IntEnum):
    """The five levels of use (五级应用); a smaller number stands higher."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


#: Digits of an area's code that name each level; a grid cell's code goes on behind its village's.
_DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the city a reader may see: area code prefixes (12-digit division + grid).

    The empty prefix ``""`` is the whole country: algorithms, provincial duty, development.
    """

    areas: tuple[str, ...]
    #: Numbers of single nodes outside these areas that were opened to the reader.
    nodes: frozenset[int] = frozenset()

    @property
    def is_everything(self) -> bool:
        """True when nothing is cut off."""
        return "" in self.areas

    def covers(self, area: str) -> bool:
        """Whether an area, by its code or prefix, lies within one of these."""
        return area.startswith(self.areas)

    @property
    def level(self) -> Level:
        """The level of its widest area; without any area the lowest."""
        shortest = min(map(len, self.areas), default=_DIGITS[Level.VILLAGE])
        return next((level for level in Level if shortest <= _DIGITS[level]), Level.VILLAGE)


EVERYTHING = Scope(areas=("",))


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody reads: a code of the purpose vocabulary and, where required, a case number."""

    code: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is in some areas: a right of one post is none in the areas of another."""

    roles: frozenset[str]
    scope: Scope


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody (or a process) that reads and decides."""

    name: str
    roles: frozenset[str]
    scope: Scope
    #: Codes of the purposes that he may state; None: any.
    purposes: frozenset[str] | None = None
    #: His posts where he has several, together his roles and scope; else he is all in all of it.
    posts: tuple[Post, ...] = ()
    #: An application's key: nobody, hence never the second person where two are asked for.
    is_key: bool = False
    #: Code of the purpose that he states with this request; empty: a process asks by itself.
    stated: str = field(default="", compare=False)

    @property
    def held(self) -> tuple[Post, ...]:
        """His posts, also a single one."""
        return self.posts or (Post(self.roles, self.scope),)

    @property
    def level(self) -> Level:
        """At which of the five levels he works: that of his widest area."""
        return self.scope.level


def prefix_of(code: str) -> str:
    """The prefix that a division's code stands for: above villages its 12 digits end in zeros.

    >>> prefix_of("350206000000"), prefix_of("350206005001"), prefix_of("3502")
    ('350206', '350206005001', '3502')
    """
    if len(code) != _DIGITS[Level.VILLAGE]:
        return code
    for level in Level:
        digits = _DIGITS[level]
        if not code[digits:].strip("0"):
            return code[:digits]
    return code


#: Between the ids of what a record names, where it names several.
WHAT_SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Act:
    """What is recorded of one read or decision; see ``AuditPort.record``."""

    principal: Principal
    action: str
    purpose: Purpose
    count: int
    what: str


class AuditPort(Protocol):
    """Where each read of personal data and each decision is recorded."""

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        """Record that ``principal`` did ``action`` on ``count`` things for ``purpose``.

        ``what`` is the id of the one thing that was decided on or read, an opaque one: no key, no
        name; of several nodes that were read their ids, with ``WHAT_SEPARATOR`` between them.
        Durable when it returns; ``StoreUnavailable`` when it cannot be, and what was asked for is
        then not answered.
        """
        ...


class GroupAuditPort(AuditPort, Protocol):
    """Where decisions of several principals, taken together, are recorded together."""

    def record_all(self, acts: Sequence[Act]) -> None:
        """As ``record``, of each, in order: durable all, or none is to take effect."""
        ...
