"""Who reads, for what, within which area (S8). Every read of the graph carries these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the city a reader may see: area code prefixes (12-digit division + grid).

    The empty prefix ``""`` is the whole country: algorithms, provincial duty, development.
    """

    areas: tuple[str, ...]

    @property
    def is_everything(self) -> bool:
        """True when nothing is cut off."""
        return "" in self.areas


EVERYTHING = Scope(areas=("",))


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody reads: a code of the purpose vocabulary and, where required, a case number."""

    code: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody (or a process) that reads and decides."""

    name: str
    roles: frozenset[str]
    scope: Scope


class AuditPort(Protocol):
    """Where each read of personal data and each decision is recorded."""

    def record(self, principal: Principal, action: str, purpose: Purpose, count: int) -> None:
        """Record that ``principal`` did ``action`` on ``count`` things for ``purpose``."""
        ...
