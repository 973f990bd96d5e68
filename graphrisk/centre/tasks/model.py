"""A task, what was done with it, and what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from graphrisk.core.calendar import Span
from graphrisk.core.machine import Step


class TaskState(StrEnum):
    """Where a task stands (``task.yaml``)."""

    OFFERED = "offered"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    REWORK = "rework"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ProofKind(StrEnum):
    """What a proof can be."""

    TEXT = "text"
    FILE = "file"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class TaskKind:
    """What tasks of a kind have in common (``kinds.yaml``)."""

    name: str
    zh: str
    en: str
    term: Span
    pause: Span  # before each further level is told that it is late
    proof: frozenset[ProofKind]  # without each of these nothing is submitted
    rule: str  # what awards the points, with its version
    points: int  # 0: none


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file, by what it holds."""

    sha256: str  # hex
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Position:
    """Where it was done: WGS-84, in 10⁻⁷ degrees, so that it is kept exactly as it was sent."""

    lon_e7: int
    lat_e7: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a doer hands in."""

    text: str = ""
    files: tuple[FileRef, ...] = ()
    position: Position | None = None
    taken_at: int | None = None  # when it was recorded on the spot, epoch ms UTC


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a task is made from. Its id is made by who asks for it, and kept for ever."""

    task_id: str
    kind: str
    title: str
    area: str  # code of a division or grid cell, or a prefix of one
    instructions: str = ""
    offered_to: str | None = None  # the role whose people in the area may grab it
    assignee: str | None = None  # or: who has to do it
    case_id: str | None = None
    due_at: int | None = None  # epoch ms UTC; None: by the kind's term
    expires_at: int | None = None  # an offer that nobody took by then lapses


@dataclass(frozen=True, slots=True)
class TaskStep:
    """A step with its id, which its author's device made, and to whom it gave the task."""

    step_id: str
    step: Step
    assignee: str | None
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands."""

    number: int  # its place in lists
    task_id: str
    package_id: str | None
    kind: TaskKind
    title: str
    instructions: str
    area: str
    state: TaskState
    offered_to: str | None
    assignee: str | None
    case_id: str | None
    created_by: str
    created_at: int  # epoch ms UTC
    due_at: int  # epoch ms UTC
    expires_at: int | None
    steps: tuple[TaskStep, ...]  # in the order they were taken

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in (TaskState.DONE, TaskState.CANCELLED, TaskState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Taken:
    """A task after a step; ``changed`` is false when the step had been taken before."""

    task: Task
    changed: bool


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One keyset page of tasks."""

    items: Sequence[Task]
    has_next: bool
