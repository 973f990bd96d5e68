"""The vocabulary in GraphQL: names of kinds, their words in Chinese and English."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING

import strawberry

from graphrisk.api.types.scalars import Long
from graphrisk_schema import model
from graphrisk_schema.reader import load_schema

if TYPE_CHECKING:

    class NodeKind(StrEnum):
        """Kinds of nodes: one member a file of the vocabulary."""

    class EdgeKind(StrEnum):
        """Kinds of edges: one member a file of the vocabulary."""
else:
    NodeKind = StrEnum("NodeKind", {name: name for name in load_schema().nodes})
    EdgeKind = StrEnum("EdgeKind", {name: name for name in load_schema().edges})


def _described(names: type[StrEnum], described: dict[str, str], doc: str) -> None:
    strawberry.enum(names, description=doc)
    for value in names.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = described[value.name]


_described(
    NodeKind,
    {name: f"{kind.label_zh} · {kind.doc}" for name, kind in load_schema().nodes.items()},
    "Kinds of entities.",
)
_described(
    EdgeKind,
    {name: f"{kind.label_zh} · {kind.doc}" for name, kind in load_schema().edges.items()},
    "Kinds of edges.",
)


@strawberry.enum(description="Which end of an edge is looked at from.")
class Direction(Enum):
    """From the source on, or back from the target."""

    OUT = "out"
    IN = "in"


@strawberry.enum(description="How the facts of an edge behave over time.")
class Nature(Enum):
    """As ``graphrisk_schema.model.Nature``."""

    EVENT = "event"
    STATE = "state"
    AGGREGATE = "aggregate"


@strawberry.type(description="The same in Chinese and in English.")
class Words:
    """Both languages at once: the reader's side chooses."""

    zh: str
    en: str


@strawberry.type(description="A property that a kind declares.")
class PropertyInfo:
    """A property of the vocabulary."""

    name: str
    label: Words
    doc: str
    type: str = strawberry.field(
        description="text, int, float, bool, money (fen), time, token (keyed hash)."
    )
    unit: str | None
    sensitivity: str


@strawberry.type(description="A kind of entity.")
class NodeKindInfo:
    """A node kind of the vocabulary."""

    kind: NodeKind
    label: Words
    doc: str
    properties: list[PropertyInfo]


@strawberry.type(description="A kind of edge and the kinds of entities it joins.")
class EdgeKindInfo:
    """An edge kind of the vocabulary."""

    kind: EdgeKind
    label: Words
    doc: str
    nature: Nature
    directed: bool
    sources: list[NodeKind]
    targets: list[NodeKind]
    properties: list[PropertyInfo]


@strawberry.type(description="All kinds there are.")
class Vocabulary:
    """The vocabulary."""

    node_kinds: list[NodeKindInfo]
    edge_kinds: list[EdgeKindInfo]


@strawberry.type(description="How many there are of a kind of entity or edge.")
class KindCount:
    """A line of ``counts``."""

    kind: str
    label: Words
    count: Long


def words(kind: model.NodeKind | model.EdgeKind | model.Property) -> Words:
    """The words of a kind or property."""
    return Words(zh=kind.label_zh, en=kind.label_en)


def label(kind: str) -> Words:
    """The words of a node or edge kind by name."""
    schema = load_schema()
    return words(schema.nodes[kind] if kind in schema.nodes else schema.edges[kind])


def vocabulary() -> Vocabulary:
    """The whole vocabulary as GraphQL says it."""
    schema = load_schema()
    return Vocabulary(
        node_kinds=[
            NodeKindInfo(
                kind=NodeKind(kind.name),
                label=words(kind),
                doc=kind.doc,
                properties=_properties(kind.properties),
            )
            for kind in schema.nodes.values()
        ],
        edge_kinds=[
            EdgeKindInfo(
                kind=EdgeKind(kind.name),
                label=words(kind),
                doc=kind.doc,
                nature=Nature(kind.nature.value),
                directed=kind.directed,
                sources=[NodeKind(name) for name in kind.sources],
                targets=[NodeKind(name) for name in kind.targets],
                properties=_properties(kind.properties),
            )
            for kind in schema.edges.values()
        ],
    )


def _properties(properties: tuple[model.Property, ...]) -> list[PropertyInfo]:
    """Those that are ever shown: encrypted values are not."""
    return [
        PropertyInfo(
            name=one.name,
            label=words(one),
            doc=one.doc,
            type=one.type.value,
            unit=one.unit,
            sensitivity=one.sensitivity.value,
        )
        for one in properties
        if one.type is not model.PropertyType.CIPHER
    ]
