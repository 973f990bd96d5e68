"""Tasks: each step, its event and what it earns become true in one transaction, or not at all.

Ids of tasks and steps are made by who asks. The same request once more answers as the first did
and changes nothing; another request under the same id is refused, however late it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from graphrisk.access.model import GroupAuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.files.records import missing
from graphrisk.centre.tasks import records, rules
from graphrisk.centre.tasks.grabs import Grabs
from graphrisk.centre.tasks.lists import check_visible
from graphrisk.centre.tasks.model import NewTask, Proof, Taken, TaskState
from graphrisk.centre.tasks.tables import PackageRow, TaskRow
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, Forbidden
from graphrisk.core.machine import Step
from graphrisk.store.operations import books, outbox
from graphrisk.store.operations.database import Database

_Change = Callable[[TaskRow], None]


class Tasks:
    """What may be done with the tasks of a deployment.

    Args:
        database: The migrated operations database.
        clock: Tells when steps are taken.
        calendar: Counts the terms of tasks.
        audit: Where each decision is recorded, before it takes effect.
        deadlines: Start and stop with the steps of tasks (``task.yaml``).
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        calendar: Calendar,
        audit: GroupAuditPort,
        deadlines: Deadlines,
    ) -> None:
        self._database = database
        self._clock = clock
        self._calendar = calendar
        self._audit = audit
        self._deadlines = deadlines
        self._grabs = Grabs(database, clock, audit, self._keep)

    def create(
        self,
        principal: Principal,
        purpose: Purpose,
        tasks: Sequence[NewTask],
        package_id: str | None = None,
    ) -> list[Taken]:
        """Make a task, or a package of many that are made together or not at all.

        Raises:
            BadInput: A task, or the package, cannot be.
            Forbidden: No right to give out tasks in an area of them.
            Conflict: An id stands for something else.
        """
        for task in tasks:
            rules.check_new(task)
            require(principal, "task.create", task.area)
        self._check_package(tasks, package_id)
        what = package_id or ",".join(task.task_id for task in tasks)
        now = self._clock.now_ms()
        with self._database.session() as session:
            if package_id is not None:
                self._open_package(session, principal, tasks, package_id, now)
            made = [self._made(session, principal, task, package_id, now) for task in tasks]
            session.flush()
            found = records.tasks_of(session, [row for row, _ in made])
            self._audit.record(principal, "task.create", purpose, len(tasks), what)
        return [Taken(task, new) for task, (_, new) in zip(found, made, strict=True)]

    def grab(self, principal: Principal, purpose: Purpose, task_id: str, step_id: str) -> Taken:
        """Take an offered task; of all who try one gets it, the others get ``Conflict``."""
        return self._grabs.grab(principal, purpose, task_id, step_id)

    def assign(
        self,
        principal: Principal,
        purpose: Purpose,
        task_id: str,
        step_id: str,
        to: str,
        reason: str,
    ) -> Taken:
        """Give an open task to somebody, whoever has it now."""
        rules.check_name(to)
        change = _given_to(to)
        return self._step(principal, purpose, task_id, step_id, "assign", reason, change, to)

    def hand_over(
        self,
        principal: Principal,
        purpose: Purpose,
        task_id: str,
        step_id: str,
        to: str,
        reason: str,
    ) -> Taken:
        """The doer gives the task to another doer."""
        rules.check_name(to)

        def change(row: TaskRow) -> None:
            _check_own(principal, row)
            row.assignee = to

        return self._step(principal, purpose, task_id, step_id, "hand_over", reason, change, to)

    def give_back(
        self, principal: Principal, purpose: Purpose, task_id: str, step_id: str, reason: str
    ) -> Taken:
        """The doer gives the task back: those it was offered to may grab it again."""

        def change(row: TaskRow) -> None:
            _check_own(principal, row)
            row.assignee = None

        return self._step(principal, purpose, task_id, step_id, "return", reason, change)

    def submit(
        self, principal: Principal, purpose: Purpose, task_id: str, step_id: str, proof: Proof
    ) -> Taken:
        """The doer hands in what proves that the task is done."""

        def change(row: TaskRow) -> None:
            _check_own(principal, row)
            rules.check_proof(rules.kinds()[row.kind], proof)

        said = asdict(proof)
        return self._step(
            principal, purpose, task_id, step_id, "submit", "", change, said, proof=proof
        )

    def verify(
        self,
        principal: Principal,
        purpose: Purpose,
        task_id: str,
        step_id: str,
        is_good: bool,
        reason: str = "",
    ) -> Taken:
        """Somebody else than the doer accepts the proof, which earns its points, or refuses it.

        ``Forbidden`` for whoever submitted a proof of this task.
        """
        action = "verify" if is_good else "refuse"
        return self._step(principal, purpose, task_id, step_id, action, reason, _nothing)

    def cancel(
        self, principal: Principal, purpose: Purpose, task_id: str, step_id: str, reason: str
    ) -> Taken:
        """End an open task undone."""
        return self._step(principal, purpose, task_id, step_id, "cancel", reason, _nothing)

    def expire(self, limit: int = 100) -> int:
        """Let offers lapse that nobody took in time, by the clock; how many. For the worker."""
        now, order = self._clock.now_ms(), (TaskRow.expires_at, TaskRow.number)
        query = select(TaskRow).where(*_lapsed(now)).order_by(*order).limit(limit)
        with self._database.session() as session:
            rows = session.execute(query.with_for_update(skip_locked=True)).scalars().all()
            for row in rows:
                step = rules.machine().taken(row.state, "expire", "clock", now, "nobody took it")
                self._keep(session, row, f"expire:{row.task_id}:{row.expires_at}", "", step)
            return len(rows)

    def _check_package(self, tasks: Sequence[NewTask], package_id: str | None) -> None:
        if package_id is not None and not rules.UUID.fullmatch(package_id):
            raise BadInput("the id of a package is a UUID in lower case, made by who asks for it")
        if not 0 < len(tasks) <= (1 if package_id is None else rules.MOST_TASKS):
            raise BadInput(f"a package has 1 to {rules.MOST_TASKS:,} tasks")
        if len({task.task_id for task in tasks}) != len(tasks):
            raise BadInput("two tasks of a package have one id")

    def _open_package(
        self,
        session: Session,
        principal: Principal,
        tasks: Sequence[NewTask],
        package_id: str,
        now: int,
    ) -> None:
        said = rules.digest([asdict(task) for task in tasks])
        held = session.get(PackageRow, package_id)
        if held is None:
            session.add(
                PackageRow(
                    package_id=package_id, digest=said, created_by=principal.name, created_at=now
                )
            )
            session.flush()
        elif held.digest != said:
            raise Conflict("a package of this id was another one")

    def _made(
        self,
        session: Session,
        principal: Principal,
        task: NewTask,
        package_id: str | None,
        now: int,
    ) -> tuple[TaskRow, bool]:
        held = session.execute(select(TaskRow).where(TaskRow.task_id == task.task_id)).scalar()
        if held is not None:
            if (held.digest, held.package_id) != (rules.digest_of(task), package_id):
                raise Conflict("a task of this id was another one")
            return held, False
        due = task.due_at or self._calendar.after(now, rules.kinds()[task.kind].term).at
        machine, action = rules.machine(), "offer" if task.assignee is None else "assign"
        step = machine.taken(machine.initial, action, principal.name, now)
        state = TaskState(step.after)
        row = records.new_row(task, state, package_id, principal.name, now, due)
        session.add(row)
        session.flush()
        self._keep(session, row, f"{action}:{task.task_id}", "", step)
        return row, True

    def _step(
        self,
        principal: Principal,
        purpose: Purpose,
        task_id: str,
        step_id: str,
        action: str,
        reason: str,
        change: _Change,
        said: object = None,
        proof: Proof | None = None,
    ) -> Taken:
        """One step of one task: asked before, allowed, possible, kept."""
        rules.check_step(step_id)
        now, machine = self._clock.now_ms(), rules.machine()
        digest = rules.digest([task_id, action, principal.name, reason, said])
        with self._database.session() as session:
            row = records.row_of(session, task_id, lock=True)
            check_visible(principal, row)
            changed = not records.was_taken(session, step_id, digest)
            if changed:
                place = rules.place_of(principal.scope, row.area)
                require(principal, machine.right(row.state, action), place)
                before = records.earlier(session, row.number, ["submit"])
                step = machine.taken(row.state, action, principal.name, now, reason, before)
                change(row)
                if proof is not None:
                    _check_files(session, row, proof)
                self._keep(session, row, step_id, digest, step, proof)
                session.flush()
            self._audit.record(principal, f"task.{action}", purpose, 1, task_id)
            if changed and action == "verify":
                self._award(session, row, principal.name, now)
            (task,) = records.tasks_of(session, [row])
        return Taken(task, changed)

    def _keep(
        self,
        session: Session,
        row: TaskRow,
        step_id: str,
        digest: str,
        step: Step,
        proof: Proof | None = None,
    ) -> None:
        records.add_step(session, row, step_id, digest, step, proof)
        self._deadlines.end(session, row.task_id, step.stops, step.at)
        for name in step.starts:
            self._start(session, row, name, step.at)
        told = {"action": step.action, "state": step.after, "kind": row.kind}
        outbox.emit(session, "task.changed", row.task_id, told, step.at, area=row.area)

    def _start(self, session: Session, row: TaskRow, name: str, now: int) -> None:
        term = rules.term_of(rules.kinds()[row.kind], name)
        if name != rules.CHECKING.name and row.due_at <= now:  # to be done again, after its time
            row.due_at = self._calendar.after(now, term.span).at
        due = None if name == rules.CHECKING.name else row.due_at
        self._deadlines.start(session, row.task_id, term, row.area, now, due)

    def _award(self, session: Session, row: TaskRow, verifier: str, now: int) -> None:
        """Book last: who books in the book of points makes others wait until the commit."""
        assert row.assignee is not None
        kind = rules.kinds()[row.kind]
        entry = rules.award(row.task_id, kind, row.assignee, verifier, now)
        if entry is not None:
            books.post(session, rules.POINTS_BOOK, entry)


def _given_to(name: str) -> _Change:
    def change(row: TaskRow) -> None:
        row.assignee = name

    return change


def _check_own(principal: Principal, row: TaskRow) -> None:
    if row.assignee != principal.name:
        raise Forbidden("the task is somebody else's")


def _check_files(session: Session, row: TaskRow, proof: Proof) -> None:
    lacking = missing(session, row.task_id, [one.sha256 for one in proof.files])
    if lacking:
        raise BadInput(f"add the file to the task first: {lacking[0]} is not there (请先上传文件)")


def _nothing(_row: TaskRow) -> None:
    """The step alone changes the task."""


def is_any_lapsed(session: Session, now: int) -> bool:
    """Whether an offer's time is over. An index look-up."""
    lapsed = select(TaskRow.number).where(*_lapsed(now)).limit(1)
    return session.execute(lapsed).first() is not None


def _lapsed(now: int) -> tuple[ColumnElement[bool], ...]:
    due = TaskRow.expires_at
    return TaskRow.state == TaskState.OFFERED.value, due.is_not(None), due <= now
