"""Rows of tasks in a caller's transaction: made, found, changed, read back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from graphrisk.access.model import Scope
from graphrisk.centre.tasks.model import (
    FileRef,
    NewTask,
    Position,
    Proof,
    Task,
    TaskState,
    TaskStep,
)
from graphrisk.centre.tasks.rules import digest_of, kinds
from graphrisk.centre.tasks.tables import StepRow, TaskRow
from graphrisk.core.errors import Conflict, NotFound
from graphrisk.core.machine import Step

#: Keeps a step in a transaction: its id, the digest of what was asked for, what it is.
Keep = Callable[[Session, TaskRow, str, str, Step], None]


def row_of(session: Session, task_id: str, lock: bool = False) -> TaskRow:
    """The row of a task, which nobody else changes until the transaction ends if it is locked."""
    rows = rows_of(session, [task_id], lock)
    if not rows:
        raise NotFound("no such task")
    return rows[task_id]


def rows_of(session: Session, task_ids: Collection[str], lock: bool = False) -> dict[str, TaskRow]:
    """As ``row_of``, of those tasks that there are, by id.

    Locked in the order they were made, so that two who lock several never wait for each other.
    """
    ours = select(TaskRow).where(TaskRow.task_id.in_(task_ids)).order_by(TaskRow.number)
    rows = session.execute(ours.with_for_update() if lock else ours).scalars()
    return {row.task_id: row for row in rows}


def new_row(
    task: NewTask, state: TaskState, package_id: str | None, author: str, at: int, due_at: int
) -> TaskRow:
    """The row of a task that is made now."""
    return TaskRow(
        task_id=task.task_id,
        package_id=package_id,
        digest=digest_of(task),
        kind=task.kind,
        title=task.title.strip(),
        instructions=task.instructions,
        area=task.area,
        state=state.value,
        offered_to=task.offered_to,
        assignee=task.assignee,
        case_id=task.case_id,
        created_by=author,
        created_at=at,
        due_at=due_at,
        expires_at=task.expires_at,
    )


def add_step(
    session: Session, row: TaskRow, step_id: str, digest: str, step: Step, proof: Proof | None
) -> None:
    """Keep a step and bring the task to where it leads."""
    row.state = step.after
    session.add(
        StepRow(
            step_id=step_id,
            task=row.number,
            digest=digest,
            action=step.action,
            before=step.before,
            after=step.after,
            author=step.author,
            reason=step.reason,
            at=step.at,
            assignee=row.assignee,
            proof=None if proof is None else asdict(proof),
        )
    )


def was_taken(session: Session, step_id: str, digest: str) -> bool:
    """Whether this very step was taken; ``Conflict`` when its id stands for another."""
    return is_same(digests_of(session, [step_id]).get(step_id), digest)


def held(
    session: Session, task_ids: Collection[str], step_ids: Collection[str], lock: bool = False
) -> tuple[dict[str, TaskRow], dict[str, str]]:
    """Rows of tasks, and what was asked for with those of the steps that were taken."""
    return rows_of(session, task_ids, lock), digests_of(session, step_ids)


def digests_of(session: Session, step_ids: Collection[str]) -> dict[str, str]:
    """What was asked for with those of the steps that were taken, by id."""
    held = select(StepRow.step_id, StepRow.digest).where(StepRow.step_id.in_(step_ids))
    return {row.step_id: row.digest for row in session.execute(held)}


def is_same(held: str | None, digest: str) -> bool:
    """Whether a step that is held is the one asked for; ``Conflict`` when it is another."""
    if held not in (None, digest):
        raise Conflict("a step of this id was another one")
    return held is not None


def earlier(session: Session, number: int, actions: Iterable[str]) -> list[tuple[str, str]]:
    """Who took these actions before: ``(action, author)``."""
    ours = (StepRow.task == number, StepRow.action.in_(list(actions)))
    rows = session.execute(select(StepRow.action, StepRow.author).where(*ours))
    return [(row.action, row.author) for row in rows]


def tasks_of(session: Session, rows: Sequence[TaskRow]) -> list[Task]:
    """Tasks with their steps; one query for all."""
    numbers = [row.number for row in rows]
    ours = select(StepRow).where(StepRow.task.in_(numbers)).order_by(StepRow.number)
    steps: dict[int, list[TaskStep]] = {number: [] for number in numbers}
    for one in session.execute(ours).scalars():
        steps[one.task].append(_step(one))
    return [_task(row, tuple(steps[row.number])) for row in rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks are listed; ``None`` asks for nothing."""

    seen_by: tuple[Scope, str] | None = None  # areas and name of who looks
    assignee: str | None = None
    states: Collection[str] | None = None
    offered_to: Collection[str] | None = None
    package_id: str | None = None


def listed(session: Session, wanted: Wanted, after: int, limit: int) -> Sequence[TaskRow]:
    """Rows behind a number, in the order they were made."""
    query = select(TaskRow).where(TaskRow.number > after)
    if wanted.seen_by is not None:
        query = query.where(_within(*wanted.seen_by))
    if wanted.assignee is not None:
        query = query.where(TaskRow.assignee == wanted.assignee)
    if wanted.states is not None:
        query = query.where(TaskRow.state.in_(wanted.states))
    if wanted.offered_to is not None:
        query = query.where(TaskRow.offered_to.in_(wanted.offered_to))
    if wanted.package_id is not None:
        query = query.where(TaskRow.package_id == wanted.package_id)
    return session.execute(query.order_by(TaskRow.number).limit(limit)).scalars().all()


def _within(scope: Scope, name: str) -> ColumnElement[bool]:
    """Condition: tasks in somebody's areas, those that his areas lie in, and his own."""
    parts: list[ColumnElement[bool]] = [TaskRow.assignee == name]
    for area in scope.areas:
        above = [area[:length] for length in range(2, len(area))]
        parts += [TaskRow.area.startswith(area, autoescape=True), TaskRow.area.in_(above)]
    return or_(*parts)


def _task(row: TaskRow, steps: tuple[TaskStep, ...]) -> Task:
    return Task(
        number=row.number,
        task_id=row.task_id,
        package_id=row.package_id,
        kind=kinds()[row.kind],
        title=row.title,
        instructions=row.instructions,
        area=row.area,
        state=TaskState(row.state),
        offered_to=row.offered_to,
        assignee=row.assignee,
        case_id=row.case_id,
        created_by=row.created_by,
        created_at=row.created_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
        steps=steps,
    )


def _step(row: StepRow) -> TaskStep:
    step = Step(row.action, row.before, row.after, row.author, row.reason, row.at)
    proof = None if row.proof is None else _proof(cast("dict[str, Any]", row.proof))
    return TaskStep(row.step_id, step, row.assignee, proof)


def _proof(said: dict[str, Any]) -> Proof:
    position = said["position"]
    return Proof(
        text=said["text"],
        files=tuple(FileRef(**one) for one in said["files"]),
        position=None if position is None else Position(**position),
        taken_at=said["taken_at"],
    )
