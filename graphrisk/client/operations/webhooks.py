"""Operations: webhooks.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, leaf, many, maybe, one
from graphrisk.client.operations.common import Page
from graphrisk.client.operations.inputs import RegisterWebhookInput, RotateWebhookInput
from graphrisk.client.operations.kinds import WebhookMessageState


class Webhook(Model):
    """An address that is told what happens.

    Nobody but its owner sees it.
    """

    id: str
    url: str
    kinds: list[str]
    area: str
    created_at: datetime
    expires_at: datetime
    stopped_at: datetime | None
    waiting: int
    dead: int


class HandedWebhook(Model):
    """A webhook with its new secret."""

    secret: str
    webhook: Webhook


class WebhookMessage(Model):
    """One event on its way to one address."""

    id: str
    kind: str
    state: WebhookMessageState
    attempts: int
    next_at: datetime
    error: str | None
    created_at: datetime


class WebhookMessagesEdges(Model):
    """A message in a page of messages."""

    cursor: str
    node: WebhookMessage


class WebhookMessages(Model):
    """A page of messages, oldest first."""

    edges: list[WebhookMessagesEdges]
    page_info: Page


def webhooks() -> Call[list[Webhook] | None]:
    """The caller's own webhooks, also stopped ones, oldest first."""
    return Call("Webhooks", "webhooks", {}, maybe(many(one(Webhook))))


def webhook_messages(
    *, webhook: str, first: int = 20, after: str | None = None
) -> Paged[WebhookMessages | None, WebhookMessage]:
    """What was posted, or is to be, to one of the caller's webhooks."""
    return Paged(
        "WebhookMessages",
        "webhookMessages",
        {"webhook": webhook, "first": first, "after": after},
        maybe(one(WebhookMessages)),
        lambda found: found,
    )


def register_webhook(*, input: RegisterWebhookInput) -> Call[HandedWebhook]:
    """Register a webhook.

    It is told what happens from now on; its secret is shown in this answer alone.
    """
    return Call("RegisterWebhook", "registerWebhook", {"input": input}, one(HandedWebhook))


def rotate_webhook(*, input: RotateWebhookInput) -> Call[HandedWebhook]:
    """Give a webhook another secret, shown in this answer alone."""
    return Call("RotateWebhook", "rotateWebhook", {"input": input}, one(HandedWebhook))


def stop_webhook(*, webhook: str) -> Call[Webhook]:
    """End a webhook for good; once more changes nothing."""
    return Call("StopWebhook", "stopWebhook", {"webhook": webhook}, one(Webhook))


def replay_webhook(*, webhook: str, message: str | None = None) -> Call[int]:
    """Have a message posted again under its old id; without one, all that were given up.

    The number of messages.
    """
    return Call(
        "ReplayWebhook", "replayWebhook", {"webhook": webhook, "message": message}, leaf(int)
    )
