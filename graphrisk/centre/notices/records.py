"""Rows of notices in a caller's transaction: written with what they tell, claimed, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select
from sqlalchemy.orm import Session

from graphrisk.centre.notices import rules
from graphrisk.centre.notices.model import Notice, NoticeState, Value
from graphrisk.centre.notices.tables import NoticeRow, ReceiptRow
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.store.operations.inserts import insert_into

#: How long whoever claimed a notice may take to hand it over; then another may.
CLAIM_MS: Final = 60_000
_ENDED: Final = (NoticeState.DELIVERED, NoticeState.READ, NoticeState.REFUSED, NoticeState.SENT)


def tell(
    session: Session,
    notice_id: str,
    template: str,
    recipient: str,
    values: Mapping[str, Value],
    area: str,
    now_ms: int,
    language: str = "zh",
) -> bool:
    """Have somebody told, if this transaction commits; ``False`` when that was asked before.

    ``BadInput`` when the template does not declare what is said, or there is none.
    """
    if template not in rules.templates() or language not in rules.LANGUAGES:
        raise BadInput("there is no such template, or not in that language")
    rules.check(rules.templates()[template], recipient, values)
    row = insert_into(session, NoticeRow).values(
        notice_id=notice_id,
        template=template,
        recipient=recipient,
        language=language,
        area=area,
        content=dict(values),
        state=NoticeState.WAITING.value,
        attempts=0,
        next_at=now_ms,
        created_at=now_ms,
    )
    added = row.on_conflict_do_nothing().returning(NoticeRow.number)
    return session.execute(added).scalar_one_or_none() is not None


def is_any_due(session: Session, now_ms: int) -> bool:
    """Whether ``claim`` would most likely find a notice; a read, so that waiting costs no lock."""
    return (
        session.execute(select(NoticeRow.number).where(_due(now_ms)).limit(1)).first() is not None
    )


def claim(session: Session, now_ms: int) -> tuple[Notice, int] | None:
    """The notice that is due longest, for a minute, and which attempt this is.

    One that was tried often enough, and whose worker ended each time, is given up on the way.
    """
    due = select(NoticeRow).where(_due(now_ms)).order_by(NoticeRow.next_at, NoticeRow.number)
    for row in session.execute(due.limit(10).with_for_update(skip_locked=True)).scalars():
        if row.attempts >= rules.MOST_ATTEMPTS:
            row.state = NoticeState.DEAD.value
            row.error = row.error or "each worker that tried it ended"
            continue
        row.attempts, row.next_at = row.attempts + 1, now_ms + CLAIM_MS
        session.flush()
        return notices_of(session, [row])[0], row.attempts
    return None


def failed(session: Session, number: int, attempt: int, error: str, now_ms: int) -> NoticeState:
    """Note that an attempt did not succeed: wait longer each time, then give up."""
    row = _row(session, NoticeRow.number == number)
    if row.state != NoticeState.WAITING or row.attempts != attempt:
        return NoticeState(row.state)  # its receiver spoke meanwhile, or another worker has it
    row.error = error
    row.next_at = now_ms + rules.pause(attempt)
    if attempt >= rules.MOST_ATTEMPTS:
        row.state = NoticeState.DEAD.value
    return NoticeState(row.state)


def received(
    session: Session, notice_id: str, state: NoticeState, reason: str, now_ms: int
) -> bool:
    """Note what the receiver said; ``False`` when it had said so before."""
    row = _row(session, NoticeRow.notice_id == notice_id)
    word = insert_into(session, ReceiptRow).values(notice=row.number, state=state.value, at=now_ms)
    fresh = word.on_conflict_do_nothing().returning(ReceiptRow.state)
    is_new = session.execute(fresh).scalar_one_or_none() is not None
    row.state = rules.later(NoticeState(row.state), state).value
    row.error = reason or "refused" if row.state == NoticeState.REFUSED else None
    return is_new


def again(session: Session, notice_id: str, now_ms: int) -> Notice:
    """Have a notice that was given up or refused tried anew, under its old id."""
    row = _row(session, NoticeRow.notice_id == notice_id)
    if row.state in (NoticeState.DEAD, NoticeState.REFUSED):
        gone = ReceiptRow.notice == row.number, ReceiptRow.state == NoticeState.REFUSED.value
        session.execute(delete(ReceiptRow).where(*gone))
        row.state, row.attempts, row.next_at = NoticeState.WAITING.value, 0, now_ms
        session.flush()
    return notices_of(session, [row])[0]


def forget_before(session: Session, before_ms: int) -> int:
    """Forget notices that reached somebody and are older; how many. Those given up stay."""
    states = [state.value for state in _ENDED]
    old = delete(NoticeRow).where(NoticeRow.created_at < before_ms, NoticeRow.state.in_(states))
    gone = session.execute(old)
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def notices_of(session: Session, rows: Sequence[NoticeRow]) -> list[Notice]:
    """Notices with their receipts; one query for all."""
    said: dict[int, list[tuple[NoticeState, int]]] = {row.number: [] for row in rows}
    words = select(ReceiptRow).where(ReceiptRow.notice.in_(said))
    for word in session.execute(words.order_by(ReceiptRow.at, ReceiptRow.state)).scalars():
        said[word.notice].append((NoticeState(word.state), word.at))
    return [
        Notice(
            number=row.number,
            notice_id=row.notice_id,
            template=rules.templates()[row.template],
            recipient=row.recipient,
            language=row.language,
            area=row.area,
            values=row.content,
            state=NoticeState(row.state),
            attempts=row.attempts,
            next_at=row.next_at,
            error=row.error,
            created_at=row.created_at,
            receipts=tuple(said[row.number]),
        )
        for row in rows
    ]


def _row(session: Session, which: ColumnElement[bool]) -> NoticeRow:
    ours = select(NoticeRow).where(which)
    row = session.execute(ours.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound("no such notice")
    return row


def _due(now_ms: int) -> ColumnElement[bool]:
    """Waiting and due; or due later than it can be: a clock ran ahead and was put back."""
    ahead = NoticeRow.next_at > now_ms + 2 * rules.LONGEST_BACK_OFF_MS
    return and_(
        NoticeRow.state == NoticeState.WAITING.value, or_(NoticeRow.next_at <= now_ms, ahead)
    )
