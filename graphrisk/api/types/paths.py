"""Chains between entities: the shortest, and money followed in time."""

from __future__ import annotations

import strawberry

from graphrisk.api.types.entities import Entity, GraphEdge
from graphrisk.api.types.scalars import Long


@strawberry.type(description="A shortest chain of edges between two entities.")
class Path:
    """``entities`` has one more than ``edges``."""

    length: int
    entities: list[Entity | None]
    edges: list[GraphEdge | None]


@strawberry.type(description="One event of a trace.")
class TraceStep:
    """A hop and how far from the start it was made."""

    layer: int
    edge: GraphEdge


@strawberry.type(description="Events followed strictly forward or backward in time.")
class Trace:
    """In order of layer, then time."""

    steps: list[TraceStep]
    total: Long
    truncated: bool = strawberry.field(description="A cap was reached: there is more.")


@strawberry.type(description="What a search found.")
class SearchResult:
    """In order of kind, then arrival."""

    entities: list[Entity]
    total: Long
    truncated: bool
