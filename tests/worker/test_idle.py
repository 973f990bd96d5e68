"""A worker that has nothing to do starts no process; what comes up is done with the next turn."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import BigInteger, Boolean

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.analysis.rules.tables import RulePositionRow, RuleRow
from graphrisk.analysis.saved import records
from graphrisk.analysis.saved.model import Question, SavedQuery, Shown, Subject
from graphrisk.analysis.watch.tables import WatchListRow
from graphrisk.centre.deadlines.tables import DeadlineRow
from graphrisk.centre.notices.records import tell
from graphrisk.centre.tasks.tables import TaskRow
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations import outbox
from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.jobs import Job
from graphrisk.worker.child import Child
from graphrisk.worker.idle import is_idle
from graphrisk.worker.worker import Worker

NOW, MINUTE = 1_770_912_000_000, 60_000
EVERY = {
    "audit": MINUTE // 2,
    "notices": MINUTE // 2,
    "watch": MINUTE,
    "deadlines": MINUTE,
    "rules": MINUTE,
}


def _filled(row: type[Base]) -> dict[str, object]:
    """A value in every column that must have one: what a row says besides is of no matter."""
    columns = [one for one in row.__table__.columns if not one.nullable]
    numbers = (BigInteger, Boolean)
    return {one.name: 1 if isinstance(one.type, numbers) else "x" for one in columns}


class Site:
    """A worker by a manual clock, and which jobs it started processes for."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.clock, self.started = database, ManualClock(NOW), list[str]()
        self.settings = Settings(store=f"sqlite:///{folder / 'graph.db'}")
        self.worker = Worker(database, self.clock, "a", EVERY, self._start, self._idle)

    def _start(self, job: Job) -> Child:
        self.started.append(job.name)
        return Child([sys.executable, "-c", ""], {})

    def _idle(self, job: Job) -> bool:
        return is_idle(self.settings, self.database, self.clock, job)

    def minutes(self, count: int) -> list[str]:
        """Turns through some minutes of the clock; what was started meanwhile."""
        self.started.clear()
        for _ in range(count * 12):
            self.worker.turn()
            self.clock.advance(MINUTE // 12)
        return sorted(set(self.started))

    def then(self) -> list[str]:
        """Which jobs would start a process now."""
        jobs = [Job(name, name, {}, 1, 1, 1) for name in sorted(EVERY)]
        return [job.name for job in jobs if not self._idle(job)]


def test_an_idle_worker_starts_no_process(database: Database, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    assert site.minutes(3) == []
    AuditSpool(site.settings.audit_folder, site.clock).record(
        DEVELOPMENT, "search", Purpose("investigation"), 1
    )
    assert site.minutes(1) == ["audit"]
    site.worker.stop()


def test_what_there_is_to_do_is_seen(database: Database, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    assert site.then() == []
    with database.session() as session:
        tell(session, "n", "message", "person:li", {"text": "x"}, "3502", NOW)
        session.add(DeadlineRow(**_filled(DeadlineRow) | {"state": "running", "next_at": NOW}))
    assert site.then() == ["deadlines", "notices"]
    with database.session() as session:
        asked = Question(Subject.SEARCH, text="1")
        query = SavedQuery("q", "n", "li", asked, "operation", None, NOW, Shown((), (), NOW))
        records.add(session, query, b"salt")
    assert site.then() == ["deadlines", "notices", "watch"]


def test_lists_offers_and_events_are_seen(database: Database, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    with database.session() as session:
        row = _filled(WatchListRow) | {"areas": [""], "closed_at": None}
        session.add(WatchListRow(**row | {"expires_at": NOW + MINUTE}))
        session.add(TaskRow(**_filled(TaskRow) | {"state": "offered", "expires_at": NOW + 1}))
        outbox.emit(session, "source.late", "calls", {}, NOW)
    assert site.then() == ["watch"], "an event without its place is told by nobody yet"
    with database.session() as session:
        outbox.relay(session)
    site.clock.advance(1)
    assert site.then() == ["deadlines", "notices", "watch"]
    site.clock.advance(MINUTE)
    assert site.then() == ["deadlines", "notices"], "the list has ended"


def test_a_rule_that_judges_is_seen(database: Database, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    with database.session() as session:
        row = _filled(RuleRow) | {"state": "submitted", "shadow": False}
        session.add(RuleRow(**row | {"number": 1}))
    assert site.then() == []
    with database.session() as session:
        session.get_one(RuleRow, 1).shadow = True
    assert site.then() == ["rules"]
    with database.session() as session:
        session.get_one(RuleRow, 1).shadow = False
        session.add(RulePositionRow(**_filled(RulePositionRow) | {"marks": {}, "judging": []}))
    assert site.then() == ["rules"], "the last look has to hear that nothing judges any more"


def test_a_job_that_failed_has_to_show_that_it_works(database: Database, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    first, again = (Job("audit", "audit", {}, 1, 1, attempts) for attempts in (1, 2))
    assert is_idle(site.settings, database, site.clock, first)
    assert not is_idle(site.settings, database, site.clock, again)
