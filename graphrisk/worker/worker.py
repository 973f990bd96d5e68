"""One worker: holds the lease, places events, and has one job at a time done in each lane.

Of several workers one works; the others stand by and take over when it releases its lease or
stops renewing it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from graphrisk.core.clock import OPEN, Clock
from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.store.operations import jobs, leases, outbox
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.heartbeats import Heartbeat, beat
from graphrisk.worker.child import Child

#: How long a lease lasts without being renewed, and how often it is renewed and a beat written.
TERM_MS: Final = 15_000
PULSE_MS: Final = 5_000
LEASE: Final = "worker"
#: Kinds that write no graph: a notice, say, waits for no detection.
BESIDE: Final = frozenset(
    {"audit", "lateness", "notices", "retention", "rules", "watch", "webhooks", "witness"}
)
#: The clock of cases and tasks waits for nobody: a receiver of notices may be slow.
_CLOCK: Final = frozenset({"deadlines"})
_LANES: Final = (
    jobs.Lane(_CLOCK, others=False),
    jobs.Lane(BESIDE, others=False),
    jobs.Lane(BESIDE | _CLOCK, others=True),
)
#: After so long a job beside the graph is ended, and tried again as one that failed: each of them
#: keeps what it did so far, and the others of its lane have their turn.
LONGEST_MS: Final = 600_000

_log = logging.getLogger("graphrisk.worker")


@dataclass(frozen=True, slots=True)
class _Task:
    """A job and the process that does it."""

    job: jobs.Job
    child: Child
    ends_at: int  # epoch ms, by when it has to be done


class Worker:
    """What one worker process does; it keeps time by ``clock`` alone.

    Args:
        database: The migrated operations database.
        clock: Tells when leases end and jobs are due.
        name: Which process this is, e.g. HOST:PID.
        schedule: Jobs to repeat: name → every how many milliseconds; no others are repeated. The
            kind of a job is its name up to a colon.
        start: Starts the process that does a job.
        idle: Tells of a job that it would find nothing to do: it is done without a process.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        name: str,
        schedule: Mapping[str, int],
        start: Callable[[jobs.Job], Child],
        idle: Callable[[jobs.Job], bool] = lambda _job: False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._name = name
        self._schedule = schedule
        self._start = start
        self._idle = idle
        self._started_at = clock.now_ms()
        self._pulse_at: int | None = None
        self._lease: leases.Lease | None = None
        self._tasks: dict[jobs.Lane, _Task] = {}
        self._placed = 0

    def turn(self) -> None:
        """Do what is due now; waits for nothing but the database."""
        now = self._clock.now_ms()
        try:
            if self._lease is None:
                self._apply(now)
            elif self._pulse_at is None or abs(now - self._pulse_at) >= PULSE_MS:
                self._renew(now)
            if self._lease is not None:
                self._place_events()
                for lane in _LANES:
                    self._look_after_job(lane, now)
        except StoreUnavailable:
            if self._lease is not None and now >= self._lease.expires_at:
                self._stand_down()
            raise

    def stop(self) -> None:
        """End the running jobs, hand them and the lease back, and say so."""
        tasks, lease, now = list(self._tasks.values()), self._lease, self._clock.now_ms()
        self._stand_down()
        with self._database.session() as session:
            if lease is not None:
                leases.release(session, lease, now)
            beat(session, self._heartbeat("stopped", now))
        for task in tasks:
            with self._database.session() as session:
                jobs.give_back(session, task.job, now)

    def _apply(self, now: int) -> None:
        """Take the lease if nobody holds it, and see that the schedule stands in the database."""
        if self._pulse_at is not None and abs(now - self._pulse_at) < PULSE_MS:
            with self._database.reading() as session:
                if not leases.is_free(session, LEASE, now, TERM_MS):
                    return
        with self._database.session() as session:
            lease = leases.take(session, LEASE, self._name, now, TERM_MS)
            beat(session, self._heartbeat("standby" if lease is None else "working", now))
            if lease is not None:
                jobs.repeat_only(session, self._schedule.keys())
                for job, every in self._schedule.items():
                    jobs.repeat(session, job, job.partition(":")[0], every, now)
        self._lease, self._pulse_at = lease, now
        if lease is not None:
            _log.info("working, fence %d", lease.fence)

    def _renew(self, now: int) -> None:
        assert self._lease is not None
        try:
            with self._database.session() as session:
                self._lease = leases.renew(session, self._lease, now, TERM_MS)
                beat(session, self._heartbeat("working", now))
        except Conflict as error:
            _log.warning("%s", error)
            self._stand_down()
            return
        self._pulse_at = now
        for lane, task in list(self._tasks.items()):
            try:
                with self._database.session() as session:
                    jobs.renew(session, task.job, now, TERM_MS)
            except Conflict as error:
                _log.warning("%s", error)
                self._tasks.pop(lane).child.stop()

    def _place_events(self) -> None:
        with self._database.reading() as session:
            if not outbox.has_unplaced(session):
                return
        with self._database.session() as session:
            self._placed += outbox.relay(session)

    def _look_after_job(self, lane: jobs.Lane, now: int) -> None:
        if lane in self._tasks:
            task = self._tasks[lane]
            code = task.child.exit_code()
            if code is None and now < task.ends_at:
                return
            del self._tasks[lane]
            self._settle(task, code, now)
        with self._database.reading() as session:
            if not jobs.is_any_due(session, now, TERM_MS, lane):
                return
        with self._database.session() as session:
            job = jobs.claim(session, self._name, now, TERM_MS, lane)
        if job is not None:
            self._begin(lane, job, now)

    def _begin(self, lane: jobs.Lane, job: jobs.Job, now: int) -> None:
        if self._idle(job):
            self._close(job, now, failure=None)
            return
        try:
            ends_at = OPEN if lane.others else now + LONGEST_MS
            self._tasks[lane] = _Task(job, self._start(job), ends_at)
        except OSError as error:  # no memory, no disk, too many processes: it may pass
            self._close(job, now, failure=f"cannot start: {error}")
            return
        _log.info("%s begins, attempt %d", job.name, job.attempts)

    def _settle(self, task: _Task, code: int | None, now: int) -> None:
        """Close the job of a process that ended, or, without a code, had to be ended."""
        if code is None:
            told = f"was not done within {LONGEST_MS // 60_000} minutes"
        else:
            told = task.child.last_line() or f"ended with code {code}"
        task.child.stop()
        if code == 0:
            _log.info("%s: %s", task.job.name, told)
        self._close(task.job, now, failure=None if code == 0 else told)

    def _close(self, job: jobs.Job, now: int, failure: str | None) -> None:
        try:
            with self._database.session() as session:
                if failure is None:
                    jobs.finish(session, job, now)
                else:
                    _log.error("%s: %s", job.name, failure)
                    jobs.fail(session, job, failure, now)
        except Conflict as error:
            _log.warning("%s", error)

    def _stand_down(self) -> None:
        while self._tasks:
            self._tasks.popitem()[1].child.stop()
        self._lease, self._pulse_at = None, None

    def _heartbeat(self, state: str, now: int) -> Heartbeat:
        names = sorted(task.job.name for task in self._tasks.values())
        doing = "no job" if not names else f"{', '.join(names)} run{'s' if len(names) == 1 else ''}"
        return Heartbeat(
            process=f"worker {self._name}",
            owner=self._name,
            state=state,
            detail=f"{self._placed} events placed, {doing}",
            started_at=self._started_at,
            beat_at=now,
        )
