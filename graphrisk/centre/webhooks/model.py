"""Webhooks, and messages to them, as their owners know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to be posted.

    Attributes:
        url: Where to; https, or http into a network that the deployment allows.
        kinds: Of events; empty: all.
        area: A prefix of division codes; empty: wherever he may follow.
        expires_at: When it ends, epoch ms UTC, at most a year ahead.
    """

    url: str
    kinds: tuple[str, ...]
    area: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Webhook:
    """A registered one."""

    number: int
    webhook_id: str
    owner: str
    wanted: Wanted
    created_at: int
    stopped_at: int | None
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A webhook and its new secret, which is told this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way."""

    number: int
    message_id: str
    kind: str
    state: str
    attempts: int
    next_at: int
    error: str | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Posted:
    """What a round of posting did, in messages; ``stopped`` are webhooks that are gone."""

    written: int = 0
    sent: int = 0
    failed: int = 0
    dead: int = 0
    stopped: int = 0


class Post(Protocol):
    """A way out."""

    def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """The status of the answer.

        Raises:
            Forbidden: Nothing may be posted there.
            StoreUnavailable: Nothing usable answers.
        """
        ...
