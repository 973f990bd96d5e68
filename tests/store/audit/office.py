"""An audit folder beside an operations database, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.core.tlog.reader import LogReader
from graphrisk.store.audit import records
from graphrisk.store.audit.collector import Collected, collect
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.records import AuditFilter, AuditLine
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.database import Database

SCREENING = Purpose("screening", "A-7")


@dataclass
class Office:
    """An audit folder beside an operations database, and a process that records."""

    folder: Path
    database: Database
    clock: ManualClock = field(default_factory=lambda: ManualClock(1_700_000_000_000))

    def __post_init__(self) -> None:
        self.place = AuditPlace(self.folder / "audit", self.folder / "keys.json")
        self.spool = AuditSpool(self.place.folder, self.clock)

    def note(self, *actions: str, spool: AuditSpool | None = None) -> None:
        for action in actions:
            (spool or self.spool).record(DEVELOPMENT, action, SCREENING, 1, f"of {action}")
            self.clock.advance(1)

    def collect(self) -> Collected:
        return collect(self.place, self.database, self.clock)

    def lines(self, wanted: AuditFilter = AuditFilter()) -> list[AuditLine]:  # noqa: B008 - frozen
        with self.database.reading() as session:
            return list(records.every(session, self.origin, wanted))

    @property
    def origin(self) -> str:
        return self.place.ring(self.clock).origin

    def reader(self) -> LogReader:
        return LogReader(self.place.files().read, self.place.ring(self.clock).verifiers)

    def files(self) -> list[Path]:
        return sorted(self.place.spool.iterdir())
