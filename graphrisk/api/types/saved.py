"""Saved queries as GraphQL says them."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from graphrisk.analysis.saved import model
from graphrisk.api.context import Asked
from graphrisk.api.types.entities import Entity, load_entity
from graphrisk.api.types.events import Event, event_of
from graphrisk.api.types.findings import Finding, finding_of
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, time_of
from graphrisk.api.types.vocabulary import NodeKind
from graphrisk.core.errors import NotFound
from graphrisk.store.contract import NOW

strawberry.enum(model.Subject, name="SavedSubject", description="Which query is asked again.")
strawberry.enum(
    model.Change, name="QueryChange", description="Whether an answer is new or another one."
)


@strawberry.type(description="A saved query. Nobody but its owner sees it.")
class SavedQuery:
    """With the purpose and case that its owner stated."""

    id: str
    name: str
    subject: model.Subject
    text: str | None
    kinds: list[NodeKind]
    kind: str | None
    purpose: str
    case: str | None
    created_at: DateTime
    paused_at: DateTime | None
    looked_at: DateTime | None = strawberry.field(description="When it was last asked.")
    answers: Long = strawberry.field(
        description="What it answered then, 500 at most; of events those that were new."
    )
    refused: str | None = strawberry.field(
        description="Why it could not be asked at the last look: the code of an error."
    )


@strawberry.type(description="Something that was new of a saved query.")
class QueryNews:
    """Told once: one of the three, as the caller sees it now."""

    news: strawberry.Private[model.News]
    change: model.Change
    at: DateTime

    @strawberry.field(description="Of a search; null when it was erased since.")
    async def entity(self, info: Asked) -> Entity | None:
        """As the caller sees it."""
        if self.news.subject is not model.Subject.SEARCH:
            return None
        return await load_entity(info, int(self.news.thing), NOW)

    @strawberry.field(description="Of findings; null when nothing of it is seen any more.")
    async def finding(self, info: Asked) -> Finding | None:
        """As the last run that had it saw it."""
        if self.news.subject is not model.Subject.FINDINGS:
            return None
        try:
            return finding_of(await info.context.ask(info.context.inquiry.finding, self.news.thing))
        except NotFound:
            return None

    @strawberry.field(description="Of events; null when it was forgotten since.")
    async def event(self, info: Asked) -> Event | None:
        """If the caller may still follow it."""
        if self.news.subject is not model.Subject.EVENTS:
            return None
        context, place = info.context, int(self.news.thing)
        found = await context.ask(context.saved.event, context.viewer.principal, place)
        return None if found is None else event_of(found)


@strawberry.type(description="News in a page of news.")
class QueryNewsEdge:
    """A row of the page."""

    cursor: str
    node: QueryNews


@strawberry.type(description="A page of what was new of a query, latest first.")
class QueryNewsConnection:
    """A cursor stays good: later news come before it."""

    edges: list[QueryNewsEdge]
    page_info: PageInfo


def saved_query_of(one: model.SavedQuery) -> SavedQuery:
    """A query as GraphQL says it."""
    return SavedQuery(
        id=one.query_id,
        name=one.name,
        subject=one.question.subject,
        text=one.question.text,
        kinds=[NodeKind(kind) for kind in one.question.kinds],
        kind=one.question.kind,
        purpose=one.purpose,
        case=one.case,
        created_at=DateTime(one.created_at),
        paused_at=time_of(one.paused_at),
        looked_at=time_of(one.looked_at),
        answers=Long(one.answers),
        refused=one.refused,
    )


def query_news_page(
    info: Asked, news: Sequence[model.News], has_next: bool, after: str | None
) -> QueryNewsConnection:
    """A page of news as GraphQL says it."""
    ids = info.context.ids
    rows = [
        QueryNewsEdge(
            cursor=ids.cursor("query_news", one.number),
            node=QueryNews(news=one, change=one.change, at=DateTime(one.at)),
        )
        for one in news
    ]
    return QueryNewsConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], has_next, after)
    )
