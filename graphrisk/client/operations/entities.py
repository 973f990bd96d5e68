"""Operations: entities.

Written by ``make docs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, many, maybe, one
from graphrisk.client.operations.common import (
    EntityBrief,
    Page,
    Property,
    Provenance,
    Reason,
    Run,
    Words,
)
from graphrisk.client.operations.kinds import Direction, EdgeKind, LookupStatus, NodeKind


class ScoredEntityScore(Model):
    """Risk of an entity in the latest run."""

    value: float
    run: Run


class ScoredEntity(EntityBrief):
    """A person, a number, an account, a firm, a document, a place."""

    score: ScoredEntityScore | None


class EntityScore(Model):
    """Risk of an entity in the latest run."""

    value: float
    reasons: list[Reason]
    run: Run


class EntityFindings(Model):
    """A suspected ring, with reasons, roles and evidence."""

    id: str
    kind: str
    label: Words
    score: float


class EntityNeighbourCounts(Model):
    """How many edges of a kind an entity has in one direction."""

    edge_kind: EdgeKind
    label: Words
    direction: Direction
    count: int


class Entity(EntityBrief):
    """A person, a number, an account, a firm, a document, a place."""

    properties: list[Property]
    score: EntityScore | None
    findings: list[EntityFindings]
    records: list[EntityBrief]
    neighbour_counts: list[EntityNeighbourCounts]


class GraphEdge(Model):
    """One fact that joins two entities."""

    id: str
    kind: EdgeKind
    label: Words
    properties: list[Property]
    valid_from: datetime | None
    valid_to: datetime | None
    known_from: datetime | None
    known_to: datetime | None
    provenance: Provenance | None


class Fact(GraphEdge):
    """One fact that joins two entities."""

    source: EntityBrief | None
    target: EntityBrief | None


class Search(Model):
    """What a search found."""

    total: int
    truncated: bool
    entities: list[ScoredEntity]


class Lookup(Model):
    """One line of a look-up."""

    line: int
    status: LookupStatus
    label: Words
    entity: ScoredEntity | None
    others: list[EntityBrief]


class NeighboursNeighboursEdges(Model):
    """A neighbour and the edge that leads to it."""

    cursor: str
    node: EntityBrief | None
    edge: GraphEdge


class NeighboursNeighbours(Model):
    """A page of neighbours over one kind of edge, in order of arrival."""

    total: int
    edges: list[NeighboursNeighboursEdges]
    page_info: Page


class Neighbours(Model):
    """A person, a number, an account, a firm, a document, a place."""

    neighbours: NeighboursNeighbours


class ShortestPath(Model):
    """A shortest chain of edges between two entities."""

    length: int
    entities: list[EntityBrief | None]
    edges: list[GraphEdge | None]


class TraceSteps(Model):
    """One event of a trace."""

    layer: int
    edge: Fact


class Trace(Model):
    """Events followed strictly forward or backward in time."""

    total: int
    truncated: bool
    steps: list[TraceSteps]


def entity(
    *, id: str, valid_at: datetime | None = None, known_at: datetime | None = None
) -> Call[Entity | None]:
    """An entity by id:.

    as it is now, as it was (`validAt`), or as it was known then (`knownAt`). Its neighbours
    are seen at the same moment, what happens (transfers, calls) whenever it did: only
    `knownAt` leaves out what was learnt later.
    """
    return Call(
        "Entity", "entity", {"id": id, "validAt": valid_at, "knownAt": known_at}, maybe(one(Entity))
    )


def entities(*, ids: Sequence[str]) -> Call[list[ScoredEntity | None] | None]:
    """Entities by id, in the order asked; null where there is none."""
    return Call("Entities", "entities", {"ids": ids}, maybe(many(maybe(one(ScoredEntity)))))


def search(
    *, text: str, kinds: Sequence[NodeKind] | None = None, first: int = 20
) -> Call[Search | None]:
    """Entities whose key or name matches all words of `text`:.

    full words, fragments of three characters and more, Chinese characters, pinyin and its
    initials.
    """
    return Call(
        "Search", "search", {"text": text, "kinds": kinds, "first": first}, maybe(one(Search))
    )


def lookup(
    *, lines: Sequence[str], kinds: Sequence[NodeKind] | None = None
) -> Call[list[Lookup] | None]:
    """What pasted lines mean, in their order:.

    phone and account numbers, hardware numbers, credit codes, keys of registers and ids,
    500 at most; spaces, dashes, +86 and full-width digits are understood. Each line counts
    against the caller's allowance.
    """
    return Call("Lookup", "lookup", {"lines": lines, "kinds": kinds}, maybe(many(one(Lookup))))


def neighbours(
    *,
    id: str,
    edge_kind: EdgeKind,
    direction: Direction = Direction.OUT,
    first: int = 50,
    after: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    valid_at: datetime | None = None,
    known_at: datetime | None = None,
) -> Paged[Neighbours | None, EntityBrief | None]:
    """Neighbours over one kind of edge.

    `since` and `until` (half-open) cut events by their time and sums by their span; states
    ignore them.
    """
    return Paged(
        "Neighbours",
        "entity",
        {
            "id": id,
            "edgeKind": edge_kind,
            "direction": direction,
            "first": first,
            "after": after,
            "since": since,
            "until": until,
            "validAt": valid_at,
            "knownAt": known_at,
        },
        maybe(one(Neighbours)),
        lambda found: None if found is None else found.neighbours,
    )


def shortest_path(
    *, source: str, target: str, edge_kinds: Sequence[EdgeKind] | None = None, max_hops: int = 6
) -> Call[ShortestPath | None]:
    """A shortest chain between two entities, whatever the direction of its edges; null when
    there is none within `maxHops`.
    """
    return Call(
        "ShortestPath",
        "shortestPath",
        {"source": source, "target": target, "edgeKinds": edge_kinds, "maxHops": max_hops},
        maybe(one(ShortestPath)),
    )


def trace(
    *,
    account: str,
    start: datetime,
    until: datetime | None = None,
    direction: Direction = Direction.OUT,
    edge_kind: EdgeKind = EdgeKind.TRANSFERRED,
    max_hops: int = 4,
    fan_out: int = 50,
    first: int = 200,
) -> Call[Trace | None]:
    """Events from an account on, each strictly later than the one that led to it (with
    `direction:.

    IN` each strictly earlier, back to where money came from).
    """
    return Call(
        "Trace",
        "trace",
        {
            "account": account,
            "start": start,
            "until": until,
            "direction": direction,
            "edgeKind": edge_kind,
            "maxHops": max_hops,
            "fanOut": fan_out,
            "first": first,
        },
        maybe(one(Trace)),
    )
