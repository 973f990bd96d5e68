"""Operations: common.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Model
from graphrisk.client.operations.kinds import NodeKind


class Words(Model):
    """The same in Chinese and in English."""

    zh: str
    en: str


class Page(Model):
    """Where a page ends and whether the list goes on."""

    has_next_page: bool
    end_cursor: str | None


class Run(Model):
    """One detection:.

    what it saw and with which parameters.
    """

    id: str
    started_at: datetime
    model: str
    parameters_digest: str
    snapshot: str
    snapshot_change: int


class Reason(Model):
    """Why:.

    a code, its share of the score, and the sentence.
    """

    code: str
    contribution: float
    sentence: Words


class Provenance(Model):
    """The delivered file and row that a fact came from."""

    source: str
    delivery: str
    file: str
    row: int | None
    mode: str
    known_at: datetime | None


class Property(Model):
    """A property with its value."""

    name: str
    label: Words
    type: str
    unit: str | None
    value: str | int | float | bool | None
    masked: bool


class EntityBrief(Model):
    """A person, a number, an account, a firm, a document, a place."""

    id: str
    kind: NodeKind
    label: Words
    key: str
    caption: str
    redacted: bool
