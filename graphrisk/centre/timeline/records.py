"""Steps in the operations database, each in the transaction of the change that it tells of."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.centre.timeline.model import Entry, Order
from graphrisk.centre.timeline.tables import StepRow
from graphrisk.core.errors import BadInput, Conflict
from graphrisk.core.ids import uuid7
from graphrisk.core.machine import Step


def was_done(session: Session, order: Order, action: str, detail: Mapping[str, object]) -> bool:
    """Whether this very order was carried out before.

    Raises:
        BadInput: The client-made id is no UUID.
        Conflict: The id stands for another order.
    """
    if order.step_id is None:
        return False
    held = session.execute(
        select(StepRow).where(StepRow.step_id == uuid_text(order.step_id))
    ).scalar_one_or_none()
    if held is not None and held.digest != _digest(order, action, detail):
        raise Conflict("this id was used before, for something else")
    return held is not None


def write(
    session: Session, order: Order, part_of: str, step: Step, detail: Mapping[str, object]
) -> None:
    """Add a step to the caller's transaction."""
    step_id = uuid7(step.at) if order.step_id is None else uuid_text(order.step_id)
    session.add(
        StepRow(
            step_id=step_id,
            subject=order.subject,
            part_of=part_of,
            action=step.action,
            before=step.before,
            after=step.after,
            author=step.author,
            reason=step.reason,
            at=step.at,
            detail=dict(detail),
            digest=_digest(order, step.action, detail),
        )
    )
    session.flush()


def earlier(session: Session, subject: str) -> list[tuple[str, str]]:
    """``(action, author)`` of every step on a subject, oldest first."""
    query = select(StepRow.action, StepRow.author).where(StepRow.subject == subject)
    return [(row.action, row.author) for row in session.execute(query.order_by(StepRow.number))]


def timeline(session: Session, case_ids: Sequence[str], after: int, limit: int) -> list[Entry]:
    """Steps of cases and their parts behind a number, oldest first."""
    query = select(StepRow).where(StepRow.part_of.in_(case_ids), StepRow.number > after)
    return [
        Entry(
            number=row.number,
            step_id=row.step_id,
            subject=row.subject,
            action=row.action,
            before=row.before,
            after=row.after,
            author=row.author,
            reason=row.reason,
            at=row.at,
            detail=row.detail,
        )
        for row in session.execute(query.order_by(StepRow.number).limit(limit)).scalars()
    ]


def uuid_text(text: str) -> str:
    """A UUID in its usual form; ``BadInput`` for anything else.

    >>> uuid_text("0191E9A0-0000-7000-8000-000000000001")
    '0191e9a0-0000-7000-8000-000000000001'
    """
    try:
        found = uuid.UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text.lower():
        raise BadInput("an id that a client makes is a UUID, like 0191e9a0-…")
    return str(found)


def _digest(order: Order, action: str, detail: Mapping[str, object]) -> str:
    said = [order.subject, order.author, order.reason.strip(), action, dict(detail)]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
