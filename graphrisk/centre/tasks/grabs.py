"""Offered tasks are taken: of all who try one gets it, the others are told so.

Those who grab at once share a transaction and a record of the audit, each with his own answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from graphrisk.access.model import Act, GroupAuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.centre.tasks import records, rules
from graphrisk.centre.tasks.lists import check_visible
from graphrisk.centre.tasks.model import Taken, TaskState
from graphrisk.centre.tasks.tables import TaskRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import Conflict, Forbidden, GraphRiskError, NotFound
from graphrisk.core.grouped import Grouped
from graphrisk.core.machine import Step
from graphrisk.store.operations.database import Database

#: Grabs of one transaction: who comes behind them waits for it.
_MOST: Final = 64
#: Keeps a step of a task in a transaction: id of the step, digest of what was asked for.
_Keep = Callable[[TaskRow, str, str, Step], None]


@dataclass(frozen=True, slots=True)
class _Grab:
    """Somebody asks for a task."""

    principal: Principal
    purpose: Purpose
    task_id: str
    step_id: str
    digest: str


class Grabs:
    """Grabs of tasks, grouped.

    Args:
        database: The migrated operations database.
        clock: Tells when steps are taken.
        audit: Where each grab is recorded, before it takes effect.
        keep: Keeps what a step changes.
    """

    def __init__(
        self, database: Database, clock: Clock, audit: GroupAuditPort, keep: records.Keep
    ) -> None:
        self._database, self._clock, self._audit, self._keep = database, clock, audit, keep
        self._grabs = Grouped[_Grab, Taken](self._answers, _MOST)

    def grab(self, principal: Principal, purpose: Purpose, task_id: str, step_id: str) -> Taken:
        """See ``Tasks.grab``."""
        rules.check_step(step_id)
        digest = rules.digest([task_id, "grab", principal.name, "", None])
        return self._grabs.ask(_Grab(principal, purpose, task_id, step_id, digest))

    def _answers(self, grabs: Sequence[_Grab]) -> list[Taken | GraphRiskError]:
        try:
            return self._together(grabs)
        except Conflict as error:  # with another process, about one of them
            if len(grabs) == 1:
                return [error]
            return [answer for one in grabs for answer in self._answers([one])]

    def _together(self, grabs: Sequence[_Grab]) -> list[Taken | GraphRiskError]:
        with self._database.reading() as session:  # who comes too late costs no lock
            rows, known = records.held(session, *_named(grabs))
        late = [_too_late(one, rows.get(one.task_id), known) for one in grabs]
        in_time = [one for one, error in zip(grabs, late, strict=True) if error is None]
        answers = iter(self._taken(in_time) if in_time else [])
        return [next(answers) if error is None else error for error in late]

    def _taken(self, grabs: Sequence[_Grab]) -> list[Taken | GraphRiskError]:
        now = self._clock.now_ms()
        with self._database.session() as session:
            rows, known = records.held(session, *_named(grabs), lock=True)
            keep = partial(self._keep, session)
            done = [_step(keep, one, rows[one.task_id], known, now) for one in grabs]
            session.flush()
            good = [one for one, new in zip(grabs, done, strict=True) if isinstance(new, bool)]
            tasks = records.tasks_of(session, [rows[task] for task in {g.task_id: 0 for g in good}])
            self._audit.record_all(
                [Act(one.principal, "task.grab", one.purpose, 1, one.task_id) for one in good]
            )
        found = {task.task_id: task for task in tasks}
        return [
            Taken(found[one.task_id], new) if isinstance(new, bool) else new
            for one, new in zip(grabs, done, strict=True)
        ]


def _step(
    keep: _Keep, grab: _Grab, row: TaskRow, known: dict[str, str], now: int
) -> bool | GraphRiskError:
    """Whether the grab changed the task, or why it may not."""
    who = grab.principal
    try:
        check_visible(who, row)
        if _was_taken(grab, known):
            return False
        machine = rules.machine()
        require(who, machine.right(row.state, "grab"), rules.place_of(who.scope, row.area))
        step = machine.taken(row.state, "grab", who.name, now)
        if not rules.is_offered_to(who, row.offered_to, row.area):
            raise Forbidden("the task is offered to others")
    except GraphRiskError as error:
        return error
    row.assignee = who.name
    keep(row, grab.step_id, grab.digest, step)
    known[grab.step_id] = grab.digest
    return True


def _named(grabs: Sequence[_Grab]) -> tuple[list[str], list[str]]:
    """Ids of tasks and of steps."""
    return [one.task_id for one in grabs], [one.step_id for one in grabs]


def _too_late(grab: _Grab, row: TaskRow | None, known: Mapping[str, str]) -> GraphRiskError | None:
    """Why a task is not to be had, as far as that is seen without a lock."""
    try:
        if row is None:
            raise NotFound("no such task")
        if row.state != TaskState.OFFERED and not _was_taken(grab, known):
            check_visible(grab.principal, row)
            raise Conflict("the task is not to be had: somebody else has it, or it has ended")
    except GraphRiskError as error:
        return error
    return None


def _was_taken(grab: _Grab, known: Mapping[str, str]) -> bool:
    return records.is_same(known.get(grab.step_id), grab.digest)
