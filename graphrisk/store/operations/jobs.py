"""Jobs: named work with a due time, done by one worker at a time.

Whoever claims a job holds its row as a lease and renews it; when it stops, another worker claims
the job after the term. Each claim raises the row's fence, so a worker that comes back late can
neither finish nor fail what another one has taken over (``Conflict``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from graphrisk.core.errors import Conflict
from graphrisk.store.operations.leases import ended
from graphrisk.store.operations.tables import JobRow

#: Waiting time after a failure: doubled with each, up to the longest.
BACK_OFF_MS: Final = 60_000
LONGEST_BACK_OFF_MS: Final = 3_600_000
#: A job that is to be done once is given up after so many attempts; a repeated one never.
MOST_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Lane:
    """Jobs of some kinds, or of all but these: one is done at a time in each lane."""

    kinds: frozenset[str]
    others: bool  # all kinds but these

    def condition(self) -> ColumnElement[bool]:
        """What its rows are."""
        return JobRow.kind.not_in(self.kinds) if self.others else JobRow.kind.in_(self.kinds)


ANY: Final = Lane(frozenset(), others=True)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its worker claimed it."""

    name: str
    kind: str
    payload: Mapping[str, object]
    every_ms: int | None  # None = once
    fence: int
    attempts: int  # this one included


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job's row as whoever looks after the service reads it."""

    name: str
    state: str
    due_at: int  # epoch ms UTC
    every_ms: int | None
    attempts: int  # since it last succeeded
    error: str | None  # of the last failure
    done_at: int | None  # when it last succeeded, epoch ms UTC


@dataclass(frozen=True, slots=True)
class KindStatus:
    """The jobs of one kind, for who watches the service by numbers."""

    kind: str
    failing: int  # jobs whose last attempt failed
    done_at: int | None  # of those that are repeated, the oldest last success, epoch ms UTC


def kind_statuses(session: Session) -> list[KindStatus]:
    """By kind; a repeated job that never succeeded has no part in ``done_at``."""
    repeated = case((JobRow.every_ms.is_not(None), JobRow.done_at))
    columns = (JobRow.kind, func.count(JobRow.error), func.min(repeated))
    rows = session.execute(select(*columns).group_by(JobRow.kind).order_by(JobRow.kind))
    return [KindStatus(kind, failing, done_at) for kind, failing, done_at in rows]


def plan(
    session: Session, name: str, kind: str, payload: Mapping[str, object], due_ms: int
) -> None:
    """Have a job done once, at ``due_ms``. The same name again changes nothing while it waits.

    A name that was done or given up before is planned anew.
    """
    row = session.get(JobRow, name, with_for_update=True)
    if row is None:
        session.add(_new(name, kind, payload, due_ms, None))
    elif row.state in ("done", "failed"):
        row.kind, row.payload, row.every_ms = kind, dict(payload), None
        row.state, row.due_at, row.attempts, row.error = "waiting", due_ms, 0, None


def repeat(session: Session, name: str, kind: str, every_ms: int, now_ms: int) -> None:
    """Have a job done every ``every_ms``, first now; a new interval counts from the next run."""
    row = session.get(JobRow, name, with_for_update=True)
    if row is None:
        session.add(_new(name, kind, {}, now_ms, every_ms))
    else:
        row.kind, row.every_ms = kind, every_ms
        if row.state in ("done", "failed"):
            row.state, row.due_at = "waiting", now_ms


def repeat_only(session: Session, names: Collection[str]) -> None:
    """Forget repeated jobs of other names: what a schedule no longer says."""
    others = JobRow.every_ms.is_not(None) & JobRow.name.not_in(names)
    session.execute(delete(JobRow).where(others))


def cancel(session: Session, name: str) -> None:
    """Forget a job. A worker that is at it finds out when it renews or finishes."""
    session.execute(delete(JobRow).where(JobRow.name == name))


def failing_jobs(session: Session) -> dict[str, str]:
    """Error of the last attempt, by name, of jobs that did not succeed since."""
    failing = select(JobRow.name, JobRow.error).where(JobRow.error.is_not(None))
    rows = session.execute(failing.order_by(JobRow.name))
    return {name: error for name, error in rows if error is not None}


def job_statuses(session: Session) -> list[JobStatus]:
    """All jobs, by name. A deployment has few."""
    rows = session.execute(select(JobRow).order_by(JobRow.name)).scalars()
    return [
        JobStatus(
            row.name, row.state, row.due_at, row.every_ms, row.attempts, row.error, row.done_at
        )
        for row in rows
    ]


def done_at(session: Session, name: str) -> int | None:
    """When a job last succeeded, epoch ms UTC; ``None``: never, or there is no such job."""
    return session.execute(select(JobRow.done_at).where(JobRow.name == name)).scalar_one_or_none()


def is_any_due(session: Session, now_ms: int, term_ms: int, lane: Lane = ANY) -> bool:
    """True when ``claim`` would most likely find a job; a read, so that waiting costs no lock."""
    due = select(JobRow.name).where(or_(_is_due(now_ms), _is_left(now_ms, term_ms)))
    return session.execute(due.where(lane.condition()).limit(1)).first() is not None


def claim(session: Session, owner: str, now_ms: int, term_ms: int, lane: Lane = ANY) -> Job | None:
    """The job that is due longest, held for ``term_ms``; ``None`` when nothing is due."""
    due = (
        select(JobRow)
        .where(or_(_is_due(now_ms), _is_left(now_ms, term_ms)), lane.condition())
        .order_by(JobRow.due_at, JobRow.name)
        .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has one writer anyway
    )
    for row in session.execute(due).scalars():
        if row.every_ms is None and row.attempts >= MOST_ATTEMPTS:
            row.state, row.owner, row.lease_until = "failed", None, None
            row.error = row.error or "each worker that tried it ended"
            continue
        row.state, row.owner, row.lease_until = "running", owner, now_ms + term_ms
        row.fence, row.attempts = row.fence + 1, row.attempts + 1
        session.flush()
        return Job(row.name, row.kind, row.payload, row.every_ms, row.fence, row.attempts)
    return None


def renew(session: Session, job: Job, now_ms: int, term_ms: int) -> None:
    """Hold the job for another term; ``Conflict`` when it was taken over or cancelled."""
    _change(session, job, lease_until=now_ms + term_ms)


def finish(session: Session, job: Job, now_ms: int) -> None:
    """The job is done; a repeated one waits for its next time, missed times are not made up."""
    if job.every_ms is None:
        done = {"state": "done", "owner": None, "lease_until": None, "done_at": now_ms}
        _change(session, job, **done, attempts=0, error=None)
    else:
        _wait(session, job, now_ms + job.every_ms, attempts=0, error=None, done_at=now_ms)


def fail(session: Session, job: Job, error: str, now_ms: int) -> None:
    """The job failed: it waits longer each time; one that was to be done once is given up."""
    if job.every_ms is None and job.attempts >= MOST_ATTEMPTS:
        _change(session, job, state="failed", owner=None, lease_until=None, error=error)
        return
    pause = min(BACK_OFF_MS * 2 ** min(job.attempts - 1, 16), LONGEST_BACK_OFF_MS)
    _wait(session, job, now_ms + pause, attempts=job.attempts, error=error)


def give_back(session: Session, job: Job, now_ms: int) -> None:
    """The worker stops before the job is done: another may have it now, and no attempt counts."""
    _wait(session, job, now_ms, attempts=job.attempts - 1)


def _new(
    name: str, kind: str, payload: Mapping[str, object], due_ms: int, every_ms: int | None
) -> JobRow:
    return JobRow(
        name=name,
        kind=kind,
        payload=dict(payload),
        state="waiting",
        due_at=due_ms,
        every_ms=every_ms,
        owner=None,
        fence=0,
        lease_until=None,
        attempts=0,
        error=None,
        done_at=None,
    )


def _is_due(now_ms: int) -> ColumnElement[bool]:
    """Waiting and due; or due later than it can be: a clock ran ahead and was put back."""
    longest = case((JobRow.attempts == 0, JobRow.every_ms), else_=LONGEST_BACK_OFF_MS)
    ahead = and_(JobRow.every_ms.is_not(None), JobRow.due_at > now_ms + longest)
    return and_(JobRow.state == "waiting", or_(JobRow.due_at <= now_ms, ahead))


def _is_left(now_ms: int, term_ms: int) -> ColumnElement[bool]:
    """Running, but its worker no longer renews it."""
    return and_(JobRow.state == "running", ended(JobRow.lease_until, now_ms, term_ms))


def _wait(session: Session, job: Job, due_ms: int, **values: object) -> None:
    _change(session, job, state="waiting", due_at=due_ms, owner=None, lease_until=None, **values)


def _change(session: Session, job: Job, **values: object) -> None:
    held = (JobRow.name == job.name, JobRow.fence == job.fence, JobRow.state == "running")
    changed = update(JobRow).where(*held).values(**values).returning(JobRow.name)
    if session.execute(changed).scalar_one_or_none() is None:
        raise Conflict(f"the job {job.name!r} was taken over or cancelled")
