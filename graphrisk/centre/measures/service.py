"""Measures: proposed in a case, decided by another person, carried out, all on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.centre.cases import records as cases
from graphrisk.centre.cases.model import CaseState
from graphrisk.centre.cases.rules import state_at
from graphrisk.centre.cases.tables import CaseRow
from graphrisk.centre.deadlines.rules import shipped_terms
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.measures.model import Measure, MeasureState, Proposal, measure_kinds
from graphrisk.centre.measures.tables import MeasureRow
from graphrisk.centre.timeline import records as steps
from graphrisk.centre.timeline.model import Order
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, NotFound
from graphrisk.core.machine import Step
from graphrisk.core.machine_table import shipped_machine
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit

LONGEST_TARGET = 200
_UNDECIDED = (MeasureState.PROPOSED.value, MeasureState.APPROVED.value)


class Measures:
    """All measures of a deployment. Who may do what is asked before, of access."""

    def __init__(self, database: Database, clock: Clock, deadlines: Deadlines) -> None:
        self._database = database
        self._clock = clock
        self._deadlines = deadlines
        self.machine = shipped_machine(__package__, "measure")

    def propose(self, proposal: Proposal, author: str, why: str) -> Measure:
        """Propose a measure in a case that is worked on; the same once more changes nothing.

        Raises:
            BadInput: No such kind, no target, no reason, no UUID.
            NotFound: No such case.
            Conflict: The case is closed, merged or held by somebody else, or the id is taken.
        """
        if proposal.kind not in measure_kinds():
            raise BadInput(f"a measure is one of {', '.join(measure_kinds())}")
        target = proposal.target.strip()
        if not target or len(target) > LONGEST_TARGET:
            raise BadInput(f"a measure names whom it strikes, in at most {LONGEST_TARGET} signs")
        measure_id = steps.uuid_text(proposal.measure_id)
        order = Order(measure_id, author, why, measure_id)
        detail = {"measure": measure_id, "kind": proposal.kind}
        with self._database.session() as session:
            (case,) = cases.locked(session, [proposal.case_id]).values()
            if steps.was_done(session, order, "propose", detail):
                return _measure(self._row(session, measure_id))
            now = self._clock.now_ms()
            _check_case(case, author, now)
            if session.get(MeasureRow, measure_id) is not None:
                raise Conflict("this id was used before, for another measure")
            step = self.machine.taken(self.machine.initial, "propose", author, now, why)
            row = MeasureRow(
                measure_id=measure_id,
                case_id=proposal.case_id,
                kind=proposal.kind,
                target=target,
                basis=measure_kinds()[proposal.kind]["basis"],
                state=step.after,
                proposer=author,
                proposed_at=now,
                decider=None,
                decided_at=None,
            )
            session.add(row)
            self._keep(session, case, order, step, detail)
            return _measure(row)

    def approve(self, order: Order) -> Measure:
        """Approve a measure that another person proposed; ``Forbidden`` to the proposer."""
        return self._decide(order, "approve")

    def refuse(self, order: Order) -> Measure:
        """Refuse a measure that another person proposed, with a reason."""
        return self._decide(order, "refuse")

    def withdraw(self, order: Order) -> Measure:
        """Give up a measure before it is carried out, with a reason."""
        return self._act(order, "withdraw")

    def carry_out(self, order: Order) -> Measure:
        """Note that an approved measure was carried out, and by what (the reason)."""
        return self._act(order, "carry_out")

    def get(self, measure_id: str) -> Measure:
        """A measure as it is now; ``NotFound`` where there is none."""
        with self._database.reading() as session:
            return _measure(self._row(session, measure_id))

    def of_cases(self, case_ids: Sequence[str]) -> dict[str, list[Measure]]:
        """Measures by case, in the order they were proposed."""
        found: dict[str, list[Measure]] = {case_id: [] for case_id in case_ids}
        with self._database.reading() as session:
            query = select(MeasureRow).where(MeasureRow.case_id.in_(case_ids))
            order = (MeasureRow.proposed_at, MeasureRow.measure_id)
            for row in session.execute(query.order_by(*order)).scalars():
                found[row.case_id].append(_measure(row))
        return found

    def _decide(self, order: Order, action: str) -> Measure:
        return self._act(order, action, decides=True)

    def _act(self, order: Order, action: str, decides: bool = False) -> Measure:
        with self._database.session() as session:
            row = self._row(session, order.subject)
            (case,) = cases.locked(session, [row.case_id]).values()  # of two, one is first
            session.refresh(row)
            detail = {"measure": row.measure_id, "kind": row.kind}
            if steps.was_done(session, order, action, detail):
                return _measure(row)
            now = self._clock.now_ms()
            earlier = steps.earlier(session, row.measure_id)
            step = self.machine.taken(row.state, action, order.author, now, order.reason, earlier)
            row.state = step.after
            if decides:
                row.decider, row.decided_at = order.author, now
            self._keep(session, case, order, step, detail)
            return _measure(row)

    def _keep(
        self,
        session: Session,
        case: CaseRow,
        order: Order,
        step: Step,
        detail: Mapping[str, object],
    ) -> None:
        session.flush()
        self._deadlines.end(session, order.subject, step.stops, step.at)
        for name in step.starts:
            term = shipped_terms()[name]
            self._deadlines.start(session, order.subject, term, case.area, step.at)
        steps.write(session, order, case.case_id, step, detail)
        payload = {"action": step.action, "state": step.after, "case": case.case_id}
        emit(session, "measure.changed", order.subject, payload, step.at, area=case.area)

    def _row(self, session: Session, measure_id: str) -> MeasureRow:
        row = session.get(MeasureRow, measure_id)
        if row is None:
            raise NotFound("no such measure")
        return row


def is_any_undecided(session: Session, case_id: str) -> bool:
    """Whether a measure of the case waits for a decision, or for being carried out."""
    waiting = (MeasureRow.case_id == case_id, MeasureRow.state.in_(_UNDECIDED))
    return session.execute(select(MeasureRow.measure_id).where(*waiting)).first() is not None


def _check_case(case: CaseRow, author: str, now_ms: int) -> None:
    state = state_at(case.state, case.held_until, now_ms)
    if state is not CaseState.HELD:
        raise Conflict(f"take the case {case.number} before you propose a measure")
    if case.holder != author:
        raise Conflict(f"{case.holder} works on the case {case.number}")


def _measure(row: MeasureRow) -> Measure:
    return Measure(
        measure_id=row.measure_id,
        case_id=row.case_id,
        kind=row.kind,
        target=row.target,
        basis=row.basis,
        state=MeasureState(row.state),
        proposer=row.proposer,
        proposed_at=row.proposed_at,
        decider=row.decider,
        decided_at=row.decided_at,
    )
