"""The queries: each checks its arguments, asks the inquiry and translates what it says."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.ids import read_finding_cursor
from graphrisk.api.inputs import bounded, page_size, text_of
from graphrisk.api.queries.audit import AuditQueries
from graphrisk.api.queries.cases import CaseQueries
from graphrisk.api.queries.keys import KeyQueries
from graphrisk.api.queries.lookup import LookupQueries
from graphrisk.api.queries.openings import OpeningQueries
from graphrisk.api.queries.principals import PrincipalQueries
from graphrisk.api.queries.rules import RuleQueries
from graphrisk.api.queries.saved import SavedQueryQueries
from graphrisk.api.queries.watch import WatchQueries
from graphrisk.api.queries.webhooks import WebhookQueries
from graphrisk.api.queries.work import WorkQueries
from graphrisk.api.types.coverage import Coverage, coverage_of
from graphrisk.api.types.entities import (
    Entity,
    edge_of,
    entity_of,
    load_edges,
    load_entities,
    required_entity,
)
from graphrisk.api.types.events import EventConnection, events_page
from graphrisk.api.types.findings import Finding, FindingConnection, finding_of, findings_page
from graphrisk.api.types.identity import IdentityQueueConnection, queue_page
from graphrisk.api.types.paths import Path, SearchResult, Trace, TraceStep
from graphrisk.api.types.reasons import Run, run_of
from graphrisk.api.types.scalars import DateTime, Long
from graphrisk.api.types.sources import Source, source_of
from graphrisk.api.types.vocabulary import (
    Direction,
    EdgeKind,
    KindCount,
    NodeKind,
    Vocabulary,
    label,
    vocabulary,
)
from graphrisk.store.contract import NOW, AsOf, TraceQuery
from graphrisk_schema.reader import load_schema

MOST_HOPS = 8
MOST_STEPS = 1000
_TRANSFERRED = EdgeKind("TRANSFERRED")


@strawberry.type(
    description="All reads. The headers X-Purpose and X-Case say for what; every read is recorded."
)
class Query(
    AuditQueries,
    CaseQueries,
    KeyQueries,
    LookupQueries,
    OpeningQueries,
    PrincipalQueries,
    RuleQueries,
    SavedQueryQueries,
    WatchQueries,
    WebhookQueries,
    WorkQueries,
):
    """One method a query."""

    @strawberry.field(
        description="An entity by id: as it is now, as it was (`validAt`), or as it was known then "
        "(`knownAt`). Its neighbours are seen at the same moment, what happens (transfers, calls) "
        "whenever it did: only `knownAt` leaves out what was learnt later."
    )
    async def entity(
        self,
        info: Asked,
        id: strawberry.ID,
        valid_at: DateTime | None = None,
        known_at: DateTime | None = None,
    ) -> Entity | None:
        """One entity."""
        return await required_entity(info, id, AsOf(valid_at, known_at))

    @strawberry.field(description="Entities by id, in the order asked; null where there is none.")
    async def entities(self, info: Asked, ids: list[strawberry.ID]) -> list[Entity | None] | None:
        """Many entities in one read."""
        asked = [info.context.ids.read_entity(one) for one in bounded(ids, "ids")]
        found = await load_entities(info, [nid for _, nid in asked])
        return [
            one if one is not None and one.kind.value == kind else None
            for (kind, _), one in zip(asked, found, strict=True)
        ]

    @strawberry.field(
        description="Entities whose key or name matches all words of `text`: full words, fragments "
        "of three characters and more, Chinese characters, pinyin and its initials."
    )
    async def search(
        self, info: Asked, text: str, kinds: list[NodeKind] | None = None, first: int = 20
    ) -> SearchResult | None:
        """Full-text search."""
        wanted = list(load_schema().nodes) if kinds is None else [kind.value for kind in kinds]
        context = info.context
        found = await context.ask(
            context.inquiry.search, text_of(text, "text"), wanted, page_size(first)
        )
        return SearchResult(
            entities=[entity_of(info, one, NOW) for one in found.entities],
            total=Long(found.total),
            truncated=found.truncated,
        )

    @strawberry.field(
        description="A shortest chain between two entities, whatever the direction of its edges; "
        "null when there is none within `maxHops`."
    )
    async def shortest_path(
        self,
        info: Asked,
        source: strawberry.ID,
        target: strawberry.ID,
        edge_kinds: list[EdgeKind] | None = None,
        max_hops: int = 6,
    ) -> Path | None:
        """How two entities hang together."""
        hops = page_size(max_hops, MOST_HOPS, "maxHops")
        begin = await required_entity(info, source, NOW)
        end = await required_entity(info, target, NOW)
        kinds = list(load_schema().edges) if edge_kinds is None else [k.value for k in edge_kinds]
        context = info.context
        found = await context.ask(context.inquiry.path, begin.nid, end.nid, kinds, hops)
        if found is None:
            return None
        return Path(
            length=len(found.eids),
            entities=await load_entities(info, found.nids),
            edges=await load_edges(info, found.eids),
        )

    @strawberry.field(
        description="Events from an account on, each strictly later than the one that led to it "
        "(with `direction: IN` each strictly earlier, back to where money came from)."
    )
    async def trace(
        self,
        info: Asked,
        account: strawberry.ID,
        start: DateTime,
        until: DateTime | None = None,
        direction: Direction = Direction.OUT,
        edge_kind: EdgeKind = _TRANSFERRED,
        max_hops: int = 4,
        fan_out: int = 50,
        first: int = 200,
    ) -> Trace | None:
        """Money followed in time."""
        begin = await required_entity(info, account, NOW)
        query = TraceQuery(
            nid=begin.nid,
            edge_kind=edge_kind.value,
            start=start,
            direction="out" if direction is Direction.OUT else "in",
            until=until,
            max_hops=page_size(max_hops, MOST_HOPS, "maxHops"),
            fan_out=page_size(fan_out, name="fanOut"),
            limit=page_size(first, MOST_STEPS),
        )
        found = await info.context.ask(info.context.inquiry.trace, query)
        steps = [
            TraceStep(layer=layer, edge=edge_of(info, edge, NOW)) for layer, edge in found.steps
        ]
        return Trace(steps=steps, total=Long(len(steps)), truncated=found.truncated)

    @strawberry.field(
        description="Findings of the latest run, strongest first; all or those of one kind. A list "
        "that was begun goes on with the run that it began with. As in every list, `first` is 200 "
        "at most."
    )
    async def findings(
        self, info: Asked, first: int = 20, after: str | None = None, kind: str | None = None
    ) -> FindingConnection | None:
        """A keyset page of findings."""
        place, limit = read_finding_cursor(after), page_size(first)
        page = await info.context.ask(info.context.inquiry.findings, place, limit, kind)
        return findings_page(page, after)

    @strawberry.field(description="A finding by id, also one that the latest run no longer has.")
    async def finding(
        self,
        info: Asked,
        id: strawberry.ID,
    ) -> Finding | None:
        """One finding."""
        found = await info.context.ask(info.context.inquiry.finding, text_of(id, "id"))
        return finding_of(found)

    @strawberry.field(
        description="Pairs of records that may be one person: what the machine leaves to a person "
        "and nobody has judged, the most probable first."
    )
    async def identity_queue(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> IdentityQueueConnection | None:
        """A keyset page of pairs in doubt."""
        context, limit = info.context, page_size(first)
        place = None if after is None else context.ids.read_cursor("queue", after)
        page = await context.ask(context.identity.queue, place, limit)
        return queue_page(info, page, after)

    @strawberry.field(description="The latest detection; null before the first.")
    async def latest_run(self, info: Asked) -> Run | None:
        """The latest run."""
        found = await info.context.ask(info.context.inquiry.latest_run)
        return None if found is None else run_of(found)

    @strawberry.field(description="How many entities and edges of each kind there are now.")
    async def counts(self, info: Asked) -> list[KindCount] | None:
        """Counts in the vocabulary's order."""
        found = await info.context.ask(info.context.inquiry.counts)
        return [
            KindCount(kind=kind, label=label(kind), count=Long(count))
            for kind, count in found.items()
        ]

    @strawberry.field(
        description="Who delivers: owner, promise, freshness and the last batch of each source, "
        "by name. A deployment has few; all are listed."
    )
    async def sources(self, info: Asked) -> list[Source] | None:
        """The register of sources."""
        sources = info.context.sources
        found = await info.context.ask(sources.listing)
        return [source_of(one, sources.now_ms()) for one in found]

    @strawberry.field(
        description="What happened, oldest first; all or of one kind. Go on behind the last cursor "
        "to learn what came since."
    )
    async def events(
        self, info: Asked, first: int = 20, after: str | None = None, kind: str | None = None
    ) -> EventConnection | None:
        """A keyset page of events."""
        context, limit = info.context, page_size(first)
        place = context.ids.read_cursor("events", after)
        page = await context.ask(context.inquiry.events, context.events, place, limit, kind)
        return events_page(info, page, after)

    @strawberry.field(
        description="Who and what has exactly one grid cell, by kind and source, and why the "
        "others have not. Counted anew when the graph changed."
    )
    async def coverage(self, info: Asked) -> Coverage | None:
        """The coverage report."""
        context = info.context
        return coverage_of(await context.ask(context.inquiry.coverage, context.coverages))

    @strawberry.field(description="The kinds of entities and edges, their properties and words.")
    def vocabulary(self) -> Vocabulary:
        """The vocabulary."""
        return vocabulary()
