"""Entities and the edges between them, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from graphrisk.analysis import entities as seen
from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.times import time_text
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.reasons import Score, score_of
from graphrisk.api.types.scalars import DateTime, Long, Scalar, time_of
from graphrisk.api.types.vocabulary import Direction, EdgeKind, NodeKind, Words, label, words
from graphrisk.core.errors import NotFound
from graphrisk.store.contract import NOW, AsOf, NeighbourQuery
from graphrisk_schema.model import PropertyType

if TYPE_CHECKING:
    from graphrisk.api.types.findings import Finding
    from graphrisk.api.types.identity import IdentityJudgementConnection


@strawberry.type(description="A property with its value.")
class Property:
    """As the viewer sees it."""

    name: str
    label: Words
    type: str
    unit: str | None
    value: Scalar | None
    masked: bool = strawberry.field(description="The viewer sees less than there is.")


@strawberry.type(description="The delivered file and row that a fact came from.")
class Provenance:
    """Down to the row of the file."""

    source: str
    delivery: str = strawberry.field(description="SHA-256 of the delivered file.")
    file: str
    row: Long | None = strawberry.field(
        description="Line of a text file, row of another; null for a sum of many rows."
    )
    mode: str = strawberry.field(description="full, delta or events.")
    known_at: DateTime | None


@strawberry.type(description="How many edges of a kind an entity has in one direction.")
class NeighbourCount:
    """Asked for first: it says what a page of neighbours would cost."""

    edge_kind: EdgeKind
    label: Words
    direction: Direction
    count: Long


@strawberry.type(description="One fact that joins two entities.")
class GraphEdge:
    """A state, an event, or a sum of events."""

    edge: strawberry.Private[seen.Edge]
    as_of: strawberry.Private[AsOf]
    id: strawberry.ID
    kind: EdgeKind
    label: Words
    properties: list[Property]
    valid_from: DateTime | None
    valid_to: DateTime | None
    known_from: DateTime | None
    known_to: DateTime | None

    @strawberry.field(description="Where it begins.")
    async def source(self, info: Asked) -> Entity | None:
        """The entity at its source."""
        return await load_entity(info, self.edge.src, self.as_of)

    @strawberry.field(description="Where it leads.")
    async def target(self, info: Asked) -> Entity | None:
        """The entity at its target."""
        return await load_entity(info, self.edge.dst, self.as_of)

    @strawberry.field(description="Where the fact comes from.")
    async def provenance(self, info: Asked) -> Provenance | None:
        """The file and row behind it."""
        origin = await info.context.batches.origin.load(self.edge.batch_id)
        if origin is None:
            return None
        return Provenance(
            source=origin.source,
            delivery=origin.delivery,
            file=origin.file,
            row=None if self.edge.row is None else Long(self.edge.row),
            mode=origin.mode,
            known_at=time_of(origin.known_at),
        )


@strawberry.type(description="A neighbour and the edge that leads to it.")
class NeighbourEdge:
    """A row of a page of neighbours."""

    nid: strawberry.Private[int]
    cursor: str
    edge: GraphEdge

    @strawberry.field(description="The entity at the other end.")
    async def node(self, info: Asked) -> Entity | None:
        """The neighbour."""
        return await load_entity(info, self.nid, self.edge.as_of)


@strawberry.type(description="A page of neighbours over one kind of edge, in order of arrival.")
class NeighbourConnection:
    """``total`` counts all that match, not those of the page."""

    edges: list[NeighbourEdge]
    page_info: PageInfo
    total: Long


@strawberry.type(description="A person, a number, an account, a firm, a document, a place …")
class Entity:
    """A node, at the moment that was asked for."""

    nid: strawberry.Private[int]
    as_of: strawberry.Private[AsOf]
    id: strawberry.ID
    kind: NodeKind
    label: Words
    key: str = strawberry.field(description="As its register writes it; masked where personal.")
    caption: str = strawberry.field(description="What to call it.")
    properties: list[Property]
    redacted: bool = strawberry.field(
        description="It lies outside the viewer's areas: of it he sees its kind alone."
    )

    @strawberry.field(description="Risk in the latest run; null before the first run.")
    async def score(self, info: Asked) -> Score | None:
        """Score with reasons."""
        found = await info.context.batches.score.load(self.nid)
        return None if found is None else score_of(*found)

    @strawberry.field(description="Findings of the latest run it is a member of.")
    async def findings(
        self, info: Asked
    ) -> list[Annotated[Finding, strawberry.lazy("graphrisk.api.types.findings")]]:
        """The strongest first."""
        from graphrisk.api.types.findings import finding_of

        found = await info.context.batches.findings.load(self.nid)
        return [finding_of(one) for one in found or []]

    @strawberry.field(
        description="Records that are judged to speak of one person with this one, itself among "
        "them, as judged now; a score shows it from the next detection on."
    )
    async def records(self, info: Asked) -> list[Entity]:
        """In order of arrival."""
        if self.redacted:
            return []
        nids = await info.context.batches.records.load(self.nid)
        found = await load_entities(info, nids or [self.nid])
        return [one for one in found if one is not None]

    @strawberry.field(description="All that was ever judged of this record, oldest first.")
    async def judgements(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> Annotated[IdentityJudgementConnection, strawberry.lazy("graphrisk.api.types.identity")]:
        """One page."""
        from graphrisk.api.types.identity import judgements_page

        return await judgements_page(info, self.nid, page_size(first), after)

    @strawberry.field(description="Edges by kind and direction: ask before you expand.")
    async def neighbour_counts(self, info: Asked) -> list[NeighbourCount]:
        """Counts, none of them 0."""
        degrees = await info.context.ask(info.context.inquiry.degrees, self.nid, self.as_of)
        return [
            NeighbourCount(
                edge_kind=EdgeKind(one.edge_kind),
                label=label(one.edge_kind),
                direction=Direction(one.direction),
                count=Long(one.count),
            )
            for one in degrees
        ]

    @strawberry.field(
        description="Neighbours over one kind of edge. `since` and `until` (half-open) cut events "
        "by their time and sums by their span; states ignore them."
    )
    async def neighbours(
        self,
        info: Asked,
        edge_kind: EdgeKind,
        direction: Direction = Direction.OUT,
        first: int = 50,
        after: str | None = None,
        since: DateTime | None = None,
        until: DateTime | None = None,
    ) -> NeighbourConnection:
        """One page, in eid order."""
        query = NeighbourQuery(
            nid=self.nid,
            edge_kind=edge_kind.value,
            direction="out" if direction is Direction.OUT else "in",
            since=since,
            until=until,
            after_eid=info.context.ids.read_cursor("neighbours", after),
            limit=page_size(first),
        )
        page = await info.context.ask(info.context.inquiry.neighbours, query, self.as_of)
        rows = [
            NeighbourEdge(
                nid=edge.dst if direction is Direction.OUT else edge.src,
                cursor=info.context.ids.cursor("neighbours", edge.eid),
                edge=edge_of(info, edge, self.as_of),
            )
            for edge in page.edges
        ]
        return NeighbourConnection(
            edges=rows,
            page_info=page_info([row.cursor for row in rows], page.has_next, after),
            total=Long(page.total),
        )


async def load_entity(info: Asked, nid: int, as_of: AsOf) -> Entity | None:
    """The entity with that number, gathered with the others the request needs."""
    found = await info.context.batches.entity.load((nid, as_of))
    return None if found is None else entity_of(info, found, as_of)


async def load_entities(info: Asked, nids: Sequence[int], as_of: AsOf = NOW) -> list[Entity | None]:
    """The entities with these numbers, in that order, by one read."""
    found = await info.context.batches.entity.load_many([(nid, as_of) for nid in nids])
    return [None if one is None else entity_of(info, one, as_of) for one in found]


async def load_edges(info: Asked, eids: Sequence[int]) -> list[GraphEdge | None]:
    """The edges with these numbers, in that order, by one read."""
    found = await info.context.batches.edge.load_many([(eid, NOW) for eid in eids])
    return [None if one is None else edge_of(info, one, NOW) for one in found]


async def required_entity(info: Asked, public_id: str, as_of: AsOf) -> Entity:
    """The entity behind an id; ``NotFound`` when it is nobody's."""
    kind, nid = info.context.ids.read_entity(public_id)
    found = await load_entity(info, nid, as_of)
    if found is None or found.kind.value != kind:
        raise NotFound("no such entity")
    return found


def entity_of(info: Asked, entity: seen.Entity, as_of: AsOf) -> Entity:
    """An entity as GraphQL says it."""
    return Entity(
        nid=entity.nid,
        as_of=as_of,
        id=strawberry.ID(info.context.entity_id(entity)),
        kind=NodeKind(entity.kind),
        label=label(entity.kind),
        key=entity.key,
        caption=entity.caption,
        properties=[property_of(value) for value in entity.values],
        redacted=entity.redacted,
    )


def edge_of(info: Asked, edge: seen.Edge, as_of: AsOf) -> GraphEdge:
    """An edge as GraphQL says it."""
    return GraphEdge(
        edge=edge,
        as_of=as_of,
        id=strawberry.ID(info.context.ids.edge(edge.kind, edge.eid)),
        kind=EdgeKind(edge.kind),
        label=label(edge.kind),
        properties=[property_of(value) for value in edge.values],
        valid_from=time_of(edge.valid_from),
        valid_to=time_of(edge.valid_to),
        known_from=time_of(edge.known_from),
        known_to=time_of(edge.known_to),
    )


def property_of(value: seen.Value) -> Property:
    """A property as GraphQL says it."""
    described = value.property
    told: object = value.value
    if described.type is PropertyType.TIME and isinstance(value.value, int):
        told = time_text(value.value)
    return Property(
        name=described.name,
        label=words(described),
        type=described.type.value,
        unit=described.unit,
        value=None if told is None else Scalar(told),
        masked=value.masked,
    )
