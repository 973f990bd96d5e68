"""A deployment's operations database alone, for commands that need no graph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphrisk.access.model import AuditPort, Principal, Purpose
    from graphrisk.core.clock import Clock
    from graphrisk.settings import Settings
    from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Operations:
    """The migrated database, and who acts on it for what."""

    settings: Settings
    database: Database
    clock: Clock
    audit: AuditPort
    who: tuple[Principal, Purpose]


@contextmanager
def opened_operations(store: str | None) -> Iterator[Operations]:
    """Opened for the operating system's user, who looks after the deployment."""
    from graphrisk.access.purposes import purpose_of
    from graphrisk.analysis.deployment import operator
    from graphrisk.core.clock import SystemClock
    from graphrisk.core.files import private_folder
    from graphrisk.settings import read_settings
    from graphrisk.store.audit.spool import AuditSpool
    from graphrisk.store.operations.database import Database

    settings, clock = read_settings(store), SystemClock()
    private_folder(settings.folder)
    database = Database(settings.operations_url)
    try:
        database.migrate()
        audit = AuditSpool(settings.audit_folder, clock)
        yield Operations(
            settings, database, clock, audit, (operator(), purpose_of("operation", None))
        )
    finally:
        database.dispose()


def record_act(settings: Settings, clock: Clock, action: str, count: int) -> None:
    """Record what the operating system's user does by a command, also where no database is open."""
    from graphrisk.access.purposes import purpose_of
    from graphrisk.analysis.deployment import operator
    from graphrisk.store.audit.spool import AuditSpool

    spool = AuditSpool(settings.audit_folder, clock)
    spool.record(operator(), action, purpose_of("operation", None), count)
