"""Cases: what may be done to one, each in one transaction with its step, deadlines and event.

A case's row is locked while it is changed (SQLite: one writer), so of two who act at once the
second acts on what the first left, or is refused. Merging moves nothing: a merged case keeps what
it has and points to the other, so that it can be undone; a case's findings are its own and those
of all that were merged into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.centre.cases import records
from graphrisk.centre.cases.model import (
    Attachment,
    Case,
    CaseFilter,
    CasePage,
    CaseState,
    FoundRing,
    NewCase,
)
from graphrisk.centre.cases.rules import (
    HOLDERS_ALONE,
    LOCK_MS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    case_machine,
    number_of,
    state_at,
)
from graphrisk.centre.cases.tables import CaseRow
from graphrisk.centre.deadlines.model import Deadline, Escalation
from graphrisk.centre.deadlines.rules import shipped_terms
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.timeline import records as steps
from graphrisk.centre.timeline.model import Entry, Order
from graphrisk.centre.units import AREA, Units
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict
from graphrisk.core.machine import Step
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit

Change = Callable[[Session, CaseRow, Step], None]


class Cases:
    """All cases of a deployment. Who may do what is asked before, of access."""

    def __init__(self, database: Database, clock: Clock, calendar: Calendar, units: Units) -> None:
        self._database = database
        self._clock = clock
        self._calendar = calendar
        self._units = units
        self._deadlines = Deadlines(calendar, units)
        self._machine = case_machine()

    @property
    def units(self) -> Units:
        """Who is responsible where."""
        return self._units

    def open(self, new: NewCase, author: str) -> Case:
        """Open a case under an id that the client made; the same once more changes nothing.

        Raises:
            BadInput: No area, title or id; neither a finding nor a matter.
            Conflict: The id stands for another case, or a finding is in a case already.
        """
        _check_new(new)
        order = Order(new.case_id, author, new.title, new.case_id)
        detail: dict[str, object] = {
            "area": new.area,
            "findings": [ring.finding_id for ring in new.findings],
            "matter": new.matter,
        }
        try:
            return self._open(new, order, detail)
        except Conflict:  # the same order may have been carried out at the same moment
            with self._database.session() as session:
                if not steps.was_done(session, order, "open", detail):
                    raise
                return records.found(session, steps.uuid_text(new.case_id), self._clock.now_ms())

    def take(self, order: Order) -> Case:
        """Take a case that nobody holds; ``Conflict`` when somebody does."""

        def change(_session: Session, row: CaseRow, step: Step) -> None:
            row.holder, row.held_until = step.author, step.at + LOCK_MS

        return self.act(order, "take", change)

    def renew(self, order: Order) -> Case:
        """Hold a case for another term; only its holder does."""

        def change(_session: Session, row: CaseRow, step: Step) -> None:
            row.held_until = step.at + LOCK_MS

        return self.act(order, "renew", change)

    def release(self, order: Order) -> Case:
        """Give a case back before the lock runs out, with a reason."""
        return self.act(order, "release", _let_go)

    def assign(self, order: Order, unit: str) -> Case:
        """Make another unit responsible; whoever held the case holds it no longer."""
        name = self._units.named(unit).unit

        def change(session: Session, row: CaseRow, step: Step) -> None:
            _let_go(session, row, step)
            row.unit = name

        return self.act(order, "assign", change, {"unit": name})

    def attach(self, order: Order, rings: Sequence[FoundRing]) -> Case:
        """Put more findings into a case; ``Conflict`` when one is in a case already."""
        if not rings:
            raise BadInput("name at least one finding")

        def change(session: Session, row: CaseRow, step: Step) -> None:
            records.attach(session, row.case_id, rings, step.author, step.at)

        return self.act(order, "attach", change, {"findings": [one.finding_id for one in rings]})

    def detach(self, order: Order, finding_id: str) -> Case:
        """Take a finding out of a case, also one that came with a merged case."""

        def change(session: Session, row: CaseRow, step: Step) -> None:
            records.detach(session, records.family(session, row.case_id), finding_id, step.at)

        return self.act(order, "detach", change, {"finding": finding_id})

    def note(self, order: Order) -> Case:
        """Add what somebody has to say (the reason of the order)."""
        return self.act(order, "note", _nothing)

    def split(self, order: Order, new: NewCase, finding_ids: Sequence[str]) -> tuple[Case, Case]:
        """Move findings of a case to a new one; both cases afterwards.

        Raises:
            BadInput: Nothing would be moved, or nothing would stay.
            NotFound: The case has no such finding.
        """
        if not finding_ids:
            raise BadInput("name at least one finding")
        _check_new(new, begins_with_something=True)
        detail = {"case": steps.uuid_text(new.case_id), "findings": list(finding_ids)}

        def change(session: Session, row: CaseRow, step: Step) -> None:
            every = records.family(session, row.case_id)
            moved = [records.detach(session, every, one, step.at) for one in finding_ids]
            if row.matter is None and not records.attachments(session, every):
                raise BadInput("a case that is split keeps at least one finding")
            opening = Order(new.case_id, step.author, order.reason, new.case_id)
            told = {"from": row.case_id, "findings": list(finding_ids)}
            self._insert(session, new, moved, opening, told)

        old = self.act(order, "split", change, detail)
        return old, self.get(steps.uuid_text(new.case_id))

    def merge(self, order: Order, into: str) -> Case:
        """Merge a case into another, which has its findings from then on; the other one, after.

        Raises:
            BadInput: Both are one.
            Conflict: One is closed or merged, or somebody else holds one of them.
        """
        if order.subject == into:
            raise BadInput("a case is merged into another one, not into itself")
        with self._database.session() as session:
            rows = records.locked(session, [order.subject, into])
            if steps.was_done(session, order, "merge", {"into": into}):
                return self._seen(rows[into])

            def change(session: Session, row: CaseRow, step: Step) -> None:
                _let_go(session, row, step)
                row.merged_into = into
                self._deadlines.suspend(session, row.case_id)

            self._step(session, rows[order.subject], order, "merge", change, {"into": into})
            taken = Order(into, order.author, order.reason)
            self._step(session, rows[into], taken, "absorb", _nothing, {"case": order.subject})
            return self._seen(rows[into])

    def unmerge(self, order: Order) -> Case:
        """Undo a merge: the case has its findings and deadlines again; itself, after.

        Raises:
            Conflict: It is not merged, or the case it went into was closed: reopen that first.
        """
        with self._database.session() as session:
            (row,) = records.locked(session, [order.subject]).values()
            if steps.was_done(session, order, "unmerge", {}):
                return self._seen(row)
            if row.merged_into is None:
                raise Conflict("the case is not merged into another one")
            above = row.merged_into
            last = records.head(session, above)
            others = records.locked(session, {above, last})
            if others[last].state == CaseState.CLOSED.value:
                raise Conflict(f"the case {others[last].number} is closed: reopen it first")

            def change(session: Session, row: CaseRow, _step: Step) -> None:
                row.merged_into = None
                self._deadlines.resume(session, row.case_id)

            self._step(session, row, order, "unmerge", change, {})
            given = Order(above, order.author, order.reason)
            self._step(session, others[above], given, "yield", _nothing, {"case": row.case_id})
            return self._seen(row)

    def get(self, case_id: str) -> Case:
        """A case as it is now; ``NotFound`` where there is none."""
        with self._database.reading() as session:
            return records.found(session, case_id, self._clock.now_ms())

    def page(self, asked: CaseFilter, before: int | None, limit: int) -> CasePage:
        """Cases that fit, newest first, behind the case of an ordinal."""
        with self._database.reading() as session:
            return records.page(session, asked, before, limit, self._clock.now_ms())

    def findings(self, case_id: str) -> list[Attachment]:
        """Findings of a case and of all that were merged into it."""
        with self._database.reading() as session:
            return records.attachments(session, records.family(session, case_id))

    def merged(self, case_id: str) -> list[Case]:
        """Cases that were merged into a case, directly or by others."""
        with self._database.reading() as session:
            now = self._clock.now_ms()
            others = records.family(session, case_id)[1:]
            return [records.found(session, one, now) for one in others]

    def timeline(self, case_id: str, after: int, limit: int) -> list[Entry]:
        """Steps on a case and its measures behind a number, oldest first."""
        with self._database.reading() as session:
            return steps.timeline(session, [case_id], after, limit)

    def deadlines(self, case_id: str) -> tuple[list[Deadline], list[Escalation]]:
        """Deadlines of a case and which levels were told of those that were missed."""
        with self._database.reading() as session:
            return (
                self._deadlines.of(session, [case_id]),
                self._deadlines.escalations(session, [case_id]),
            )

    def act(
        self, order: Order, action: str, change: Change, detail: Mapping[str, object] | None = None
    ) -> Case:
        """Take one action of the table in a transaction; ``change`` does what it means.

        Raises:
            NotFound: There is no such case.
            Conflict: The state does not allow it, or somebody else holds the case.
            BadInput, Forbidden: As the table refuses.
        """
        told = dict(detail or {})
        with self._database.session() as session:
            (row,) = records.locked(session, [order.subject]).values()
            if not steps.was_done(session, order, action, told):
                self._step(session, row, order, action, change, told)
            return self._seen(row)

    def _step(
        self,
        session: Session,
        row: CaseRow,
        order: Order,
        action: str,
        change: Change,
        detail: Mapping[str, object],
    ) -> None:
        if len(order.reason) > LONGEST_TEXT:
            raise BadInput(f"a reason has at most {LONGEST_TEXT:,} signs")
        now = self._clock.now_ms()
        before = state_at(row.state, row.held_until, now)
        if before is CaseState.HELD and action in HOLDERS_ALONE and row.holder != order.author:
            raise Conflict(f"{row.holder} works on the case {row.number}")
        earlier = steps.earlier(session, row.case_id)
        step = self._machine.taken(before.value, action, order.author, now, order.reason, earlier)
        if row.state == CaseState.HELD.value and before is CaseState.OPEN:
            row.holder, row.held_until = None, None  # the lock ran out
        row.state, row.version = step.after, row.version + 1
        change(session, row, step)
        session.flush()
        self._run_deadlines(session, row, step)
        steps.write(session, order, row.case_id, step, detail)
        payload = {"action": step.action, "state": step.after, "number": row.number}
        emit(session, "case.changed", row.case_id, payload, now, area=row.area)

    def _run_deadlines(self, session: Session, row: CaseRow, step: Step) -> None:
        self._deadlines.end(session, row.case_id, step.stops, step.at)
        for name in step.starts:
            self._deadlines.start(session, row.case_id, shipped_terms()[name], row.area, step.at)

    def _open(self, new: NewCase, order: Order, detail: Mapping[str, object]) -> Case:
        with self._database.session() as session:
            case_id = steps.uuid_text(new.case_id)
            if steps.was_done(session, order, "open", detail):
                return records.found(session, case_id, self._clock.now_ms())
            if session.execute(select(CaseRow).where(CaseRow.case_id == case_id)).first():
                raise Conflict("this id was used before, for another case")
            return self._seen(self._insert(session, new, new.findings, order, detail))

    def _insert(
        self,
        session: Session,
        new: NewCase,
        rings: Sequence[FoundRing],
        order: Order,
        detail: Mapping[str, object],
    ) -> CaseRow:
        now = self._clock.now_ms()
        step = self._machine.taken(self._machine.initial, "open", order.author, now, order.reason)
        year = self._calendar.day_of(now).year
        place = records.next_place(session, new.area[:6], year)
        row = CaseRow(
            case_id=steps.uuid_text(new.case_id),
            number=number_of(new.area, year, place),
            title=new.title.strip(),
            area=new.area,
            unit=self._units.responsible(new.area).unit,
            matter=new.matter,
            state=step.after,
            holder=None,
            held_until=None,
            opened_by=order.author,
            opened_at=now,
            closed_at=None,
            merged_into=None,
            version=1,
        )
        session.add(row)
        session.flush()
        records.attach(session, row.case_id, rings, order.author, now)
        self._run_deadlines(session, row, step)
        steps.write(session, order, row.case_id, step, detail)
        payload = {"action": "open", "state": step.after, "number": row.number}
        emit(session, "case.changed", row.case_id, payload, now, area=row.area)
        return row

    def _seen(self, row: CaseRow) -> Case:
        return records.case_of(row, self._clock.now_ms())


def _let_go(_session: Session, row: CaseRow, _step: Step) -> None:
    row.holder, row.held_until = None, None


def _nothing(_session: Session, _row: CaseRow, _step: Step) -> None:
    """An action that only stands in the timeline."""


def _check_new(new: NewCase, begins_with_something: bool = False) -> None:
    if not new.title.strip() or len(new.title) > LONGEST_TITLE:
        raise BadInput(f"a case has a title of at most {LONGEST_TITLE} signs")
    if not AREA.fullmatch(new.area):
        raise BadInput("a case lies in an area: 2, 4, 6, 9 or 12 digits, then the grid")
    if not (new.findings or new.matter or begins_with_something):
        raise BadInput("a case begins with a finding or with a matter")
