"""Notices on their way: handed over at least once each, under an id that never changes.

A notice is claimed in one transaction, handed over outside any, and settled in another. Whoever is
killed in between leaves a claim that ends; the notice is then handed over again under its old id,
by which its receiver drops the double.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, select

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require, scope_for
from graphrisk.centre.notices import records, rules
from graphrisk.centre.notices.model import (
    Delivered,
    Delivery,
    Message,
    Notice,
    NoticePage,
    NoticeState,
)
from graphrisk.centre.notices.tables import NoticeRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Forbidden, GraphRiskError
from graphrisk.store.operations.database import Database

#: So many failures one after the other say that the way out is closed: the round ends.
_PATIENCE: Final = 3


class Courier:
    """Hands notices over; the worker's half."""

    def __init__(self, database: Database, delivery: Delivery, clock: Clock) -> None:
        self._database = database
        self._delivery = delivery
        self._clock = clock

    def round(self, most: int = 1_000) -> Delivered:
        """Hand over what is due, the longest due first; couriers at once share no notice."""
        ends = dict.fromkeys(NoticeState, 0)
        tried = silent = 0
        while tried < most and silent < _PATIENCE:
            with self._database.reading() as session:
                if not records.is_any_due(session, self._clock.now_ms()):
                    break
            with self._database.session() as session:
                claimed = records.claim(session, self._clock.now_ms())
            if claimed is None:
                continue
            state = self._hand_over(*claimed)
            tried, ends[state] = tried + 1, ends[state] + 1
            silent = silent + 1 if state in (NoticeState.WAITING, NoticeState.DEAD) else 0
        return Delivered(
            sent=sum(
                ends[one] for one in (NoticeState.SENT, NoticeState.DELIVERED, NoticeState.READ)
            ),
            refused=ends[NoticeState.REFUSED],
            failed=ends[NoticeState.WAITING],
            dead=ends[NoticeState.DEAD],
        )

    def _hand_over(self, notice: Notice, attempt: int) -> NoticeState:
        try:
            receipt = self._delivery.deliver(message_of(notice))
        except GraphRiskError as error:
            with self._database.session() as session:
                now = self._clock.now_ms()
                return records.failed(session, notice.number, attempt, str(error), now)
        with self._database.session() as session:
            now = self._clock.now_ms()
            records.received(session, notice.notice_id, receipt.state, receipt.reason, now)
        return receipt.state


class Notices:
    """What people and receivers ask of notices; each read and each decision is recorded."""

    def __init__(self, database: Database, clock: Clock, audit: AuditPort) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit

    def page(
        self,
        principal: Principal,
        purpose: Purpose,
        after: int,
        limit: int,
        state: NoticeState | None = None,
    ) -> NoticePage:
        """Notices to the reader and, for who looks after them, of his areas; oldest first."""
        query = select(NoticeRow).where(NoticeRow.number > after, _seen_by(principal))
        if state is not None:
            query = query.where(NoticeRow.state == state.value)
        with self._database.reading() as session:
            rows = session.execute(query.order_by(NoticeRow.number).limit(limit + 1))
            every = rows.scalars().all()
            found = records.notices_of(session, every[:limit])
        self._audit.record(principal, "notice.read", purpose, len(found))
        return NoticePage(found, len(every) > limit)

    def resend(self, principal: Principal, purpose: Purpose, notice_id: str) -> Notice:
        """Have a notice that was given up or refused tried anew; others stay as they are.

        Raises:
            NotFound: There is none.
            Forbidden: No right to it where it belongs.
        """
        with self._database.session() as session:
            notice = records.again(session, notice_id, self._clock.now_ms())
            require(principal, "notice.resend", notice.area)
            self._audit.record(principal, "notice.resend", purpose, 1, notice_id)
        return notice

    def receive(
        self, principal: Principal, purpose: Purpose, notice_id: str, state: NoticeState
    ) -> bool:
        """What the receiver's service, or the recipient, says of a notice; whether it is new.

        Raises:
            BadInput: A receiver says sent, delivered, read or refused, nothing else.
            NotFound: There is no such notice.
            Forbidden: Another one than the receiver says so.
        """
        if state not in rules.RECEIPTS:
            raise BadInput(f"a receipt is one of {', '.join(one.value for one in rules.RECEIPTS)}")
        with self._database.session() as session:
            is_new = records.received(session, notice_id, state, "", self._clock.now_ms())
            own = select(NoticeRow.recipient).where(NoticeRow.notice_id == notice_id)
            recipient = session.execute(own).scalar_one()
            if recipient != f"person:{principal.name}" and "application" not in principal.roles:
                raise Forbidden("a receipt is given by the receiver")
            self._audit.record(principal, "notice.receive", purpose, 1, notice_id)
        return is_new


def message_of(notice: Notice) -> Message:
    """A notice as it is handed over."""
    words = rules.rendered(notice.template, notice.language, notice.values)
    return Message(
        notice_id=notice.notice_id,
        template=notice.template.name,
        version=notice.template.version,
        recipient=notice.recipient,
        language=notice.language,
        subject=words.subject,
        body=words.body,
        created_at=notice.created_at,
    )


def _seen_by(principal: Principal) -> ColumnElement[bool]:
    own = NoticeRow.recipient == f"person:{principal.name}"
    areas = scope_for(principal, "notice.read").areas
    to_roles = (
        and_(NoticeRow.recipient == f"role:{role}", or_(*_within(post.scope.areas)))
        for post in principal.held
        for role in sorted(post.roles)
    )
    return or_(own, *to_roles, *_within(areas))


def _within(areas: Sequence[str]) -> list[ColumnElement[bool]]:
    return [false(), *(NoticeRow.area.startswith(area, autoescape=True) for area in areas)]
