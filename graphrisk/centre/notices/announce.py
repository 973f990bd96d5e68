"""Who has to be told of what happened: a reader of the outbox that writes notices.

The notice and the reader's position become true together, and a notice's id follows from its
event's position: nobody is told twice of one event, and of none nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphrisk.analysis.saved.model import NEWS
from graphrisk.analysis.saved.tables import SavedQueryRow
from graphrisk.analysis.watch.tables import WatchListRow
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.notices import records
from graphrisk.centre.notices.rules import is_recipient
from graphrisk.centre.tasks.records import row_of
from graphrisk.centre.tasks.tables import TaskRow
from graphrisk.core.clock import Clock
from graphrisk.store.operations import outbox, readers
from graphrisk.store.operations.database import Database

READER: Final = "notices"
_SPACE: Final = uuid.UUID("0b0f3c52-6a55-4f0c-9a55-6f4f1f0d7a11")
#: Steps of a task that its doer has to hear of, and in which words.
_OF_TASK: Final = {
    "assign": "task_assigned",
    "hand_over": "task_assigned",
    "refuse": "task_refused",
    "cancel": "task_cancelled",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody is told."""

    template: str
    recipient: str
    values: Mapping[str, str | int]
    area: str


def announce(database: Database, deadlines: Deadlines, clock: Clock, limit: int = 500) -> int:
    """Write the notices of events that were not yet looked at; how many notices.

    An event names nobody: told is whoever has the task now, or the unit of a level. Cost: two index
    look-ups when nothing happened.
    """
    with database.reading() as session:
        if not readers.unread(session, READER, 1):
            return 0
    now, told = clock.now_ms(), 0
    with database.session() as session:
        before = readers.position_of(session, READER)
        events = readers.unread(session, READER, limit)
        for event in events:
            if event.kind == "deadline.missed":
                known = deadlines.of(session, [event.subject])
                said: _Said | None = _of_deadline(event, known[0].area if known else "")
            elif event.kind == "task.changed" and event.payload["action"] in _OF_TASK:
                said = _of_task(event, row_of(session, event.subject))
            elif event.kind == "watch.hit":
                said = _of_watch(session.get(WatchListRow, event.subject))
            elif event.kind == NEWS:
                said = _of_query(session.get(SavedQueryRow, event.subject))
            else:
                continue
            if said is not None:
                notice_id = str(uuid.uuid5(_SPACE, str(event.position)))
                told += records.tell(
                    session, notice_id, said.template, said.recipient, said.values, said.area, now
                )
        if events:
            readers.move(session, READER, before, events[-1].position, now)
    return told


def _of_task(event: outbox.Event, task: TaskRow) -> _Said | None:
    if task.assignee is None:
        return None
    template = _OF_TASK[str(event.payload["action"])]
    values: dict[str, str | int] = {"task": task.task_id, "task_kind": task.kind}
    if template == "task_assigned":
        values["due"] = task.due_at
    return _Said(template, f"person:{task.assignee}", values, task.area)


def _of_watch(watched: WatchListRow | None) -> _Said | None:
    """The owner of a list that tells something; one whom notices cannot name reads his list."""
    if watched is None or not is_recipient(f"person:{watched.owner}"):
        return None
    return _Said("watch_hit", f"person:{watched.owner}", {"list": watched.list_id}, "")


def _of_query(saved: SavedQueryRow | None) -> _Said | None:
    """The owner of a query that has news, as of a watch list; ``None`` for one deleted since."""
    if saved is None or not is_recipient(f"person:{saved.owner}"):
        return None
    return _Said("query_news", f"person:{saved.owner}", {"query": saved.query_id}, "")


def _of_deadline(event: outbox.Event, area: str) -> _Said:
    told = event.payload
    values: dict[str, str | int] = {
        "subject": event.subject,
        "deadline": str(told["deadline"]),
        "level": int(str(told["level"])),
        "due": int(str(told["due_at"])),
    }
    return _Said("deadline_missed", f"unit:{told['unit']}", values, area)
