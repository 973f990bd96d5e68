"""Jobs: due, claimed once, finished, failed with back-off, repeated; on both engines."""

from __future__ import annotations

import threading

import pytest

from graphrisk.core.errors import Conflict
from graphrisk.store.operations import jobs
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.jobs import Job
from graphrisk.store.operations.tables import JobRow

TERM = 10_000
HOUR = 3_600_000


def _plan(database: Database, name: str, due: int = 0) -> None:
    with database.session() as session:
        jobs.plan(session, name, "count", {"n": 1}, due)


def _repeat(database: Database, name: str, every: int, now: int = 0) -> None:
    with database.session() as session:
        jobs.repeat(session, name, "count", every, now)


def _claim(database: Database, now: int, owner: str = "a") -> Job | None:
    with database.session() as session:
        return jobs.claim(session, owner, now, TERM)


def _claimed(database: Database, now: int, owner: str = "a") -> Job:
    job = _claim(database, now, owner)
    assert job is not None
    return job


def _fail(database: Database, job: Job, now: int) -> None:
    with database.session() as session:
        jobs.fail(session, job, "disk full", now)


def _finish(database: Database, job: Job, now: int) -> None:
    with database.session() as session:
        jobs.finish(session, job, now)


def _row(database: Database, name: str) -> JobRow:
    with database.reading() as session:
        row = session.get(JobRow, name)
        assert row is not None
        return row


def test_a_job_is_claimed_when_due_by_one_worker(database: Database) -> None:
    _plan(database, "report", due=500)
    assert _claim(database, now=499) is None
    job = _claimed(database, now=500)
    assert (job.name, job.kind, job.payload, job.fence, job.attempts) == (
        "report", "count", {"n": 1}, 1, 1,
    )  # fmt: skip
    assert _claim(database, now=500, owner="b") is None


def test_the_longest_due_comes_first(database: Database) -> None:
    _plan(database, "later", due=20)
    _plan(database, "sooner", due=10)
    assert [_claimed(database, 30).name, _claimed(database, 30).name] == ["sooner", "later"]


def test_planning_again_changes_nothing_until_it_is_done(database: Database) -> None:
    _plan(database, "report", due=500)
    _plan(database, "report", due=0)
    assert _claim(database, now=499) is None
    _finish(database, _claimed(database, now=500), now=600)
    assert _claim(database, now=HOUR) is None
    _plan(database, "report", due=700)
    assert _claimed(database, now=700).attempts == 1


def test_a_job_whose_worker_fell_silent_goes_to_another_and_not_back(database: Database) -> None:
    _plan(database, "report")
    lost = _claimed(database, now=0)
    with database.session() as session:
        jobs.renew(session, lost, 5_000, TERM)
    assert _claim(database, now=14_999, owner="b") is None
    taken = _claimed(database, now=15_000, owner="b")
    assert (taken.fence, taken.attempts) == (2, 2)
    for late in (jobs.renew, jobs.finish):
        with pytest.raises(Conflict, match="report"), database.session() as session:
            late(session, lost, *([15_001, TERM] if late is jobs.renew else [15_001]))
    _finish(database, taken, now=15_002)
    assert _row(database, "report").state == "done"


def test_failures_wait_longer_and_longer_and_end(database: Database) -> None:
    _plan(database, "report")
    now, waits = 0, []
    while (state := _row(database, "report")).state == "waiting":
        waits.append(state.due_at - now)
        now = state.due_at
        _fail(database, _claimed(database, now), now)
    assert waits == [0, 60_000, 120_000, 240_000, 480_000]
    assert (state.state, state.error) == ("failed", "disk full")
    assert _claim(database, now=now + 10 * HOUR) is None


def test_a_job_that_ends_its_workers_is_given_up(database: Database) -> None:
    _plan(database, "bomb")
    for attempt in range(jobs.MOST_ATTEMPTS):
        _claimed(database, now=attempt * TERM)
    assert _claim(database, now=jobs.MOST_ATTEMPTS * TERM) is None
    assert _row(database, "bomb").state == "failed"


def test_a_repeated_job_comes_again_and_missed_times_do_not(database: Database) -> None:
    _repeat(database, "sweep", every=HOUR)
    _finish(database, _claimed(database, now=0), now=5)
    assert _claim(database, now=HOUR + 4) is None
    _finish(database, _claimed(database, now=10 * HOUR), now=10 * HOUR)
    assert _claim(database, now=10 * HOUR + 1) is None


def test_a_repeated_job_is_never_given_up_and_recovers(database: Database) -> None:
    _repeat(database, "sweep", every=HOUR)
    now = 0
    for _ in range(2 * jobs.MOST_ATTEMPTS):
        _fail(database, _claimed(database, now), now)
        now = _row(database, "sweep").due_at
    with database.reading() as session:
        assert jobs.failing_jobs(session) == {"sweep": "disk full"}
    job = _claimed(database, now)
    _finish(database, job, now)
    with database.reading() as session:
        assert jobs.failing_jobs(session) == {}
    row = _row(database, "sweep")
    assert (row.state, row.attempts, row.error, row.due_at) == ("waiting", 0, None, now + HOUR)


def test_a_shorter_interval_counts_at_once_and_a_cancelled_job_is_gone(database: Database) -> None:
    _repeat(database, "sweep", every=24 * HOUR)
    _finish(database, _claimed(database, now=0), now=0)
    _repeat(database, "sweep", every=HOUR, now=1)
    job = _claimed(database, now=1)
    with database.session() as session:
        jobs.cancel(session, "sweep")
    with pytest.raises(Conflict), database.session() as session:
        jobs.renew(session, job, 2, TERM)
    assert _claim(database, now=100 * HOUR) is None


def test_a_clock_that_ran_ahead_starves_no_repeated_job(database: Database) -> None:
    _repeat(database, "sweep", every=HOUR)
    _finish(database, _claimed(database, now=1_000 * HOUR), now=1_000 * HOUR)
    job = _claimed(database, now=HOUR)  # the clock was put back
    _fail(database, job, now=2_000 * HOUR)
    _claimed(database, now=2 * HOUR)


def test_what_is_given_back_is_free_and_costs_no_attempt(database: Database) -> None:
    _plan(database, "report")
    job = _claimed(database, now=0)
    with database.session() as session:
        jobs.give_back(session, job, 10)
    assert _claimed(database, now=10, owner="b").attempts == 1


def test_workers_that_claim_at_once_share_no_job(database: Database) -> None:
    for number in range(12):
        _plan(database, f"job{number}")
    names: list[str] = []
    begin = threading.Barrier(4)

    def work(owner: str) -> None:
        begin.wait()
        while (job := _claim(database, now=1, owner=owner)) is not None:
            names.append(job.name)

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == sorted(f"job{number}" for number in range(12))
