"""What somebody sees of the tasks: those of his areas, those that concern them, and his own."""

from __future__ import annotations

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import may, require
from graphrisk.centre.tasks import records, rules
from graphrisk.centre.tasks.model import Task, TaskPage, TaskState
from graphrisk.centre.tasks.tables import TaskRow
from graphrisk.core.errors import NotFound
from graphrisk.store.operations.database import Database

_OPEN = ("offered", "assigned", "submitted", "rework")


class TaskLists:
    """Reads of tasks; each is recorded before it is answered, for they may name people."""

    def __init__(self, database: Database, audit: AuditPort) -> None:
        self._database = database
        self._audit = audit

    def one(self, principal: Principal, purpose: Purpose, task_id: str) -> Task:
        """A task; ``NotFound`` when there is none where the reader may look."""
        with self._database.reading() as session:
            row = records.row_of(session, task_id)
            check_visible(principal, row)
            (task,) = records.tasks_of(session, [row])
        self._audit.record(principal, "task.read", purpose, 1, task_id)
        return task

    def page(
        self,
        principal: Principal,
        purpose: Purpose,
        after: int,
        limit: int,
        state: TaskState | None = None,
        package_id: str | None = None,
    ) -> TaskPage:
        """Tasks that a reader may see, in the order they were made, behind a number."""
        wanted = records.Wanted(
            seen_by=(principal.scope, principal.name),
            states=None if state is None else [state.value],
            package_id=package_id,
        )
        return self._page(principal, purpose, after, limit, wanted)

    def mine(self, principal: Principal, purpose: Purpose, after: int, limit: int) -> TaskPage:
        """Open tasks that the reader has to do, in the order they were made."""
        wanted = records.Wanted(assignee=principal.name, states=_OPEN)
        return self._page(principal, purpose, after, limit, wanted)

    def offers(self, principal: Principal, purpose: Purpose, after: int, limit: int) -> TaskPage:
        """Tasks that the reader may grab now, in the order they were made."""
        wanted = records.Wanted(
            seen_by=(principal.scope, principal.name),
            states=[TaskState.OFFERED.value],
            offered_to=sorted(principal.roles),
        )
        return self._page(principal, purpose, after, limit, wanted)

    def _page(
        self,
        principal: Principal,
        purpose: Purpose,
        after: int,
        limit: int,
        wanted: records.Wanted,
    ) -> TaskPage:
        require(principal, "task.read")
        with self._database.reading() as session:
            rows = records.listed(session, wanted, after, limit + 1)
            found = records.tasks_of(session, rows[:limit])
        self._audit.record(principal, "task.read", purpose, len(found))
        return TaskPage(found, len(rows) > limit)


def check_visible(principal: Principal, row: TaskRow) -> None:
    """``NotFound`` for a task that is neither somebody's own nor of his areas."""
    place = rules.place_of(principal.scope, row.area)
    if row.assignee != principal.name and not may(principal, "task.read", place):
        raise NotFound("no such task")
