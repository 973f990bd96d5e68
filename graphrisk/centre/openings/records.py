"""Rows of openings: found, listed, and told to whom they concern."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.centre.cases.model import CaseState
from graphrisk.centre.cases.rules import state_at
from graphrisk.centre.cases.tables import CaseRow
from graphrisk.centre.notices import records as notices
from graphrisk.centre.notices.model import Value
from graphrisk.centre.notices.rules import is_recipient
from graphrisk.centre.openings.model import Opening, OpeningKind, OpeningState, Thing
from graphrisk.centre.openings.tables import OpeningRow
from graphrisk.centre.tasks.tables import TaskRow
from graphrisk.core.errors import NotFound

#: Of a city's code.
CITY_DIGITS: Final = 4
_SPACE: Final = uuid.UUID("7c5d43c4-2f0e-4b53-9d0c-0d6a5c3a9e21")


def row_of(session: Session, opening_id: str, lock: bool = False) -> OpeningRow:
    """An opening's row; ``NotFound`` where there is none."""
    wanted = select(OpeningRow).where(OpeningRow.opening_id == opening_id)
    row = session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("no such request or emergency")
    return row


def after(session: Session, kind: OpeningKind, number: int, limit: int) -> list[Opening]:
    """The next openings of a kind in the order of asking."""
    wanted = select(OpeningRow).where(OpeningRow.kind == kind.value, OpeningRow.number > number)
    rows = session.execute(wanted.order_by(OpeningRow.number).limit(limit)).scalars()
    return [opening_of(row) for row in rows]


def live(session: Session, asker: str, case_number: str, now_ms: int) -> list[Opening]:
    """What is open to somebody now in a case. Cost: one index look-up."""
    wanted = select(OpeningRow).where(
        OpeningRow.asker == asker,
        OpeningRow.case_number == case_number,
        OpeningRow.ends_at > now_ms,
    )
    found = [opening_of(row) for row in session.execute(wanted).scalars()]
    return [
        one
        for one in found
        if one.kind is OpeningKind.EMERGENCY or one.state is OpeningState.GRANTED
    ]


def case_by_number(session: Session, number: str) -> CaseRow:
    """The case of that number; ``NotFound`` where there is none."""
    row = session.execute(select(CaseRow).where(CaseRow.number == number)).scalar_one_or_none()
    if row is None:
        raise NotFound("no such case")
    return row


def answering(session: Session, row: OpeningRow) -> list[str]:
    """Areas whose units answer for what is asked for: without a place it is the case's city's."""
    return list(row.areas) or [case_by_number(session, row.case_number).area[:CITY_DIGITS]]


def works_on(session: Session, case: CaseRow, name: str, now_ms: int) -> bool:
    """Whether somebody holds a case, opened it, or has a task of it."""
    is_held = state_at(case.state, case.held_until, now_ms) is CaseState.HELD
    if case.opened_by == name or (is_held and case.holder == name):
        return True
    tasks = select(TaskRow.number).where(TaskRow.case_id == case.case_id, TaskRow.assignee == name)
    return session.execute(tasks.limit(1)).first() is not None


def tell(
    session: Session,
    opening: OpeningRow,
    template: str,
    recipient: str,
    values: Mapping[str, Value],
    area: str,
    now_ms: int,
) -> None:
    """Have somebody told of an opening, once; one whom notices cannot name reads it there."""
    if is_recipient(recipient):
        name = f"{opening.opening_id} {template} {recipient}"
        told = {"opening": opening.opening_id, **values}
        notice_id = str(uuid.uuid5(_SPACE, name))
        notices.tell(session, notice_id, template, recipient, told, area, now_ms)


def opening_of(row: OpeningRow) -> Opening:
    """The opening of a row."""
    is_of_thing = row.node_kind is not None and row.node_key is not None
    return Opening(
        number=row.number,
        opening_id=row.opening_id,
        kind=OpeningKind(row.kind),
        asker=row.asker,
        case_id=row.case_id,
        case_number=row.case_number,
        reason=row.reason,
        areas=tuple(row.areas),
        thing=Thing(row.node_kind or "", row.node_key or "") if is_of_thing else None,
        state=OpeningState(row.state),
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        decider=row.decider,
        decided_at=row.decided_at,
        decision=row.decision,
    )
