"""A centre's tasks with a few people: who gives out, who does, who verifies."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphrisk.access.model import Act, Principal, Purpose, Scope
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.files.records import missing
from graphrisk.centre.files.tables import UploadRow
from graphrisk.centre.tasks.lists import TaskLists
from graphrisk.centre.tasks.model import FileRef, NewTask, Position, Proof, Taken
from graphrisk.centre.tasks.service import Tasks
from graphrisk.centre.units import Units
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database

#: 2026-11-25, a Wednesday, 10:00 in Shanghai.
WEDNESDAY = 1_795_572_000_000
HOUR = 3_600_000
VILLAGE, NEXT_COUNTY = "350203001001", "350205001001"
WORK = Purpose("operation")
PROOF = Proof("门上贴有告示", (FileRef("ab" * 32, "image/jpeg", 10),), Position(1_180_000_000, 1))


def person(name: str, *roles: str, area: str = "350203") -> Principal:
    return Principal(name, frozenset(roles), Scope((area,)))


DISPATCHER = person("dispatcher", "dispatcher")
CHIEF = person("chief", "supervisor")
ANNA = person("anna", "grid_worker", area=f"{VILLAGE}G7")
BERT = person("bert", "grid_worker", area="350203001")
STRANGER = person("stranger", "grid_worker", area="350205")


def fresh() -> str:
    return str(uuid.uuid4())


def order(
    kind: str = "visit", area: str = VILLAGE, offered_to: str | None = "grid_worker", **said: object
) -> NewTask:
    task_id, title = str(said.pop("task_id", fresh())), str(said.pop("title", "核实一户"))
    return NewTask(task_id, kind, title, area, offered_to=offered_to, **said)  # type: ignore[arg-type]


@dataclass
class Audit:
    """Remembers what was recorded."""

    recorded: list[tuple[str, str, int]] = field(default_factory=list)

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        assert purpose == WORK
        assert what or action.endswith(".read"), "a decision names its object"
        self.recorded.append((principal.name, action, count))

    def record_all(self, acts: Sequence[Act]) -> None:
        for act in acts:
            self.record(act.principal, act.action, act.purpose, act.count, act.what)


class Photographing(Tasks):
    """Doers whose phones add the proof's file to the task before they send the proof."""

    def __init__(self, database: Database, *services: Any) -> None:
        super().__init__(database, *services)
        self._files = database

    def submit(
        self, principal: Principal, purpose: Purpose, task_id: str, step_id: str, proof: Proof
    ) -> Taken:
        with self._files.session() as session:
            hashes = missing(session, task_id, {one.sha256 for one in proof.files})
            session.add_all(map(partial(photograph, task_id), hashes))
        return super().submit(principal, purpose, task_id, step_id, proof)


def photograph(task_id: str, sha256: str) -> UploadRow:
    """The row of a file that was added to a task."""
    return UploadRow(
        holder="task",
        subject=task_id,
        sha256=sha256,
        name="门.jpg",
        media_type="image/jpeg",
        size=10,
        added_by="anna",
        added_at=WEDNESDAY,
    )


class Office:
    """The services on one database, by a clock that stands still."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = ManualClock(WEDNESDAY)
        self.audit = Audit()
        self.deadlines = Deadlines(Calendar(), Units())
        self.tasks = Photographing(database, self.clock, Calendar(), self.audit, self.deadlines)
        self.lists = TaskLists(database, self.audit)

    def offered(self, task: NewTask | None = None) -> str:
        """The id of a task that the dispatcher gave out."""
        (taken,) = self.tasks.create(DISPATCHER, WORK, [task or order()])
        return taken.task.task_id

    def held(self, who: Principal = ANNA, task: NewTask | None = None) -> str:
        """The id of a task that somebody grabbed."""
        task_id = self.offered(task)
        self.tasks.grab(who, WORK, task_id, fresh())
        return task_id

    def submitted(self, who: Principal = ANNA, task: NewTask | None = None) -> str:
        """The id of a task whose proof was handed in."""
        task_id = self.held(who, task)
        self.tasks.submit(who, WORK, task_id, fresh(), PROOF)
        return task_id
