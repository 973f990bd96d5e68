"""That records do not come into the audit is told, once an outage."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.store.audit.collector import collect
from graphrisk.store.audit.lag import PATIENCE_MS, note_lag
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations import jobs, outbox
from graphrisk.store.operations.database import Database

START = 1_700_000_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def _succeeds(database: Database, clock: ManualClock) -> None:
    with database.session() as session:
        jobs.repeat(session, "audit", "audit", 30_000, clock.now_ms())
    clock.advance(PATIENCE_MS)
    with database.session() as session:
        job = jobs.claim(session, "w", clock.now_ms(), 15_000)
        assert job is not None
        jobs.finish(session, job, clock.now_ms())


def _told(database: Database) -> list[str]:
    with database.session() as session:
        outbox.relay(session)
        return [one.subject for one in outbox.read_after(session, 0, 9, "audit.late")]


def test_a_collector_without_success_is_told_once_an_outage(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    place = AuditPlace(tmp_path / "audit", tmp_path / "keys.json")
    spool = AuditSpool(place.folder, clock)
    _succeeds(database, clock)
    assert not note_lag(place, database, clock), "nothing was recorded"
    first = clock.now_ms()
    spool.record(DEVELOPMENT, "search", Purpose("investigation"), 1)
    clock.advance(PATIENCE_MS - 1)
    assert not note_lag(place, database, clock)
    clock.advance(1)
    assert [note_lag(place, database, clock) for _ in range(2)] == [True, True]
    assert _told(database) == [str(first)]
    collect(place, database, clock)
    _succeeds(database, clock)
    spool.record(DEVELOPMENT, "search", Purpose("investigation"), 1)
    assert not note_lag(place, database, clock)
    second = clock.now_ms()
    clock.advance(PATIENCE_MS)
    assert note_lag(place, database, clock)
    assert _told(database) == [str(first), str(second)]
