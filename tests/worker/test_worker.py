"""Workers on one operations database: one works, the other stands by; clocks jump."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.store.operations import jobs, outbox
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.heartbeats import Heartbeat, heartbeats
from graphrisk.store.operations.tables import JobRow
from graphrisk.worker.child import Child
from graphrisk.worker.worker import LONGEST_MS, PULSE_MS, TERM_MS, Worker

Starter = Callable[[jobs.Job], Child]


def _python(code: str) -> Starter:
    return lambda _job: Child([sys.executable, "-c", code], {})


WAITS = _python("import time; time.sleep(60)")
SUCCEEDS = _python("print('counted')")


def _worker(database: Database, clock: ManualClock, name: str, start: Starter = SUCCEEDS) -> Worker:
    return Worker(database, clock, name, {"sweep": 3_600_000}, start)


def _states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {beat.process: beat.state for beat in heartbeats(session)}


def _job(database: Database, name: str = "sweep") -> JobRow:
    with database.reading() as session:
        row = session.get(JobRow, name)
        assert row is not None
        return row


def _until(worker: Worker, is_done: Callable[[], bool]) -> None:
    """Turns until it is done; the clock stands still meanwhile."""
    for _ in range(200):
        worker.turn()
        if is_done():
            return
        time.sleep(0.05)
    pytest.fail("not within 10 s")


def test_events_get_their_place(database: Database) -> None:
    with database.session() as session:
        outbox.emit(session, "detection.finished", "run", {}, 0)
    worker = _worker(database, ManualClock(), "a")
    worker.turn()
    with database.reading() as session:
        assert [event.position for event in outbox.read_after(session, 0)] == [1]
    worker.stop()


def test_a_due_job_is_done_and_waits_for_its_next_time(database: Database) -> None:
    worker = _worker(database, ManualClock(1_000), "a")
    _until(worker, lambda: _job(database).due_at > 1_000)
    row = _job(database)
    assert (row.state, row.attempts, row.due_at) == ("waiting", 0, 3_601_000)
    worker.stop()


def test_a_failed_job_says_why_and_waits(database: Database) -> None:
    worker = _worker(database, ManualClock(), "a", _python("raise SystemExit('disk full')"))
    _until(worker, lambda: _job(database).error is not None)
    row = _job(database)
    assert (row.error, row.state, row.due_at) == ("disk full", "waiting", jobs.BACK_OFF_MS)
    worker.stop()


def test_a_job_that_cannot_be_started_fails_and_the_worker_goes_on(database: Database) -> None:
    worker = _worker(database, ManualClock(), "a", lambda _job: Child(["/no/such/program"], {}))
    worker.turn()
    row = _job(database)
    assert (row.state, row.due_at) == ("waiting", jobs.BACK_OFF_MS)
    assert "cannot start" in (row.error or "")
    worker.turn()
    worker.stop()


def test_a_deadline_waits_for_no_detection(database: Database) -> None:
    schedule = {"detect": 3_600_000, "cases": 3_600_000, "deadlines": 60_000}
    clock = ManualClock(1_000)
    worker = Worker(database, clock, "a", schedule, WAITS)
    _until(worker, lambda: _job(database, "deadlines").state == "running")
    running = {name for name in schedule if _job(database, name).state == "running"}
    assert len(running) == 2
    assert running > {"deadlines"}, "one that writes the graph at a time"
    worker.stop()
    assert {_job(database, name).owner for name in schedule} == {None}


def test_a_deadline_waits_for_no_receiver_and_a_job_beside_the_graph_ends(
    database: Database,
) -> None:
    schedule = {"audit": 3_600_000, "notices": 3_600_000, "deadlines": 60_000}
    clock = ManualClock(1_000)
    worker = Worker(database, clock, "a", schedule, WAITS)
    _until(worker, lambda: _job(database, "deadlines").state == "running")
    assert _job(database, "audit").state == "running"
    assert _job(database, "notices").state == "waiting"
    clock.advance(LONGEST_MS)
    _until(worker, lambda: _job(database, "notices").state == "running")
    audit = _job(database, "audit")
    assert (audit.state, audit.error) == ("waiting", "was not done within 10 minutes")
    worker.stop()


def test_a_detection_may_take_long(database: Database) -> None:
    clock = ManualClock(1_000)
    worker = Worker(database, clock, "a", {"detect": 3_600_000}, WAITS)
    _until(worker, lambda: _job(database, "detect").state == "running")
    clock.advance(10 * LONGEST_MS)
    worker.turn()
    worker.turn()
    assert (_job(database, "detect").state, _job(database, "detect").error) == ("running", None)
    worker.stop()


def test_of_two_workers_one_works_and_the_other_takes_over(database: Database) -> None:
    clock = ManualClock()
    first, second = _worker(database, clock, "a", WAITS), _worker(database, clock, "b", WAITS)
    first.turn()
    second.turn()
    assert _states(database) == {"worker a": "working", "worker b": "standby"}
    assert _job(database).owner == "a"
    first.stop()  # hands everything back
    assert _job(database).owner is None
    clock.advance(PULSE_MS)
    second.turn()
    assert _states(database) == {"worker a": "stopped", "worker b": "working"}
    assert (_job(database).owner, _job(database).attempts) == ("b", 1)
    second.stop()


def test_a_worker_that_slept_finds_itself_replaced_and_ends_its_job(database: Database) -> None:
    clock = ManualClock()
    children: list[Child] = []

    def start(job: jobs.Job) -> Child:
        children.append(WAITS(job))
        return children[-1]

    asleep, awake = _worker(database, clock, "a", start), _worker(database, clock, "b", start)
    asleep.turn()
    clock.advance(TERM_MS)
    awake.turn()
    assert _job(database).owner == "b"
    assert [child.exit_code() is None for child in children] == [True, True]
    asleep.turn()
    assert [child.exit_code() is None for child in children] == [False, True]
    assert (_job(database).owner, _job(database).fence) == ("b", 2)
    asleep.stop()
    awake.stop()


@pytest.mark.parametrize("jump", [30 * 86_400_000, -30 * 86_400_000])
def test_a_clock_that_jumps_changes_nothing_for_the_only_worker(
    database: Database, jump: int
) -> None:
    clock = ManualClock(365 * 86_400_000)
    worker = _worker(database, clock, "a", WAITS)
    worker.turn()
    clock.advance(jump)
    worker.turn()
    row = _job(database)
    assert (row.state, row.owner, row.fence) == ("running", "a", 1)
    assert row.lease_until == clock.now + TERM_MS
    worker.stop()


def test_a_cancelled_job_is_ended(database: Database) -> None:
    clock = ManualClock()
    worker = _worker(database, clock, "a", WAITS)
    worker.turn()
    with database.session() as session:
        jobs.cancel(session, "sweep")
    clock.advance(PULSE_MS)
    worker.turn()
    assert _states(database) == {"worker a": "working"}
    with database.reading() as session:
        assert [beat.detail for beat in heartbeats(session)] == ["0 events placed, sweep runs"]
    clock.advance(PULSE_MS)
    worker.turn()
    with database.reading() as session:
        assert [beat.detail for beat in heartbeats(session)] == ["0 events placed, no job"]
    worker.stop()


def test_a_job_that_the_schedule_no_longer_has_is_forgotten(database: Database) -> None:
    clock = ManualClock()
    first = _worker(database, clock, "a")
    _until(first, lambda: _job(database).due_at > 0)
    first.stop()
    with database.session() as session:
        jobs.plan(session, "once", "sweep", {}, 10**15)
    second = Worker(database, clock, "b", {"pull:tags": 60_000}, SUCCEEDS)
    second.turn()
    with database.reading() as session:
        assert session.get(JobRow, "sweep") is None
        assert session.get(JobRow, "once") is not None
    assert _job(database, "pull:tags").kind == "pull"
    second.stop()


def test_a_heartbeat_tells_since_when_and_what(database: Database) -> None:
    clock = ManualClock(7)
    worker = _worker(database, clock, "host:1")
    worker.turn()
    with database.reading() as session:
        (beat,) = heartbeats(session)
    assert beat == Heartbeat(
        "worker host:1", "host:1", "working", "0 events placed, no job", started_at=7, beat_at=7
    )
    worker.stop()


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    child = Child([sys.executable, "-c", deaf], {})
    while not ready.exists():
        time.sleep(0.02)
    child.stop()
    assert child.exit_code() == -9


def test_a_worker_cut_off_from_its_database_ends_its_job_and_comes_back(postgres_url: str) -> None:
    """Past its term another worker may have taken over: nothing may run on meanwhile."""
    database, clock = Database(postgres_url), ManualClock()
    database.migrate()
    children: list[Child] = []

    def start(job: jobs.Job) -> Child:
        children.append(WAITS(job))
        return children[-1]

    worker = _worker(database, clock, "a", start)
    worker.turn()
    with _out_of_reach(postgres_url):
        clock.advance(PULSE_MS)
        with pytest.raises(StoreUnavailable):
            worker.turn()
        assert children[0].exit_code() is None, "its term has not ended yet"
        clock.advance(TERM_MS)
        with pytest.raises(StoreUnavailable):
            worker.turn()
        assert children[0].exit_code() is not None
    worker.turn()
    assert _states(database) == {"worker a": "working"}
    assert (_job(database).owner, _job(database).fence) == ("a", 2)
    worker.stop()
    database.dispose()


@contextmanager
def _out_of_reach(url: str) -> Iterator[None]:
    """The database of that URL cannot be reached inside the block."""
    server, _, query = url.partition("?")
    base, _, name = server.rpartition("/")
    away = f"{name}_away"
    with psycopg.connect(f"{base}/postgres?{query}", autocommit=True) as connection:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(end, (name,))
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{away}"'.encode())
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{away}" RENAME TO "{name}"'.encode())
