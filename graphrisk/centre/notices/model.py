"""A notice, how it is delivered, and what its receiver said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NoticeState(StrEnum):
    """Where a notice is. A receiver's later word counts more, whatever order they come in."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REFUSED = "refused"
    DEAD = "dead"  # given up after all attempts; somebody has to look


class FieldKind(StrEnum):
    """What a value of a template may be."""

    ID = "id"
    WORD = "word"
    NUMBER = "number"
    AREA = "area"
    TIME = "time"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """A declared value."""

    kind: FieldKind
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language; ``{name}`` stands for a value."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a notice of this name says, and with which values (``templates.yaml``)."""

    name: str
    version: int
    fields: Mapping[str, Field]
    words: Mapping[str, Words]  # zh, en


Value = str | int


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to the receiver's service. The same ``notice_id`` twice is one notice."""

    notice_id: str
    template: str
    version: int
    recipient: str
    language: str
    subject: str
    body: str
    created_at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver says of a notice."""

    state: NoticeState  # sent (taken over), delivered, read or refused
    reason: str = ""


class Delivery(Protocol):
    """The one way out: a file, an HTTP service, whatever a deployment brings."""

    def deliver(self, message: Message) -> Receipt:
        """Hand a message over; it may be handed over again, with the same id.

        ``StoreUnavailable`` when it did not succeed and may succeed later.
        """
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands."""

    number: int  # its place in lists
    notice_id: str
    template: Template
    recipient: str
    language: str
    area: str
    values: Mapping[str, Value]
    state: NoticeState
    attempts: int
    next_at: int  # while it waits: when it is tried next, epoch ms UTC
    error: str | None  # of the last attempt
    created_at: int  # epoch ms UTC
    receipts: tuple[tuple[NoticeState, int], ...]  # each once, with when it came


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One keyset page of notices."""

    items: Sequence[Notice]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round of deliveries did."""

    sent: int
    refused: int
    failed: int  # to be tried again
    dead: int
