"""Operations: tasks.

Written by ``make docs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, many, maybe, one
from graphrisk.client.operations.common import Page, Words
from graphrisk.client.operations.inputs import NewTaskInput, SubmitProofInput
from graphrisk.client.operations.kinds import TaskState


class TaskBrief(Model):
    """Work for one person."""

    id: str
    package_id: str | None
    kind: str
    kind_label: Words
    title: str
    instructions: str
    area: str
    state: TaskState
    state_label: Words
    offered_to: str | None
    assignee: str | None
    case_id: str | None
    created_by: str
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None
    points: int


class TaskStepsProofFiles(Model):
    """A file that proves something, by what it holds."""

    sha256: str
    media_type: str
    size: int


class TaskStepsProof(Model):
    """What a doer handed in."""

    text: str
    files: list[TaskStepsProofFiles]
    longitude: float | None
    latitude: float | None
    taken_at: datetime | None


class TaskSteps(Model):
    """What somebody did with a task; never changed."""

    action: str
    label: Words
    author: str
    reason: str
    at: datetime
    assignee: str | None
    proof: TaskStepsProof | None


class Task(TaskBrief):
    """Work for one person."""

    steps: list[TaskSteps]


class TaskPayload(Model):
    """A task after what was asked for."""

    changed: bool
    task: Task


class TasksEdges(Model):
    """A task in a page of tasks."""

    cursor: str
    node: TaskBrief


class Tasks(Model):
    """A page of tasks, in the order they were made."""

    edges: list[TasksEdges]
    page_info: Page


class MyTasksEdges(Model):
    """A task in a page of tasks."""

    cursor: str
    node: TaskBrief


class MyTasks(Model):
    """A page of tasks, in the order they were made."""

    edges: list[MyTasksEdges]
    page_info: Page


class OffersEdges(Model):
    """A task in a page of tasks."""

    cursor: str
    node: TaskBrief


class Offers(Model):
    """A page of tasks, in the order they were made."""

    edges: list[OffersEdges]
    page_info: Page


class PointsEdgesNode(Model):
    """An entry of the book as it changed somebody's points."""

    amount: int
    reason: str
    at: datetime
    task: str | None


class PointsEdges(Model):
    """An entry in a page of entries."""

    cursor: str
    node: PointsEdgesNode


class Points(Model):
    """Somebody's points:.

    the balance, and what led to it, latest first.
    """

    person: str
    balance: int
    edges: list[PointsEdges]
    page_info: Page


def task(*, id: str) -> Call[Task | None]:
    """A task by id, with all its steps."""
    return Call("Task", "task", {"id": id}, maybe(one(Task)))


def tasks(
    *,
    first: int = 20,
    after: str | None = None,
    state: TaskState | None = None,
    package_id: str | None = None,
) -> Paged[Tasks | None, TaskBrief]:
    """Tasks of the caller's areas, those that concern them, and his own; all, in one state, or
    of one package.
    """
    return Paged(
        "Tasks",
        "tasks",
        {"first": first, "after": after, "state": state, "packageId": package_id},
        maybe(one(Tasks)),
        lambda found: found,
    )


def my_tasks(*, first: int = 20, after: str | None = None) -> Paged[MyTasks | None, TaskBrief]:
    """Open tasks that the caller has to do."""
    return Paged(
        "MyTasks",
        "myTasks",
        {"first": first, "after": after},
        maybe(one(MyTasks)),
        lambda found: found,
    )


def offers(*, first: int = 20, after: str | None = None) -> Paged[Offers | None, TaskBrief]:
    """Tasks that the caller may grab now."""
    return Paged(
        "Offers",
        "offers",
        {"first": first, "after": after},
        maybe(one(Offers)),
        lambda found: found,
    )


def points(
    *, person: str | None = None, first: int = 20, after: str | None = None
) -> Paged[Points | None, PointsEdgesNode]:
    """The caller's points, or those of `person` for who verifies tasks."""
    return Paged(
        "Points",
        "points",
        {"person": person, "first": first, "after": after},
        maybe(one(Points)),
        lambda found: found,
    )


def create_task(*, input: NewTaskInput) -> Call[TaskPayload]:
    """Make a task:.

    offered to a role, or assigned to somebody.
    """
    return Call("CreateTask", "createTask", {"input": input}, one(TaskPayload))


def create_task_package(*, id: str, tasks: Sequence[NewTaskInput]) -> Call[list[TaskPayload]]:
    """Make many tasks of one order, together or not at all."""
    return Call(
        "CreateTaskPackage", "createTaskPackage", {"id": id, "tasks": tasks}, many(one(TaskPayload))
    )


def grab_task(*, task: str, step: str) -> Call[TaskPayload]:
    """Take an offered task.

    Of all who try one gets it; the others hear CONFLICT.
    """
    return Call("GrabTask", "grabTask", {"task": task, "step": step}, one(TaskPayload))


def return_task(*, task: str, step: str, reason: str) -> Call[TaskPayload]:
    """Give one's task back to those it was offered to."""
    return Call(
        "ReturnTask", "returnTask", {"task": task, "step": step, "reason": reason}, one(TaskPayload)
    )


def hand_over_task(*, task: str, step: str, to: str, reason: str) -> Call[TaskPayload]:
    """Give one's task to another doer."""
    return Call(
        "HandOverTask",
        "handOverTask",
        {"task": task, "step": step, "to": to, "reason": reason},
        one(TaskPayload),
    )


def assign_task(*, task: str, step: str, to: str, reason: str) -> Call[TaskPayload]:
    """Give an open task to somebody, whoever has it now."""
    return Call(
        "AssignTask",
        "assignTask",
        {"task": task, "step": step, "to": to, "reason": reason},
        one(TaskPayload),
    )


def submit_proof(*, input: SubmitProofInput) -> Call[TaskPayload]:
    """Hand in what proves that one's task is done."""
    return Call("SubmitProof", "submitProof", {"input": input}, one(TaskPayload))


def verify_task(*, task: str, step: str, is_good: bool, reason: str = "") -> Call[TaskPayload]:
    """Accept the proof of a task, which earns its points, or refuse it, with a reason.

    Never by anybody who submitted a proof of it.
    """
    return Call(
        "VerifyTask",
        "verifyTask",
        {"task": task, "step": step, "isGood": is_good, "reason": reason},
        one(TaskPayload),
    )


def cancel_task(*, task: str, step: str, reason: str) -> Call[TaskPayload]:
    """End an open task undone."""
    return Call(
        "CancelTask", "cancelTask", {"task": task, "step": step, "reason": reason}, one(TaskPayload)
    )
