"""Who is who: pairs in doubt, judgements, and the answer to one."""

from __future__ import annotations

import strawberry

from graphrisk.analysis.identity import FIELDS, Answer
from graphrisk.api.context import Asked
from graphrisk.api.types.entities import Entity, load_entity
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, time_of
from graphrisk.api.types.vocabulary import Words
from graphrisk.core.clock import OPEN
from graphrisk.ingest.resolve.judgements import clues_of
from graphrisk.ingest.resolve.known import Doubt, DoubtPage
from graphrisk.ingest.resolve.model import Judgement, Verdict
from graphrisk.store.contract import NOW

strawberry.enum(Verdict, name="IdentityVerdict", description="What is said of two records.")


@strawberry.type(description="What one field says for or against two records being one person.")
class IdentityClue:
    """A reason of the machine."""

    field: str
    label: Words
    bits: float = strawberry.field(
        description="log2 of how much likelier this is of one person than of two; below 0 against."
    )


@strawberry.type(description="A judgement on two records. It stands while `until` is null.")
class IdentityJudgement:
    """Of a person or of the machine."""

    pair: strawberry.Private[tuple[int, int]]
    verdict: Verdict
    by_person: bool = strawberry.field(description="A person's counts before the machine's.")
    judge: str = strawberry.field(description="Who judged; of the machine its model's version.")
    reason: str | None = strawberry.field(
        description="What a person gave as reason, masked without a case; null for the machine."
    )
    probability: float | None = strawberry.field(description="The machine's.")
    clues: list[IdentityClue] = strawberry.field(
        description="The machine's reasons, heaviest first; empty for a person."
    )
    judged_at: DateTime | None
    until: DateTime | None = strawberry.field(description="When it was superseded.")

    @strawberry.field(description="One record; null when it was erased since.")
    async def one(self, info: Asked) -> Entity | None:
        """The one that arrived first."""
        return await load_entity(info, self.pair[0], NOW)

    @strawberry.field(description="The other record; null when it was erased since.")
    async def other(self, info: Asked) -> Entity | None:
        """The one that arrived later."""
        return await load_entity(info, self.pair[1], NOW)


@strawberry.type(description="A pair in a page of the queue.")
class IdentityQueueEdge:
    """A row of the queue."""

    cursor: str
    node: IdentityJudgement


@strawberry.type(
    description="Pairs that the machine leaves to a person and nobody has judged, the most "
    "probable first."
)
class IdentityQueueConnection:
    """A cursor names a pair: when the machine no longer doubts it, the list must be begun anew."""

    edges: list[IdentityQueueEdge]
    page_info: PageInfo
    total: Long


@strawberry.type(description="A judgement in a page of judgements.")
class IdentityJudgementEdge:
    """A row of a page of judgements."""

    cursor: str
    node: IdentityJudgement


@strawberry.type(description="A page of judgements, oldest first: later ones come behind.")
class IdentityJudgementConnection:
    """``total`` counts all of the record."""

    edges: list[IdentityJudgementEdge]
    page_info: PageInfo
    total: Long


@strawberry.input(description="What the caller judges of two records of persons.")
class JudgeIdentityInput:
    """Who judges is the caller."""

    one: strawberry.ID
    other: strawberry.ID
    verdict: Verdict
    reason: str = strawberry.field(description="Why, in at most 2,000 characters.")


@strawberry.type(description="What stands on the two records now.")
class JudgeIdentityPayload:
    """The answer to a judgement."""

    judgement: IdentityJudgement
    changed: bool = strawberry.field(description="False when it stood already.")


def judgement_of(one: Judgement) -> IdentityJudgement:
    """A judgement as GraphQL says it."""
    clues = [] if one.by_person else clues_of(one.reason)
    return IdentityJudgement(
        pair=one.pair,
        verdict=one.verdict,
        by_person=one.by_person,
        judge=one.judge,
        reason=one.reason if one.by_person else None,
        probability=one.probability,
        clues=[
            IdentityClue(field=field, label=Words(**FIELDS[field]), bits=bits)
            for field, bits in clues
        ],
        judged_at=time_of(one.judged_at),
        until=None if one.until == OPEN else time_of(one.until),
    )


def queue_page(info: Asked, page: DoubtPage, after: str | None) -> IdentityQueueConnection:
    """A page of the queue as GraphQL says it."""
    rows = [_queued(info, one) for one in page.items]
    return IdentityQueueConnection(
        edges=rows,
        page_info=page_info([row.cursor for row in rows], page.has_next, after),
        total=Long(page.total),
    )


async def judgements_page(
    info: Asked, nid: int, limit: int, after: str | None
) -> IdentityJudgementConnection:
    """A page of all that was ever judged of a record; its place is its number in that order."""
    ids = info.context.ids
    start = ids.read_cursor("judgements", after) + 1
    every = await info.context.batches.judgements.load(nid) or []
    rows = [
        IdentityJudgementEdge(cursor=ids.cursor("judgements", place), node=judgement_of(one))
        for place, one in enumerate(every[start : start + limit], start)
    ]
    return IdentityJudgementConnection(
        edges=rows,
        page_info=page_info([row.cursor for row in rows], start + limit < len(every), after),
        total=Long(len(every)),
    )


def payload_of(answer: Answer) -> JudgeIdentityPayload:
    """The answer to a judgement as GraphQL says it."""
    return JudgeIdentityPayload(judgement=judgement_of(answer.judgement), changed=answer.changed)


def _queued(info: Asked, one: Doubt) -> IdentityQueueEdge:
    return IdentityQueueEdge(
        cursor=info.context.ids.cursor("queue", one.eid), node=judgement_of(one.judgement)
    )
