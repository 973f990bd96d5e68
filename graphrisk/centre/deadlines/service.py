"""Deadlines as rows: started and ended with what they belong to, escalated by a clock.

A deadline is changed in the transaction of whoever starts or ends it. The clock (``tick``) takes
those that fell due, a few in a transaction: each level's row, the deadline's new due time and the
event become true together, so a kill loses nothing and tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from graphrisk.centre.deadlines.model import Deadline, Escalation, State, Term
from graphrisk.centre.deadlines.rules import next_time, told_area
from graphrisk.centre.deadlines.tables import DeadlineRow, EscalationRow
from graphrisk.centre.units import Units
from graphrisk.core.calendar import Calendar, Due, read_span
from graphrisk.core.clock import Clock
from graphrisk.core.ids import uuid7
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit

#: Deadlines of one transaction of the clock: other writers wait so long at most.
_BATCH: Final = 100
_LIVE: Final = (State.RUNNING.value, State.SUSPENDED.value)


class Deadlines:
    """Starts, ends and reads deadlines in a caller's transaction.

    Args:
        calendar: Counts legal time.
        units: Who is told.
    """

    def __init__(self, calendar: Calendar, units: Units) -> None:
        self._calendar = calendar
        self._units = units

    def start(
        self,
        session: Session,
        subject: str,
        term: Term,
        area: str,
        now_ms: int,
        due_at: int | None = None,
    ) -> None:
        """Let a deadline run from now; one of the same name that still counts goes on instead.

        It is due when the term ends, or at ``due_at`` (epoch ms UTC) where somebody said so.
        """
        if self._live(session, subject, [term.name]):
            return
        ends = self._calendar.after(now_ms, term.span)
        due = ends if due_at is None else Due(due_at, is_provisional=False)
        session.add(
            DeadlineRow(
                deadline_id=uuid7(now_ms),
                subject=subject,
                name=term.name,
                area=area,
                state=State.RUNNING.value,
                started_at=now_ms,
                due_at=due.at,
                is_provisional=due.is_provisional,
                pause=str(term.pause),
                level=0,
                next_at=due.at,
                ended_at=None,
            )
        )
        session.flush()

    def end(
        self,
        session: Session,
        subject: str,
        names: Collection[str],
        now_ms: int,
        void: bool = False,
    ) -> None:
        """End deadlines: met, missed when they were due before now, or void."""
        if not names:
            return
        for row in self._live(session, subject, names):
            done = State.MET if now_ms < row.due_at else State.MISSED
            row.state, row.ended_at = (State.VOID if void else done).value, now_ms
        session.flush()

    def suspend(self, session: Session, subject: str) -> None:
        """Let no deadline of the subject run until ``resume``."""
        self._turn(session, subject, State.RUNNING, State.SUSPENDED)

    def resume(self, session: Session, subject: str) -> None:
        """Let suspended deadlines run again, due when they were due before."""
        self._turn(session, subject, State.SUSPENDED, State.RUNNING)

    def of(self, session: Session, subjects: Sequence[str]) -> list[Deadline]:
        """Deadlines of subjects, by subject, in the order they began."""
        query = select(DeadlineRow).where(DeadlineRow.subject.in_(subjects))
        order = (DeadlineRow.subject, DeadlineRow.started_at, DeadlineRow.name)
        return [_deadline(row) for row in session.execute(query.order_by(*order)).scalars()]

    def escalations(self, session: Session, subjects: Sequence[str]) -> list[Escalation]:
        """Which levels were told of the subjects' deadlines, in the order they were told."""
        query = select(EscalationRow, DeadlineRow.name).join(DeadlineRow)
        query = query.where(DeadlineRow.subject.in_(subjects))
        order = (EscalationRow.at, EscalationRow.due_at, EscalationRow.deadline_id)
        rows = session.execute(query.order_by(*order, EscalationRow.level))
        return [
            Escalation(row.deadline_id, name, row.level, row.area, row.unit, row.due_at, row.at)
            for row, name in rows
        ]

    def escalate(self, session: Session, row: DeadlineRow, now_ms: int) -> int:
        """Tell every level that must have been told by now; how many were told."""
        pause, told = read_span(row.pause), 0
        while row.next_at is not None and row.next_at <= now_ms:
            level, fell_due = row.level + 1, row.next_at
            area = told_area(row.area, level)
            assert area is not None, "a next time is kept only where there is a level"
            unit = self._units.responsible(area).unit
            session.add(
                EscalationRow(
                    deadline_id=row.deadline_id,
                    level=level,
                    area=area,
                    unit=unit,
                    due_at=fell_due,
                    at=now_ms,
                )
            )
            payload = {"deadline": row.name, "level": level, "unit": unit, "due_at": fell_due}
            emit(session, "deadline.missed", row.subject, payload, now_ms, area=area)
            row.level = level
            row.next_at = next_time(row.area, level, fell_due, pause, self._calendar)
            told += 1
        return told

    def _live(self, session: Session, subject: str, names: Collection[str]) -> list[DeadlineRow]:
        ours = (DeadlineRow.subject == subject, DeadlineRow.name.in_(names))
        query = select(DeadlineRow).where(*ours, DeadlineRow.state.in_(_LIVE))
        return list(session.execute(query.with_for_update()).scalars())

    def _turn(self, session: Session, subject: str, before: State, after: State) -> None:
        ours = (DeadlineRow.subject == subject, DeadlineRow.state == before.value)
        session.execute(update(DeadlineRow).where(*ours).values(state=after.value))


class DeadlineClock:
    """The job that looks for missed deadlines; it may die at any moment and be started again."""

    def __init__(self, database: Database, deadlines: Deadlines, clock: Clock) -> None:
        self._database = database
        self._deadlines = deadlines
        self._clock = clock

    def tick(self) -> int:
        """Escalate all that must have been escalated by now; how many levels were told.

        Two clocks at once are safe: each takes rows that the other has not locked (PostgreSQL),
        or waits for it (SQLite). Cost: an index look-up and the rows that fell due.
        """
        told = 0
        while True:
            more, rows = self._batch(self._clock.now_ms())
            told += more
            if rows < _BATCH:
                return told

    def _batch(self, now_ms: int) -> tuple[int, int]:
        order = (DeadlineRow.next_at, DeadlineRow.deadline_id)
        query = select(DeadlineRow).where(*_due(now_ms)).order_by(*order).limit(_BATCH)
        with self._database.reading() as session:  # waiting costs no lock
            if not is_any_due(session, now_ms):
                return 0, 0
        with self._database.session() as session:
            rows = session.execute(query.with_for_update(skip_locked=True)).scalars().all()
            return sum(self._deadlines.escalate(session, row, now_ms) for row in rows), len(rows)


def is_any_due(session: Session, now_ms: int) -> bool:
    """Whether some level has to be told by now. An index look-up."""
    waiting = select(DeadlineRow.deadline_id).where(*_due(now_ms)).limit(1)
    return session.execute(waiting).first() is not None


def _due(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    return DeadlineRow.state == State.RUNNING.value, DeadlineRow.next_at <= now_ms


def _deadline(row: DeadlineRow) -> Deadline:
    return Deadline(
        deadline_id=row.deadline_id,
        subject=row.subject,
        name=row.name,
        area=row.area,
        state=State(row.state),
        started_at=row.started_at,
        due_at=row.due_at,
        is_provisional=row.is_provisional,
        level=row.level,
        next_at=row.next_at,
    )
