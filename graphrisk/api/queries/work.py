"""Queries of work: tasks, points, notices, and what works in the background."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size, text_of
from graphrisk.api.types.notices import NoticeConnection, WorkerStatus, notices_page, status_of
from graphrisk.api.types.tasks import (
    Points,
    Task,
    TaskConnection,
    points_of,
    task_of,
    tasks_page,
)
from graphrisk.centre.notices.model import NoticeState
from graphrisk.centre.tasks.model import TaskState


@strawberry.type
class WorkQueries:
    """One method a query."""

    @strawberry.field(description="A task by id, with all its steps.")
    async def task(self, info: Asked, id: strawberry.ID) -> Task | None:
        """One task."""
        context = info.context
        found = await context.ask(context.work.lists.one, *context.asker, text_of(id, "id"))
        return task_of(found)

    @strawberry.field(
        description="Tasks of the caller's areas, those that concern them, and his own; all, in "
        "one state, or of one package."
    )
    async def tasks(
        self,
        info: Asked,
        first: int = 20,
        after: str | None = None,
        state: TaskState | None = None,
        package_id: strawberry.ID | None = None,
    ) -> TaskConnection | None:
        """A keyset page of tasks."""
        context, limit = info.context, page_size(first)
        place = context.ids.read_cursor("tasks", after)
        package = None if package_id is None else text_of(package_id, "packageId")
        ask = context.work.lists.page
        page = await context.ask(ask, *context.asker, place, limit, state, package)
        return tasks_page(info, page, after)

    @strawberry.field(description="Open tasks that the caller has to do.")
    async def my_tasks(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> TaskConnection | None:
        """A keyset page of one's own tasks."""
        context, limit = info.context, page_size(first)
        place = context.ids.read_cursor("tasks", after)
        page = await context.ask(context.work.lists.mine, *context.asker, place, limit)
        return tasks_page(info, page, after)

    @strawberry.field(description="Tasks that the caller may grab now.")
    async def offers(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> TaskConnection | None:
        """A keyset page of offers."""
        context, limit = info.context, page_size(first)
        place = context.ids.read_cursor("tasks", after)
        page = await context.ask(context.work.lists.offers, *context.asker, place, limit)
        return tasks_page(info, page, after)

    @strawberry.field(
        description="The caller's points, or those of `person` for who verifies tasks."
    )
    async def points(
        self, info: Asked, person: str | None = None, first: int = 20, after: str | None = None
    ) -> Points | None:
        """A balance and what led to it."""
        context, limit = info.context, page_size(first)
        before = None if after is None else context.ids.read_cursor("points", after)
        who = None if person is None else text_of(person, "person")
        found = await context.ask(context.work.points.of, *context.asker, who, before, limit)
        return points_of(info, found, after)

    @strawberry.field(
        description="Notices to the caller and, for who looks after them, of his areas; `DEAD` "
        "lists those that were given up."
    )
    async def notices(
        self,
        info: Asked,
        first: int = 20,
        after: str | None = None,
        state: NoticeState | None = None,
    ) -> NoticeConnection | None:
        """A keyset page of notices."""
        context, limit = info.context, page_size(first)
        place = context.ids.read_cursor("notices", after)
        page = await context.ask(context.work.notices.page, *context.asker, place, limit, state)
        return notices_page(info, page, after)

    @strawberry.field(description="Background processes and jobs.")
    async def worker_status(self, info: Asked) -> WorkerStatus | None:
        """How the background work is doing."""
        context = info.context
        return status_of(await context.ask(context.work.workers.status, *context.asker))
