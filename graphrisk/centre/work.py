"""The services of work in the centre, as the api and its tests open them together."""

from __future__ import annotations

from dataclasses import dataclass

from graphrisk.access.model import GroupAuditPort
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.notices.service import Notices
from graphrisk.centre.tasks.lists import TaskLists
from graphrisk.centre.tasks.points import Points
from graphrisk.centre.tasks.service import Tasks
from graphrisk.centre.units import read_units
from graphrisk.centre.workers import Workers
from graphrisk.core.calendar_file import read_calendar
from graphrisk.core.clock import Clock
from graphrisk.settings import Settings
from graphrisk.store.audit.place import place_of
from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Work:
    """Tasks, their lists, what they earn, notices, and who works in the background."""

    tasks: Tasks
    lists: TaskLists
    points: Points
    notices: Notices
    workers: Workers


def open_work(settings: Settings, database: Database, clock: Clock, audit: GroupAuditPort) -> Work:
    """The services on one database; ``ConfigError`` for a calendar or units at fault."""
    calendar = read_calendar(settings.calendar)
    deadlines = Deadlines(calendar, read_units(settings.units))
    return Work(
        tasks=Tasks(database, clock, calendar, audit, deadlines),
        lists=TaskLists(database, audit),
        points=Points(database, audit),
        notices=Notices(database, clock, audit),
        workers=Workers(database, place_of(settings), audit),
    )
