"""Erases from old rows what names somebody; the log stays and verifies as before."""

from __future__ import annotations

from typing import Final

from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.core.clock import Clock
from graphrisk.store.audit import records
from graphrisk.store.audit.collector import collect_into
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.audit.verify import BEFORE, ERASED
from graphrisk.store.operations.database import Database

_DAY_MS: Final = 86_400_000
_SERVICE: Final = Principal("audit", frozenset(), EVERYTHING)


def erase_old(place: AuditPlace, database: Database, clock: Clock, keep_days: int) -> int:
    """Erase who, for what and on what from records older than ``keep_days``, with their salts.

    How many. By whole days UTC, and recorded in the log before it is done, so that a row that
    somebody else erased is told apart. Raises as ``collect``.
    """
    before = (clock.now_ms() // _DAY_MS - keep_days) * _DAY_MS
    with place.open(clock) as log:
        with database.reading() as session:
            count = records.count_before(session, log.origin, before)
        if not count:
            return 0
        spool = AuditSpool(place.folder, clock)
        spool.record(_SERVICE, ERASED, Purpose("operation"), count, f"{BEFORE}{before}")
        collect_into(log, place, database)
        with database.session() as session:
            return records.erase_before(session, log.origin, before, clock.now_ms())
