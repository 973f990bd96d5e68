"""Cases of a made-up county, on a clock that stands still."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from graphrisk.centre.cases.model import Case, FoundRing, NewCase, Seen
from graphrisk.centre.cases.service import Cases
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.measures.service import Measures
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.units import Unit, Units
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database

AREA = "350206001002"
UNITS = Units(
    [
        Unit("township-desk", "街道综治中心", "Township desk", "350206001"),
        Unit("huli-desk", "湖里反诈中心", "Huli anti-fraud desk", "350206"),
    ]
)
CALENDAR = Calendar()


def moment(text: str) -> int:
    """Epoch milliseconds of a wall-clock time in Shanghai."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return int(local.timestamp() * 1000)


#: A Monday morning in office hours.
MONDAY = moment("2026-03-09 09:00")


def new_id() -> str:
    return str(uuid.uuid4())


def ring(name: str, *members: tuple[str, str, str], kind: str = "scam_cell") -> FoundRing:
    """A finding with members given as kind, key, role."""
    seen = members or (("Person", f"{name}-boss", "organiser"), ("Phone", f"{name}-1", "caller"))
    return FoundRing(name, kind, 0.8, tuple(Seen(*one) for one in seen))


@dataclass
class Office:
    """The cases of a database, and short words for what is done to them."""

    database: Database
    clock: ManualClock = field(default_factory=lambda: ManualClock(MONDAY))

    def __post_init__(self) -> None:
        self.cases = Cases(self.database, self.clock, CALENDAR, UNITS)
        self.measures = Measures(self.database, self.clock, Deadlines(CALENDAR, UNITS))
        self._names = (f"ring_{n:016x}" for n in itertools.count())

    def open(self, *rings: FoundRing, by: str = "li", area: str = AREA) -> Case:
        """A case on these findings, or on one of its own."""
        found = rings or (ring(next(self._names)),)
        return self.cases.open(NewCase(new_id(), "涉诈团伙", area, found), by)

    def held(self, *rings: FoundRing, by: str = "li") -> Case:
        """A case that somebody works on."""
        return self.cases.take(Order(self.open(*rings, by=by).case_id, by))

    def actions(self, case: Case) -> list[str]:
        """What was done to a case, oldest first."""
        return [one.action for one in self.cases.timeline(case.case_id, 0, 100)]

    def findings(self, case: Case) -> list[str]:
        """Ids of a case's findings."""
        return [one.finding_id for one in self.cases.findings(case.case_id)]
