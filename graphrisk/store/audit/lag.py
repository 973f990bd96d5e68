"""Tells, once an outage, that what is recorded does not come into the log."""

from __future__ import annotations

from typing import Final

from graphrisk.core.clock import Clock
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.operations import jobs, outbox
from graphrisk.store.operations.database import Database

#: The job that collects, and how long it may be without success while records wait.
COLLECTOR: Final = "audit"
PATIENCE_MS: Final = 600_000


def note_lag(place: AuditPlace, database: Database, clock: Clock) -> bool:
    """Tell it where records wait and the collector last succeeded ten minutes ago or longer.

    True when it is late, told now or before. A collector that never succeeded is late by the first
    look; the event is ``audit.late``, about the moment of the last success.
    """
    if place.is_collected:
        return False
    with database.session() as session:
        done = jobs.done_at(session, COLLECTOR) or 0
        if clock.now_ms() - done < PATIENCE_MS:
            return False
        if not outbox.is_told(session, "audit.late", str(done)):
            payload = {"files": place.waiting}
            outbox.emit(session, "audit.late", str(done), payload, clock.now_ms())
        return True
