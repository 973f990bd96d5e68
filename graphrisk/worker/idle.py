"""Whether a job would find nothing to do: rows are looked at before a process is started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from graphrisk.core.clock import Clock
from graphrisk.core.errors import Conflict
from graphrisk.settings import Settings
from graphrisk.store.audit.place import place_of
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.jobs import Job

Look = Callable[[Settings, Database, int], bool]


def is_idle(settings: Settings, database: Database, clock: Clock, job: Job) -> bool:
    """Whether it may be counted as done without a process.

    Never after a failure: then it has to show that it works. Cost: some index look-ups.
    """
    look = _LOOKS.get(job.name)
    return look is not None and job.attempts == 1 and look(settings, database, clock.now_ms())


def _nothing_recorded(settings: Settings, _database: Database, _now: int) -> bool:
    return place_of(settings).is_collected


def _nothing_to_tell(_settings: Settings, database: Database, now: int) -> bool:
    from graphrisk.centre.notices.announce import READER
    from graphrisk.centre.notices.records import is_any_due
    from graphrisk.store.operations.readers import unread

    with database.reading() as session:
        try:
            return not unread(session, READER, 1) and not is_any_due(session, now)
        except Conflict:  # the job says what is wrong
            return False


def _nothing_watched(_settings: Settings, database: Database, now: int) -> bool:
    from graphrisk.analysis.saved.records import is_any_running
    from graphrisk.analysis.watch.service import is_any_open

    with database.reading() as session:
        return not is_any_open(session, now) and not is_any_running(session)


def _nothing_judges(_settings: Settings, database: Database, _now: int) -> bool:
    from graphrisk.analysis.rules.records import is_any_judging

    with database.reading() as session:
        return not is_any_judging(session)


def _nothing_due(_settings: Settings, database: Database, now: int) -> bool:
    from graphrisk.centre.deadlines.service import is_any_due
    from graphrisk.centre.tasks.service import is_any_lapsed

    with database.reading() as session:
        return not is_any_due(session, now) and not is_any_lapsed(session, now)


_LOOKS: Final[Mapping[str, Look]] = {
    "audit": _nothing_recorded,
    "deadlines": _nothing_due,
    "notices": _nothing_to_tell,
    "rules": _nothing_judges,
    "watch": _nothing_watched,
}
