"""Queries of rules: versions, hits, differences of shadows, rehearsals."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size, text_of
from graphrisk.api.types.rules import (
    Rule,
    RuleDifference,
    RuleHitConnection,
    RuleRehearsal,
    difference_of,
    hits_page,
    rehearsal_of,
    rule_of,
)
from graphrisk.api.types.scalars import DateTime


@strawberry.type
class RuleQueries:
    """One method a query."""

    @strawberry.field(
        description="Versions of rules, oldest first: all, those of one rule, or those in one "
        "state. A deployment has few; all are listed."
    )
    async def rules(
        self, info: Asked, rule: str | None = None, state: str | None = None
    ) -> list[Rule] | None:
        """Versions."""
        context = info.context
        found = await context.ask(context.rules.versions, *context.asker, rule, state)
        return [rule_of(one) for one in found]

    @strawberry.field(description="One version of a rule.")
    async def rule(self, info: Asked, id: str, version: str) -> Rule | None:
        """One version."""
        context, which = info.context, (text_of(id, "id"), text_of(version, "version"))
        return rule_of(await context.ask(context.rules.version, *context.asker, *which))

    @strawberry.field(
        description="What rules said of events, latest kept first, shadows among them; of all "
        "rules or one. Within the caller's areas: about whom he sees."
    )
    async def rule_hits(
        self, info: Asked, first: int = 20, after: str | None = None, rule: str | None = None
    ) -> RuleHitConnection | None:
        """A keyset page of hits."""
        context, limit = info.context, page_size(first)
        place = None if after is None else context.ids.read_cursor("rule_hits", after)
        seen = None if context.viewer.sight.is_everything else context.inquiry.seen
        page = await context.ask(context.rules.hits, *context.asker, place, limit, rule, seen)
        return hits_page(info, page, after)

    @strawberry.field(
        description="What a shadow said otherwise than the live version of its rule, over events "
        "since a moment."
    )
    async def rule_difference(
        self, info: Asked, rule: str, version: str, since: DateTime
    ) -> RuleDifference | None:
        """Live and shadow compared."""
        context, which = info.context, (text_of(rule, "rule"), text_of(version, "version"))
        difference = context.rules.difference
        return difference_of(await context.ask(difference, *context.asker, *which, since))

    @strawberry.field(description="A rehearsal: how far it is, and what it gave.")
    async def rule_rehearsal(self, info: Asked, id: str) -> RuleRehearsal | None:
        """One rehearsal."""
        context, rehearsal_id = info.context, text_of(id, "id")
        return rehearsal_of(
            await context.ask(context.rules.rehearsal, *context.asker, rehearsal_id)
        )
