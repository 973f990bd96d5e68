"""Saved queries: keep one, rename, pause, resume and delete it."""

from __future__ import annotations

import strawberry

from graphrisk.analysis.saved.model import Question, Subject
from graphrisk.api.context import Asked
from graphrisk.api.inputs import bounded, text_of
from graphrisk.api.types.saved import SavedQuery, saved_query_of
from graphrisk.api.types.vocabulary import NodeKind


@strawberry.input(
    description="A query to be asked again; purpose and case are those of the request."
)
class SaveQueryInput:
    """Its owner is the caller."""

    name: str
    subject: Subject
    text: str | None = strawberry.field(default=None, description="Of a search.")
    kinds: list[NodeKind] | None = strawberry.field(
        default=None, description="Of a search; all unless some are named."
    )
    kind: str | None = strawberry.field(
        default=None, description="Of findings (all unless one is named) or of events."
    )


@strawberry.type
class SavedQueryMutations:
    """One method a decision."""

    @strawberry.field(
        description="Keep a query: from now on the caller is told what is new of its answers."
    )
    async def save_query(self, info: Asked, input: SaveQueryInput) -> SavedQuery:
        """What it answers now is no news."""
        context = info.context
        kinds = bounded([one.value for one in input.kinds or []], "kinds")
        asked = Question(
            input.subject,
            None if input.text is None else text_of(input.text, "text"),
            tuple(dict.fromkeys(kinds)),
            None if input.kind is None else text_of(input.kind, "kind"),
        )
        save, name = context.saved.save, text_of(input.name, "name")
        return saved_query_of(await context.ask(save, context.viewer, name, asked))

    @strawberry.field(description="Give one of the caller's queries another name.")
    async def rename_saved_query(self, info: Asked, saved_query: str, name: str) -> SavedQuery:
        """What it asks stays."""
        context, query_id = info.context, text_of(saved_query, "savedQuery")
        rename, said = context.saved.rename, text_of(name, "name")
        return saved_query_of(await context.ask(rename, *context.asker, query_id, said))

    @strawberry.field(description="Have one of the caller's queries asked no more for a while.")
    async def pause_saved_query(self, info: Asked, saved_query: str) -> SavedQuery:
        """Until it is resumed."""
        context, query_id = info.context, text_of(saved_query, "savedQuery")
        return saved_query_of(await context.ask(context.saved.pause, *context.asker, query_id))

    @strawberry.field(description="Have it asked again: what is new since then is told.")
    async def resume_saved_query(self, info: Asked, saved_query: str) -> SavedQuery:
        """Where it was paused."""
        context, query_id = info.context, text_of(saved_query, "savedQuery")
        return saved_query_of(await context.ask(context.saved.resume, *context.asker, query_id))

    @strawberry.field(description="Forget one of the caller's queries with all that it told.")
    async def delete_saved_query(self, info: Asked, saved_query: str) -> SavedQuery:
        """For good; the answer is what it was."""
        context, query_id = info.context, text_of(saved_query, "savedQuery")
        return saved_query_of(await context.ask(context.saved.delete, *context.asker, query_id))
