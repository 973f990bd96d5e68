"""The queries of webhooks."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size, text_of
from graphrisk.api.types.webhooks import (
    Webhook,
    WebhookMessageConnection,
    messages_page,
    webhook_of,
)


@strawberry.type
class WebhookQueries:
    """One method a query."""

    @strawberry.field(description="The caller's own webhooks, also stopped ones, oldest first.")
    async def webhooks(self, info: Asked) -> list[Webhook] | None:
        """Fifty at most."""
        context = info.context
        found = await context.ask(context.webhooks.listing, *context.asker)
        return [webhook_of(one) for one in found]

    @strawberry.field(description="What was posted, or is to be, to one of the caller's webhooks.")
    async def webhook_messages(
        self, info: Asked, webhook: strawberry.ID, first: int = 20, after: str | None = None
    ) -> WebhookMessageConnection | None:
        """A keyset page of messages."""
        context, limit = info.context, page_size(first)
        place = context.ids.read_cursor("webhook_messages", after)
        read, which = context.webhooks.messages, text_of(webhook, "webhook")
        found, more = await context.ask(read, *context.asker, which, place, limit)
        return messages_page(info, found, more, after)
