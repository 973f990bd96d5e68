"""What works in the background: processes that were heard of, and jobs with their next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.heartbeats import Heartbeat, heartbeats
from graphrisk.store.operations.jobs import JobStatus, job_statuses


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """As of one moment."""

    processes: Sequence[Heartbeat]
    jobs: Sequence[JobStatus]


class Workers:
    """Tells how the background work is doing."""

    def __init__(self, database: Database, audit: AuditPort) -> None:
        self._database = database
        self._audit = audit

    def status(self, principal: Principal, purpose: Purpose) -> WorkerStatus:
        """Processes, the latest heard of first, and jobs by name; ``Forbidden`` to others."""
        require(principal, "worker.read")
        with self._database.reading() as session:
            found = WorkerStatus(heartbeats(session), job_statuses(session))
        self._audit.record(principal, "worker.read", purpose, len(found.processes))
        return found
