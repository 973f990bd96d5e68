"""API keys: who they stand for, what may be done with them and until when; the port to rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Secret:
    """One of a key's secrets, of which only a digest is known."""

    number: int  # 1 is the first; each rotation adds one
    digest: str = field(repr=False)  # SHA-256, 64 hex digits
    created_by: str
    created_at: int  # epoch ms UTC
    ends_at: int | None = None  # epoch ms UTC, exclusive; None: as long as the key


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody wants a key to be good for."""

    name: str  # of the application
    roles: tuple[str, ...]
    areas: tuple[str, ...]  # prefixes of division codes, as in ``Scope``
    purposes: tuple[str, ...]  # codes that it may state
    expires_at: int  # epoch ms UTC, exclusive


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it stands. It is never deleted, so the rows tell who gave what to whom."""

    key_id: str
    number: int  # in the order of issue
    grant: Grant
    issued_by: str
    issued_at: int  # epoch ms UTC
    secrets: tuple[Secret, ...]  # oldest first
    revoked_by: str | None = None
    revoked_at: int | None = None  # epoch ms UTC
    used_at: int | None = None  # epoch ms UTC, to the minute


@dataclass(frozen=True, slots=True)
class Handed:
    """A key and the text to be sent, which is known here and now and never again."""

    key: ApiKey
    text: str = field(repr=False)


class KeyRows(Protocol):
    """Where keys are kept. Each call is one transaction and sees what committed before it."""

    def add(self, key_id: str, grant: Grant, issued_by: str, issued_at: int, digest: str) -> ApiKey:
        """Keep a new key with its first secret."""
        ...

    def find(self, key_id: str) -> ApiKey | None:
        """The key of that id as it stands now: nothing is remembered from call to call."""
        ...

    def after(self, number: int, limit: int) -> list[ApiKey]:
        """The next keys in the order of issue."""
        ...

    def rotate(self, key_id: str, fresh: Secret, ends_at: int) -> ApiKey:
        """Keep another secret; the older ones end at ``ends_at`` unless they end before.

        ``Conflict`` when somebody else rotated or revoked the key since it was read.
        """
        ...

    def revoke(self, key_id: str, by: str, at: int) -> ApiKey:
        """End a key. Who did so first stands."""
        ...

    def note_use(self, key_id: str, at: int, every_ms: int) -> None:
        """Note that it was used, unless a use less than ``every_ms`` ago is noted."""
        ...
