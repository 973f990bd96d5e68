"""Webhooks as their owners keep them, and the worker's half that posts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import select, true

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.centre.webhooks import records, rules
from graphrisk.centre.webhooks.model import Handed, Message, Post, Posted, Wanted, Webhook
from graphrisk.centre.webhooks.owners import Known
from graphrisk.centre.webhooks.tables import WebhookMessageRow, WebhookRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import (
    BadInput,
    Forbidden,
    LimitExceeded,
    StoreUnavailable,
    Unauthenticated,
)
from graphrisk.core.ids import uuid7
from graphrisk.core.keys import Encryptor, KeyWrapper, decrypt
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database

KEEP: Final = "webhook.keep"
_LONGEST_ERROR: Final = 200


class Webhooks:
    """Register, list, rotate, stop, replay. Nobody but its owner sees a webhook."""

    def __init__(
        self, database: Database, keys: Callable[[], KeyWrapper], clock: Clock, audit: AuditPort
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._audit = audit

    def register(self, principal: Principal, purpose: Purpose, wanted: Wanted) -> Handed:
        """A webhook that is told what happens from now on.

        Raises:
            Forbidden: The principal may not keep webhooks.
            BadInput: The address, a kind, the area or the end cannot be.
            LimitExceeded: He has fifty already.
        """
        require(principal, KEEP)
        now = self._clock.now_ms()
        wanted, secret = rules.checked(wanted, now), rules.drawn_secret()
        with self._database.session() as session:
            ours = WebhookRow.owner == principal.name
            if len(records.webhooks_of(session, ours)) >= rules.MOST_WEBHOOKS:
                raise LimitExceeded(f"one principal has at most {rules.MOST_WEBHOOKS} webhooks")
            row = WebhookRow(
                webhook_id=uuid7(now),
                url=wanted.url,
                owner=principal.name,
                posts=records.posts_of(principal),
                kinds=list(wanted.kinds),
                area=wanted.area,
                secrets=[[self._sealed(secret), None]],
                position=outbox.kept(session)[1],
                created_at=now,
                expires_at=wanted.expires_at,
            )
            session.add(row)
            session.flush()
            (found,) = records.webhooks_of(session, WebhookRow.number == row.number)
        self._audit.record(principal, "webhook.register", purpose, 1, found.webhook_id)
        return Handed(found, secret)

    def rotate(
        self, principal: Principal, purpose: Purpose, webhook_id: str, overlap_ms: int
    ) -> Handed:
        """Another secret; the older ones sign beside it for ``overlap_ms`` more.

        Raises as ``listing``; ``NotFound`` for no webhook of his, ``BadInput`` for an overlap
        that is negative or longer than 30 days.
        """
        if not 0 <= overlap_ms <= rules.MOST_OVERLAP_MS:
            raise BadInput("both secrets sign for 0 to 30 days (新旧密钥并存最长30天)")
        secret, now = rules.drawn_secret(), self._clock.now_ms()
        found = self._changed(
            principal,
            webhook_id,
            lambda row: [
                *([text, _sooner(end, now + overlap_ms)] for text, end in row.secrets),
                [self._sealed(secret), None],
            ],
        )
        self._audit.record(principal, "webhook.rotate", purpose, 1, webhook_id)
        return Handed(found, secret)

    def stop(self, principal: Principal, purpose: Purpose, webhook_id: str) -> Webhook:
        """End a webhook for good; once more changes nothing. Raises as ``rotate``."""
        require(principal, KEEP)
        with self._database.session() as session:
            row = records.webhook_row(session, webhook_id, principal.name)
            row.stopped_at = row.stopped_at or self._clock.now_ms()
            session.flush()
            (found,) = records.webhooks_of(session, WebhookRow.number == row.number)
        self._audit.record(principal, "webhook.stop", purpose, 1, webhook_id)
        return found

    def replay(
        self, principal: Principal, purpose: Purpose, webhook_id: str, message_id: str | None
    ) -> int:
        """Have a message posted again, or all that were given up; how many.

        Raises as ``rotate``.
        """
        require(principal, KEEP)
        with self._database.session() as session:
            row = records.webhook_row(session, webhook_id, principal.name)
            count = records.again(session, row.number, message_id, self._clock.now_ms())
        self._audit.record(principal, "webhook.replay", purpose, count, webhook_id)
        return count

    def listing(self, principal: Principal, purpose: Purpose) -> list[Webhook]:
        """One's own webhooks, oldest first; ``Forbidden`` for who may keep none."""
        require(principal, KEEP)
        with self._database.reading() as session:
            found = records.webhooks_of(session, WebhookRow.owner == principal.name)
        self._audit.record(principal, "webhook.read", purpose, len(found))
        return found

    def messages(
        self, principal: Principal, purpose: Purpose, webhook_id: str, after: int, limit: int
    ) -> tuple[list[Message], bool]:
        """Messages of one's webhook, oldest first; whether more follow. Raises as ``rotate``."""
        require(principal, KEEP)
        with self._database.reading() as session:
            row = records.webhook_row(session, webhook_id, principal.name, reading=True)
            asked = select(WebhookMessageRow).where(
                WebhookMessageRow.webhook == row.number, WebhookMessageRow.number > after
            )
            rows = session.execute(asked.order_by(WebhookMessageRow.number).limit(limit + 1))
            found = [records.message_of(one) for one in rows.scalars()]
        self._audit.record(principal, "webhook.read", purpose, min(len(found), limit), webhook_id)
        return found[:limit], len(found) > limit

    def _changed(
        self,
        principal: Principal,
        webhook_id: str,
        secrets: Callable[[WebhookRow], list[list[str | int | None]]],
    ) -> Webhook:
        require(principal, KEEP)
        with self._database.session() as session:
            row = records.webhook_row(session, webhook_id, principal.name)
            row.secrets = _alive(secrets(row), self._clock.now_ms())
            row.posts = records.posts_of(principal)
            session.flush()
            (found,) = records.webhooks_of(session, WebhookRow.number == row.number)
        return found

    def _sealed(self, secret: str) -> str:
        return Encryptor(self._keys()).encrypt(secret)


class Poster:
    """The worker's half: writes messages of what happened and posts those that are due."""

    def __init__(
        self,
        database: Database,
        keys: Callable[[], KeyWrapper],
        clock: Clock,
        post: Post,
        source: str,
        known: Known,
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._post = post
        self._source = source
        self._known = known

    def round(self, most: int = 1_000) -> Posted:
        """One round. A webhook that does not answer is left for the next one."""
        written = self._write()
        ends = {"sent": 0, "waiting": 0, "dead": 0, "gone": 0}
        silent: set[int] = set()
        for _ in range(most):
            with self._database.session() as session:
                claimed = records.claim(session, self._clock.now_ms(), sorted(silent))
                if claimed is None:
                    break
                message, webhook = claimed
                session.expunge_all()
            end = self._deliver(message, webhook)
            ends[end] += 1
            if end != "sent":
                silent.add(webhook.number)
        return Posted(written, ends["sent"], ends["waiting"], ends["dead"], ends["gone"])

    def _write(self) -> int:
        now, count = self._clock.now_ms(), 0
        with self._database.reading() as session:
            alive = (WebhookRow.stopped_at.is_(None), WebhookRow.expires_at > now)
            numbers = session.execute(select(WebhookRow.number).where(*alive)).scalars().all()
        for number in numbers:
            more = True
            while more:
                with self._database.session() as session:
                    row = session.get_one(WebhookRow, number, with_for_update=True)
                    owner = self._owner(row)
                    if owner is None:
                        break
                    wrote, more = records.write_news(session, row, owner, self._source, now)
                    count += wrote
        return count

    def _owner(self, row: WebhookRow) -> Principal | None:
        """The owner as he is now; nobody where he may follow nothing any more."""
        try:
            return self._known(row.owner) or records.owner_of(row)
        except Unauthenticated:
            return None

    def _deliver(self, message: WebhookMessageRow, webhook: WebhookRow) -> str:
        error, status = None, 0
        try:
            status = self._post.post(webhook.url, self._headers(message, webhook), _body(message))
            if not 200 <= status < 300:
                raise StoreUnavailable(f"status {status}")
        except (Forbidden, StoreUnavailable) as refused:
            error = str(refused)[:_LONGEST_ERROR]
        with self._database.session() as session:
            now = self._clock.now_ms()
            state = records.settle(session, message.number, message.attempts, error, now)
            if status == rules.GONE:
                session.get_one(WebhookRow, webhook.number).stopped_at = now
                return "gone"
        return state

    def _headers(self, message: WebhookMessageRow, webhook: WebhookRow) -> dict[str, str]:
        now = self._clock.now_ms()
        keys = self._keys()
        secrets = [decrypt(keys, str(text)) for text, _ in _alive(webhook.secrets, now)]
        at_s = now // 1_000
        return {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": message.message_id,
            "webhook-timestamp": str(at_s),
            "webhook-signature": rules.signature(secrets, message.message_id, at_s, _body(message)),
        }


def every_webhook(database: Database) -> list[Webhook]:
    """All of a deployment, for its operator."""
    with database.reading() as session:
        return records.webhooks_of(session, true())


def replay_any(database: Database, webhook_id: str, message_id: str | None, now_ms: int) -> int:
    """As ``Webhooks.replay``, for the operator; ``NotFound`` for no such webhook or message."""
    with database.session() as session:
        row = records.webhook_row(session, webhook_id, None)
        return records.again(session, row.number, message_id, now_ms)


def _body(message: WebhookMessageRow) -> bytes:
    return message.body.encode()


def _alive(secrets: list[list[str | int | None]], now_ms: int) -> list[list[str | int | None]]:
    return [one for one in secrets if not isinstance(one[1], int) or one[1] > now_ms]


def _sooner(end: str | int | None, other: int) -> int:
    return min(end, other) if isinstance(end, int) else other
