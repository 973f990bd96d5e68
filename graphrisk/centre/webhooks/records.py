"""Rows of webhooks in a caller's transaction: written from the outbox, claimed, settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from graphrisk.access.model import Post, Principal, Scope
from graphrisk.analysis.events import follows
from graphrisk.centre.webhooks import rules
from graphrisk.centre.webhooks.model import Message, Wanted, Webhook
from graphrisk.centre.webhooks.tables import WebhookMessageRow, WebhookRow
from graphrisk.core.errors import NotFound
from graphrisk.core.ids import uuid7
from graphrisk.store.operations import outbox
from graphrisk.store.operations.outbox import Event

#: How long whoever claimed a message may take to post it; then another may.
CLAIM_MS: Final = 60_000
_PAGE: Final = 500


def posts_of(principal: Principal) -> list[list[list[str]]]:
    """Somebody's posts as JSON: roles and areas of each."""
    return [[sorted(post.roles), list(post.scope.areas)] for post in principal.held]


def owner_of(row: WebhookRow) -> Principal:
    """The owner as he was when he last acted on his webhook."""
    posts = tuple(Post(frozenset(roles), Scope(tuple(areas))) for roles, areas in row.posts)
    roles = frozenset(role for post in posts for role in post.roles)
    areas = tuple(sorted({area for post in posts for area in post.scope.areas}))
    return Principal(row.owner, roles, Scope(areas), posts=posts)


def write_news(
    session: Session, row: WebhookRow, owner: Principal, source: str, now_ms: int
) -> tuple[int, bool]:
    """Write messages of the next events behind a webhook's place: how many, and whether more wait.

    It is told what its owner may follow now, of its kinds, within its area.
    """
    events = outbox.read_after(session, row.position, _PAGE)
    told = [one for one in events if _is_for(row, owner, one)]
    for event in told:
        message_id = f"msg_{uuid7(now_ms)}"
        session.add(
            WebhookMessageRow(
                message_id=message_id,
                webhook=row.number,
                position=event.position,
                kind=event.kind,
                body=rules.cloud_event(event, message_id, source).decode(),
                state="waiting",
                attempts=0,
                next_at=now_ms,
                created_at=now_ms,
            )
        )
    if events:
        row.position = events[-1].position
    return len(told), len(events) == _PAGE


def _is_for(row: WebhookRow, owner: Principal, event: Event) -> bool:
    if row.kinds and event.kind not in row.kinds:
        return False
    return (event.area or "").startswith(row.area) and follows(owner, event)


def claim(
    session: Session, now_ms: int, without: Sequence[int]
) -> tuple[WebhookMessageRow, WebhookRow] | None:
    """The message that is due longest, for a minute; of no webhook among ``without``."""
    due = (
        select(WebhookMessageRow, WebhookRow)
        .join(WebhookRow, WebhookRow.number == WebhookMessageRow.webhook)
        .where(
            WebhookMessageRow.state == "waiting",
            WebhookMessageRow.next_at <= now_ms,
            WebhookRow.stopped_at.is_(None),
            WebhookRow.number.not_in(without),
        )
        .order_by(WebhookMessageRow.next_at, WebhookMessageRow.number)
        .limit(1)
    )
    found = session.execute(due.with_for_update(skip_locked=True, of=WebhookMessageRow)).first()
    if found is None:
        return None
    message, webhook = found
    message.attempts, message.next_at = message.attempts + 1, now_ms + CLAIM_MS
    session.flush()
    return message, webhook


def settle(session: Session, number: int, attempt: int, error: str | None, now_ms: int) -> str:
    """Note how an attempt went (no ``error``: it was taken); the state that the message is in."""
    row = session.get_one(WebhookMessageRow, number, with_for_update=True)
    if row.state != "waiting" or row.attempts != attempt:
        return row.state  # another worker has it meanwhile
    pause = rules.pause_ms(attempt)
    row.error = error
    if error is None:
        row.state = "sent"
    elif pause is None:
        row.state = "dead"
    else:
        row.next_at = now_ms + pause
    return row.state


def again(session: Session, webhook: int, message_id: str | None, now_ms: int) -> int:
    """Have one message posted again, or all that were given up; under their old ids. How many.

    ``NotFound`` when the webhook has no such message.
    """
    of_webhook = WebhookMessageRow.webhook == webhook
    which = WebhookMessageRow.state == "dead"
    if message_id is not None:
        which = WebhookMessageRow.message_id == message_id
        if (
            session.execute(select(WebhookMessageRow.number).where(of_webhook, which)).first()
            is None
        ):
            raise NotFound("the webhook has no such message")
    anew = update(WebhookMessageRow).where(of_webhook, which)
    done = session.execute(
        anew.values(state="waiting", attempts=0, next_at=now_ms).returning(WebhookMessageRow.number)
    )
    return len(done.all())


def forget_before(session: Session, before_ms: int) -> int:
    """Forget messages that were taken over and are older; how many. Those given up stay."""
    old = delete(WebhookMessageRow).where(
        WebhookMessageRow.state == "sent", WebhookMessageRow.created_at < before_ms
    )
    return len(session.execute(old.returning(WebhookMessageRow.number)).all())


def webhook_row(
    session: Session, webhook_id: str, owner: str | None, *, reading: bool = False
) -> WebhookRow:
    """A webhook of somebody, or of anybody, held unless ``reading``; ``NotFound`` for none."""
    asked = select(WebhookRow).where(WebhookRow.webhook_id == webhook_id)
    row = session.execute(asked if reading else asked.with_for_update()).scalar_one_or_none()
    if row is None or owner not in (None, row.owner):
        raise NotFound("no such webhook")
    return row


def webhooks_of(session: Session, which: ColumnElement[bool]) -> list[Webhook]:
    """Webhooks, oldest first, with the numbers of their messages; two queries."""
    rows = session.execute(select(WebhookRow).where(which).order_by(WebhookRow.number)).scalars()
    counted = select(WebhookMessageRow.webhook, WebhookMessageRow.state, func.count())
    counted = counted.group_by(WebhookMessageRow.webhook, WebhookMessageRow.state)
    counts = {(webhook, state): n for webhook, state, n in session.execute(counted)}
    return [
        Webhook(
            number=row.number,
            webhook_id=row.webhook_id,
            owner=row.owner,
            wanted=Wanted(row.url, tuple(row.kinds), row.area, row.expires_at),
            created_at=row.created_at,
            stopped_at=row.stopped_at,
            waiting=counts.get((row.number, "waiting"), 0),
            dead=counts.get((row.number, "dead"), 0),
        )
        for row in rows.all()
    ]


def message_of(row: WebhookMessageRow) -> Message:
    """A message without its body."""
    return Message(
        row.number,
        row.message_id,
        row.kind,
        row.state,
        row.attempts,
        row.next_at,
        row.error,
        row.created_at,
    )
