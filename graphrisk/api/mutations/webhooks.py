"""Webhooks: register, rotate the secret, stop, post again."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of, texts_of
from graphrisk.api.types.scalars import DateTime
from graphrisk.api.types.webhooks import HandedWebhook, Webhook, handed_webhook, webhook_of
from graphrisk.centre.webhooks.model import Wanted

_HOUR_MS = 3_600_000


@strawberry.input(description="What is to be posted, and where to.")
class RegisterWebhookInput:
    """Its owner is the caller."""

    url: str = strawberry.field(
        description="https; private addresses and http in networks that the deployment allows."
    )
    kinds: list[str] = strawberry.field(
        default_factory=list, description="Of events; empty: all that the caller may follow."
    )
    area: str = strawberry.field(
        default="", description="Prefix of division codes; empty: all of the caller's."
    )
    expires_at: DateTime = strawberry.field(description="At most a year ahead.")


@strawberry.input(description="Another secret for a webhook.")
class RotateWebhookInput:
    """Messages are signed with both until the older one ends."""

    webhook: strawberry.ID
    overlap_hours: int = 24


@strawberry.type
class WebhookMutations:
    """One method a decision."""

    @strawberry.field(
        description="Register a webhook. It is told what happens from now on; its secret is shown "
        "in this answer alone."
    )
    async def register_webhook(self, info: Asked, input: RegisterWebhookInput) -> HandedWebhook:
        """One that works at once."""
        context, register = info.context, info.context.webhooks.register
        kinds, area = texts_of(input.kinds, "kinds"), text_of(input.area, "area")
        wanted = Wanted(text_of(input.url, "url", 500), kinds, area, input.expires_at)
        return handed_webhook(await context.ask(register, *context.asker, wanted))

    @strawberry.field(description="Give a webhook another secret, shown in this answer alone.")
    async def rotate_webhook(self, info: Asked, input: RotateWebhookInput) -> HandedWebhook:
        """The same webhook."""
        context, rotate = info.context, info.context.webhooks.rotate
        which, overlap = text_of(input.webhook, "webhook"), input.overlap_hours * _HOUR_MS
        return handed_webhook(await context.ask(rotate, *context.asker, which, overlap))

    @strawberry.field(description="End a webhook for good; once more changes nothing.")
    async def stop_webhook(self, info: Asked, webhook: strawberry.ID) -> Webhook:
        """It stays listed."""
        context, stop = info.context, info.context.webhooks.stop
        return webhook_of(await context.ask(stop, *context.asker, text_of(webhook, "webhook")))

    @strawberry.field(
        description="Have a message posted again under its old id; without one, all that were "
        "given up. The number of messages."
    )
    async def replay_webhook(
        self, info: Asked, webhook: strawberry.ID, message: strawberry.ID | None = None
    ) -> int:
        """With the worker's next round."""
        context, replay = info.context, info.context.webhooks.replay
        which = text_of(webhook, "webhook")
        one = None if message is None else text_of(message, "message")
        return await context.ask(replay, *context.asker, which, one)
