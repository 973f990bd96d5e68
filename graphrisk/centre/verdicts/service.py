"""Verdicts: a case is closed with one, reopening withdraws it, and the graph hears of both."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from graphrisk.analysis.findings import BLAMELESS
from graphrisk.analysis.lessons import Told
from graphrisk.analysis.records import lots_of
from graphrisk.centre.cases import records as cases
from graphrisk.centre.cases.model import Case, Seen
from graphrisk.centre.cases.service import Cases
from graphrisk.centre.cases.tables import CaseFindingRow, CaseRow
from graphrisk.centre.measures.service import is_any_undecided
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.facts import state_labels
from graphrisk.centre.verdicts.model import Label, Outcome, Ruling, labelled
from graphrisk.centre.verdicts.tables import LabelRow, VerdictRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, StoreUnavailable
from graphrisk.core.machine import Step
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database


class Verdicts:
    """All verdicts of a deployment. Who may close a case is asked before, of access."""

    def __init__(self, store: Store, database: Database, cases: Cases, clock: Clock) -> None:
        self._store = store
        self._database = database
        self._cases = cases
        self._clock = clock

    def close(self, order: Order, ruling: Ruling) -> Case:
        """Close a case with a verdict on all findings that it and those merged into it have.

        It is kept before the graph hears of it; while another process writes there, the worker's
        next turn brings it.

        Raises:
            BadInput: No reason; a part of a finding that the case does not have; a partial verdict
                without parts.
            Conflict: The author does not hold the case, or a measure waits.
        """
        detail = _detail(ruling)

        def change(session: Session, row: CaseRow, step: Step) -> None:
            row.holder, row.held_until, row.closed_at = None, None, step.at
            if is_any_undecided(session, row.case_id):
                raise Conflict("a measure waits for a decision, or for being carried out")
            self._keep(session, row, step, ruling)

        closed = self._cases.act(order, "close", change, detail)
        self._tell()
        return closed

    def reopen(self, order: Order) -> Case:
        """Work on a closed case again; its verdict no longer counts."""

        def change(session: Session, row: CaseRow, step: Step) -> None:
            row.closed_at = None
            ours = (VerdictRow.case_id == row.case_id, VerdictRow.withdrawn_at.is_(None))
            gone = update(VerdictRow).where(*ours)
            session.execute(gone.values(withdrawn_at=step.at, projected_at=None))

        opened = self._cases.act(order, "reopen", change)
        self._tell()
        return opened

    def standing(self) -> list[Label]:
        """Labels of the verdicts that stand, in the order they were given."""
        with self._database.reading() as session:
            return _standing(session)

    def outcomes(self, case_ids: Sequence[str]) -> dict[str, Outcome]:
        """The standing verdict of each case that has one."""
        with self._database.reading() as session:
            ours = (VerdictRow.case_id.in_(case_ids), VerdictRow.withdrawn_at.is_(None))
            rows = session.execute(select(VerdictRow).where(*ours)).scalars()
            return {row.case_id: Outcome(row.outcome) for row in rows}

    def project(self) -> int:
        """Make the graph say what verdicts stand, where it does not yet; how many it now knows.

        All is stated anew, so a kill between the two databases converges. ``Conflict`` while
        another process writes.
        """
        if not self._pending():
            return 0
        with self._store.writer("verdicts") as writer:
            pending = self._pending()  # under the lease: who states later has seen all before
            state_labels(writer, self._store, self._clock, self.standing())
        with self._database.session() as session:
            for number, is_withdrawn in pending:  # one withdrawn meanwhile waits on
                ours = (VerdictRow.number == number, _is_withdrawn(is_withdrawn))
                told = update(VerdictRow).where(*ours)
                session.execute(told.values(projected_at=self._clock.now_ms()))
        return len(pending)

    def _tell(self) -> None:
        with suppress(Conflict, StoreUnavailable):
            self.project()

    def _pending(self) -> list[tuple[int, bool]]:
        with self._database.reading() as session:
            waiting = select(VerdictRow).where(VerdictRow.projected_at.is_(None))
            rows = session.execute(waiting.order_by(VerdictRow.number)).scalars()
            return [(row.number, row.withdrawn_at is not None) for row in rows]

    def _keep(self, session: Session, row: CaseRow, step: Step, ruling: Ruling) -> None:
        findings = cases.attachments(session, cases.family(session, row.case_id))
        names, roles = {one.finding_id for one in findings}, set()
        for one in findings:
            roles |= {member.role for member in one.members}
        for part in ruling.parts:
            if part.finding_id not in (None, *names) or part.role not in (None, *roles):
                raise BadInput("a part of a verdict names a finding and a role of the case")
        verdict = VerdictRow(
            case_id=row.case_id,
            case_number=row.number,
            outcome=ruling.outcome.value,
            judge=step.author,
            at=step.at,
            withdrawn_at=None,
            projected_at=None,
        )
        session.add(verdict)
        session.flush()
        labels = [
            {
                "verdict": verdict.number,
                "finding_id": finding_id,
                "kind": member.kind,
                "key": member.key,
                "role": member.role,
                "outcome": outcome.value,
            }
            for finding_id, member, outcome in labelled(ruling, findings)
        ]
        if labels:
            session.execute(insert(LabelRow), labels)


def _detail(ruling: Ruling) -> dict[str, object]:
    if ruling.outcome is Outcome.UNDECIDED:
        raise BadInput("a verdict says confirmed, not confirmed or partly")
    if ruling.outcome is Outcome.PARTLY and not ruling.parts:
        raise BadInput("a partial verdict says which parts are confirmed and which are not")
    if any(part.outcome is Outcome.PARTLY for part in ruling.parts):
        raise BadInput("a part of a verdict is confirmed, not confirmed or undecided")
    parts = [[part.finding_id, part.role, part.outcome.value] for part in ruling.parts]
    return {"verdict": ruling.outcome.value, "parts": parts}


def _is_withdrawn(is_withdrawn: bool) -> ColumnElement[bool]:
    column = VerdictRow.withdrawn_at
    return column.is_not(None) if is_withdrawn else column.is_(None)


def told_by(database: Database) -> list[Told]:
    """What standing verdicts say of suspects, for the next detection (``Lessons.heard``)."""
    with database.reading() as session:
        labels = _standing(session)
    return [
        Told(
            kind=one.member.kind,
            key=one.member.key,
            is_offender=one.outcome is Outcome.CONFIRMED,
            at=one.at,
            by=one.judge,
            chance=one.chance,
        )
        for one in labels
        if one.member.role not in BLAMELESS
    ]


def _standing(session: Session) -> list[Label]:
    query = select(LabelRow, VerdictRow).join(VerdictRow).where(VerdictRow.withdrawn_at.is_(None))
    order = (VerdictRow.number, LabelRow.finding_id, LabelRow.kind, LabelRow.key)
    lots, since = lots_of(session), _since(session)
    return [
        Label(
            case_number=verdict.case_number,
            finding_id=label.finding_id,
            member=Seen(label.kind, label.key, label.role),
            outcome=Outcome(label.outcome),
            judge=verdict.judge,
            at=verdict.at,
            chance=lots.chance(label.finding_id, since.get(label.finding_id, verdict.at)),
        )
        for label, verdict in session.execute(query.order_by(*order))
    ]


def _since(session: Session) -> dict[str, int]:
    """When each finding came into the case that has it."""
    held = select(CaseFindingRow.finding_id, CaseFindingRow.attached_at)
    rows = session.execute(held.where(CaseFindingRow.detached_at.is_(None)))
    return {row.finding_id: row.attached_at for row in rows}
