"""Openings: asked for, granted, broken open, reviewed; each step in the case's timeline.

The row, its step, its deadline, the event ``access.opened`` and the notices are one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.centre.deadlines.rules import shared_area, shipped_terms, told_area
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.openings import records
from graphrisk.centre.openings.model import NewEmergency, NewRequest, Opening, OpeningKind
from graphrisk.centre.openings.tables import OpeningRow
from graphrisk.centre.timeline import records as steps
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.units import AREA, Units
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, Forbidden, NotFound
from graphrisk.core.machine import Machine, Step
from graphrisk.core.machine_table import shipped_machine
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit

LONGEST_MINUTES: Final = 240
MOST_AREAS: Final = 10
LONGEST_REASON: Final = 500
_MINUTE_MS: Final = 60_000
LONGEST_MS: Final = 90 * 86_400_000
#: Steps that end what is open at once.
_ENDING: Final = frozenset({"give_up", "revoke", "stop", "object"})
_DECIDING: Final = frozenset({"grant", "refuse", "justify", "object"})


class Openings:
    """All openings of a deployment. Who may do what is asked before, of access."""

    def __init__(
        self, database: Database, clock: Clock, deadlines: Deadlines, units: Units
    ) -> None:
        self._database = database
        self._clock = clock
        self._deadlines = deadlines
        self._units = units
        self.machines: Mapping[OpeningKind, Machine] = {
            kind: shipped_machine(__package__, kind.value) for kind in OpeningKind
        }

    def ask(self, new: NewRequest, author: str) -> Opening:
        """Ask to see a thing; the same once more changes nothing.

        Raises:
            BadInput: No reason, or an id that is no UUID.
            NotFound: No such case.
            Forbidden: The asker does not work on it.
            Conflict: The id stands for something else.
        """
        row = OpeningRow(
            kind=OpeningKind.REQUEST.value,
            areas=list(new.areas),
            node_kind=new.thing.kind,
            node_key=new.thing.key,
        )
        return self._begin(row, new, author, "ask")

    def break_glass(self, new: NewEmergency, author: str) -> Opening:
        """Open areas at once, for some minutes; the same once more changes nothing.

        Raises:
            BadInput: No reason, areas that are none or too wide, too many minutes.
            NotFound: No such case.
            Conflict: The id stands for something else.
        """
        areas = tuple(sorted(set(new.areas)))
        fit = all(AREA.fullmatch(one) and len(one) >= records.CITY_DIGITS for one in areas)
        if not 0 < len(areas) <= MOST_AREAS or not fit:
            raise BadInput(f"an emergency opens 1 to {MOST_AREAS} areas, each a city's at most")
        if not 0 < new.minutes <= LONGEST_MINUTES:
            raise BadInput(f"an emergency lasts 1 to {LONGEST_MINUTES} minutes")
        ends = self._clock.now_ms() + new.minutes * _MINUTE_MS
        row = OpeningRow(kind=OpeningKind.EMERGENCY.value, areas=list(areas), ends_at=ends)
        return self._begin(row, new, author, "break_glass")

    def act(self, order: Order, action: str, until: int | None = None) -> Opening:
        """Grant (``until`` a moment, ms), refuse, give up, revoke; stop, justify or object.

        Raises:
            BadInput: No reason; a grant that does not end within 90 days from now.
            NotFound: There is no such opening.
            Forbidden: The asker decides on his own.
            Conflict: It stands otherwise.
        """
        now = self._clock.now_ms()
        if action == "grant" and (until is None or not now < until <= now + LONGEST_MS):
            raise BadInput("what is granted ends after now, within 90 days (最长90天)")
        detail: dict[str, object] = {"opening": order.subject, "until": until}
        with self._database.session() as session:
            row = records.row_of(session, order.subject, lock=True)
            detail["machine"] = row.kind
            if steps.was_done(session, order, action, detail):
                return records.opening_of(row)
            earlier = steps.earlier(session, row.opening_id)
            machine = self.machines[OpeningKind(row.kind)]
            step = machine.taken(row.state, action, order.author, now, order.reason, earlier)
            if action == "grant":
                row.ends_at = until
            elif action in _ENDING and row.ends_at is not None:
                row.ends_at = min(row.ends_at, now)
            row.state = step.after
            if action in _DECIDING:
                row.decider, row.decided_at, row.decision = order.author, now, step.reason
                self._tell_asker(session, row, step)
            self._keep(session, row, order, step, detail)
            return records.opening_of(row)

    def get(self, opening_id: str) -> Opening:
        """An opening as it stands; ``NotFound`` where there is none."""
        with self._database.reading() as session:
            return records.opening_of(records.row_of(session, opening_id))

    def after(self, kind: OpeningKind, number: int, limit: int) -> list[Opening]:
        """The next openings of a kind in the order of asking."""
        with self._database.reading() as session:
            return records.after(session, kind, number, limit)

    def case_area(self, number: str) -> str:
        """The area of the case of a number; ``NotFound`` where there is none."""
        with self._database.reading() as session:
            return records.case_by_number(session, number).area

    def _begin(
        self, row: OpeningRow, new: NewRequest | NewEmergency, author: str, action: str
    ) -> Opening:
        if len(new.reason) > LONGEST_REASON:
            raise BadInput(f"a reason has at most {LONGEST_REASON} characters")
        opening_id = steps.uuid_text(new.opening_id)
        order = Order(opening_id, author, new.reason, opening_id)
        detail: dict[str, object] = {"opening": opening_id, "machine": row.kind}
        detail["areas"] = list(row.areas)
        with self._database.session() as session:
            if steps.was_done(session, order, action, detail):
                return records.opening_of(records.row_of(session, opening_id))
            known = select(OpeningRow.number).where(OpeningRow.opening_id == opening_id)
            if session.execute(known).first() is not None:
                raise Conflict("this id was used before, for something else")
            case, now = records.case_by_number(session, new.case_number), self._clock.now_ms()
            works = records.works_on(session, case, author, now)
            if isinstance(new, NewRequest) and not works:
                raise Forbidden(f"{author} does not work on the case {case.number}")
            machine = self.machines[OpeningKind(row.kind)]
            step = machine.taken(machine.initial, action, author, now, new.reason)
            row.opening_id, row.asker, row.reason = opening_id, author, step.reason
            row.case_id, row.case_number = case.case_id, case.number
            row.state, row.asked_at, row.decision = step.after, now, ""
            session.add(row)
            session.flush()
            if isinstance(new, NewEmergency):
                self._alarm(session, row, new, now)
            else:
                areas = records.answering(session, row)
                self._tell_owners(session, row, "access_requested", {}, areas, now)
            self._keep(session, row, order, step, detail)
            return records.opening_of(row)

    def _keep(
        self,
        session: Session,
        row: OpeningRow,
        order: Order,
        step: Step,
        detail: Mapping[str, object],
    ) -> None:
        session.flush()
        self._deadlines.end(session, row.opening_id, step.stops, step.at)
        for name in step.starts:
            term, areas = shipped_terms()[name], records.answering(session, row)
            # An emergency is reviewed by who answers for all of it, a request decided by any.
            place = shared_area(areas) if row.kind == OpeningKind.EMERGENCY else areas[0]
            self._deadlines.start(session, row.opening_id, term, place, step.at)
        steps.write(session, order, row.case_id, step, detail)
        payload = {"kind": row.kind, "action": step.action, "state": step.after}
        payload["areas"] = ", ".join(row.areas)
        area = row.areas[0] if row.areas else None
        emit(session, "access.opened", row.opening_id, payload, step.at, area=area, whom=row.asker)

    def _alarm(self, session: Session, row: OpeningRow, new: NewEmergency, now: int) -> None:
        """Tell the auditors, who answers for the areas, and the superior of who broke the glass."""
        values: dict[str, str | int] = {"minutes": new.minutes, "area": row.areas[0]}
        above = told_area(new.home, 1) if len(new.home) > 1 else None
        areas = [*row.areas] if above is None else [*row.areas, above]
        self._tell_owners(session, row, "access_emergency", values, areas, now)
        for area in row.areas:
            records.tell(session, row, "access_emergency", "role:auditor", values, area, now)

    def _tell_owners(
        self,
        session: Session,
        row: OpeningRow,
        template: str,
        values: Mapping[str, str | int],
        areas: Collection[str],
        now: int,
    ) -> None:
        for area in areas:
            unit = f"unit:{self._units.responsible(area).unit}"
            records.tell(session, row, template, unit, values, area, now)

    def _tell_asker(self, session: Session, row: OpeningRow, step: Step) -> None:
        values = {"decision": step.after}
        asker = f"person:{row.asker}"
        records.tell(session, row, "access_decided", asker, values, "", step.at)


@dataclass(frozen=True, slots=True)
class CaseOf:
    """A case as somebody stands to it."""

    area: str
    works: bool  # he holds or opened it, or has a task of it


def live_in(database: Database, asker: str, case_number: str, now_ms: int) -> list[Opening]:
    """What is open to somebody now in a case. Cost: one index look-up."""
    with database.reading() as session:
        return records.live(session, asker, case_number, now_ms)


def working_area(database: Database, name: str, case_number: str, now_ms: int) -> CaseOf | None:
    """Where a case lies, and whether somebody works on it; ``None`` where there is none."""
    with database.reading() as session:
        try:
            case = records.case_by_number(session, case_number)
        except NotFound:
            return None
        return CaseOf(case.area, records.works_on(session, case, name, now_ms))
