"""A deadline, and what happens each time it is missed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graphrisk.core.calendar import Span


class State(StrEnum):
    """What a deadline is doing."""

    RUNNING = "running"
    SUSPENDED = "suspended"  # its subject was merged into another: nobody has to do anything
    MET = "met"
    MISSED = "missed"  # done, but after it was due
    VOID = "void"  # given up before it was met, e.g. replaced by a later start


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take, and how long each level then has before the next is told."""

    name: str
    zh: str
    en: str
    span: Span
    pause: Span


@dataclass(frozen=True, slots=True)
class Deadline:
    """A row with a due time; ``level`` counts how often it was escalated."""

    deadline_id: str
    subject: str  # id of the case, measure or task
    name: str
    area: str
    state: State
    started_at: int  # epoch ms UTC
    due_at: int  # epoch ms UTC
    is_provisional: bool  # crosses a year whose holidays are not announced yet
    level: int
    next_at: int | None  # when the next level is told, epoch ms UTC; None: the last one was


@dataclass(frozen=True, slots=True)
class Escalation:
    """A level was told that a deadline was missed; at most once a level."""

    deadline_id: str
    name: str
    level: int  # 1 the first
    area: str  # of the level that was told: a prefix of the deadline's area
    unit: str
    due_at: int  # when it fell due, epoch ms UTC
    at: int  # when it was told, epoch ms UTC
