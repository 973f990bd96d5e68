"""What works in the background: processes that were heard of, and jobs with their next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.heartbeats import Heartbeat, heartbeats
from graphrisk.store.operations.jobs import JobStatus, KindStatus, job_statuses, kind_statuses
from graphrisk.store.operations.leases import Lease, leases
from graphrisk.store.operations.outbox import unplaced


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """As of one moment."""

    processes: Sequence[Heartbeat]
    jobs: Sequence[JobStatus]
    leases: Sequence[Lease]  # also those that have ended
    unplaced: int  # events that happened and were told to nobody
    oldest_unplaced_at: int | None  # epoch ms UTC
    audit_files: int  # files of records that are not in the audit's log yet


@dataclass(frozen=True, slots=True)
class Background:
    """The same in numbers, for who watches from outside."""

    heard_at: int | None  # the last word of any process, epoch ms UTC
    kinds: Sequence[KindStatus]
    unplaced: int
    oldest_unplaced_at: int | None  # epoch ms UTC
    audit_files: int


def background(database: Database, place: AuditPlace) -> Background:
    """As of now. It tells of nobody, so no record is made; ``StoreUnavailable`` as reading."""
    with database.reading() as session:
        heard = heartbeats(session)
        return Background(
            heard[0].beat_at if heard else None,
            kind_statuses(session),
            *unplaced(session),
            place.waiting,
        )


class Workers:
    """Tells how the background work is doing."""

    def __init__(self, database: Database, place: AuditPlace, audit: AuditPort) -> None:
        self._database = database
        self._place = place
        self._audit = audit

    def status(self, principal: Principal, purpose: Purpose) -> WorkerStatus:
        """Processes, the latest heard of first, jobs and leases by name, and what waits.

        ``Forbidden`` to who does not look after the service.
        """
        require(principal, "worker.read")
        with self._database.reading() as session:
            found = WorkerStatus(
                heartbeats(session),
                job_statuses(session),
                leases(session),
                *unplaced(session),
                self._place.waiting,
            )
        self._audit.record(principal, "worker.read", purpose, len(found.processes))
        return found
