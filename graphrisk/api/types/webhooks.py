"""Webhooks as GraphQL says them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, time_of
from graphrisk.centre.webhooks import model


@strawberry.type(description="An address that is told what happens. Nobody but its owner sees it.")
class Webhook:
    """It is told what its owner may follow, as a subscription of his would be."""

    id: strawberry.ID
    url: str
    kinds: list[str] = strawberry.field(description="Of events; empty: all.")
    area: str = strawberry.field(description="Prefix of division codes; empty: all of his.")
    created_at: DateTime
    expires_at: DateTime
    stopped_at: DateTime | None = strawberry.field(
        description="Stopped by its owner, or by an answer 410."
    )
    waiting: int = strawberry.field(description="Messages that are to be posted.")
    dead: int = strawberry.field(description="Messages that were given up.")


@strawberry.type(description="A webhook with its new secret.")
class HandedWebhook:
    """The only place where the secret is."""

    webhook: Webhook
    secret: str = strawberry.field(
        description="Messages are signed with it (Standard Webhooks). Shown this once."
    )


@strawberry.enum(description="How far a message is.")
class WebhookMessageState(Enum):
    """Given up after ten attempts in about three days."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


@strawberry.type(description="One event on its way to one address.")
class WebhookMessage:
    """Posted at least once, always under the same id."""

    id: strawberry.ID = strawberry.field(description="As the header webhook-id tells it.")
    kind: str
    state: WebhookMessageState
    attempts: int
    next_at: DateTime
    error: str | None = strawberry.field(description="Why the last attempt failed.")
    created_at: DateTime


@strawberry.type(description="A message in a page of messages.")
class WebhookMessageEdge:
    """A row of the page."""

    cursor: str
    node: WebhookMessage


@strawberry.type(description="A page of messages, oldest first.")
class WebhookMessageConnection:
    """A cursor stays good: later messages come behind it."""

    edges: list[WebhookMessageEdge]
    page_info: PageInfo


def webhook_of(one: model.Webhook) -> Webhook:
    """A webhook as GraphQL says it."""
    return Webhook(
        id=strawberry.ID(one.webhook_id),
        url=one.wanted.url,
        kinds=list(one.wanted.kinds),
        area=one.wanted.area,
        created_at=DateTime(one.created_at),
        expires_at=DateTime(one.wanted.expires_at),
        stopped_at=time_of(one.stopped_at),
        waiting=one.waiting,
        dead=one.dead,
    )


def handed_webhook(one: model.Handed) -> HandedWebhook:
    """A webhook and its secret as GraphQL says them."""
    return HandedWebhook(webhook=webhook_of(one.webhook), secret=one.secret)


def messages_page(
    info: Asked, found: Sequence[model.Message], has_next: bool, after: str | None
) -> WebhookMessageConnection:
    """A page of messages as GraphQL says it."""
    rows = [
        WebhookMessageEdge(
            cursor=info.context.ids.cursor("webhook_messages", one.number),
            node=WebhookMessage(
                id=strawberry.ID(one.message_id),
                kind=one.kind,
                state=WebhookMessageState(one.state),
                attempts=one.attempts,
                next_at=DateTime(one.next_at),
                error=one.error,
                created_at=DateTime(one.created_at),
            ),
        )
        for one in found
    ]
    return WebhookMessageConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], has_next, after)
    )
