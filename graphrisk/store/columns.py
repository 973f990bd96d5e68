"""Arrow shapes of the contract's tables, derived from the vocabulary; for both engines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pyarrow as pa

from graphrisk.core.errors import BadInput
from graphrisk_schema.model import Nature, Property, PropertyType
from graphrisk_schema.reader import load_schema

NUMBER: pa.DataType = pa.int64()
TEXT: pa.DataType = pa.string()
_REAL: pa.DataType = pa.float64()

_ARROW: dict[PropertyType, pa.DataType] = {
    PropertyType.TEXT: TEXT,
    PropertyType.INT: NUMBER,
    PropertyType.FLOAT: _REAL,
    PropertyType.BOOL: pa.bool_(),
    PropertyType.MONEY: NUMBER,
    PropertyType.TIME: NUMBER,
    PropertyType.TOKEN: TEXT,
    PropertyType.CIPHER: TEXT,
}

VALIDITY = ("valid_from", "valid_to")
KNOWLEDGE = ("known_from", "known_to")


def property_fields(properties: tuple[Property, ...]) -> list[pa.Field[pa.DataType]]:
    """Arrow fields of the properties, in the vocabulary's order."""
    return [pa.field(p.name, _ARROW[p.type]) for p in properties]


def chosen(schema: pa.Schema, columns: Sequence[str] | None) -> pa.Schema:
    """Some of the columns in the order named; all when ``None``."""
    if columns is None:
        return schema
    unknown = [name for name in columns if name not in schema.names]
    if unknown:
        raise BadInput(f"no such columns: {', '.join(unknown)}")
    return pa.schema([schema.field(name) for name in columns])


def _numbers(*names: str) -> list[pa.Field[pa.DataType]]:
    return [pa.field(name, NUMBER) for name in names]


@cache
def node_schema(kind: str) -> pa.Schema:
    """Rows of ``get_nodes`` and ``scan_nodes``: ``nid, key`` and properties."""
    properties = load_schema().nodes[kind].properties
    return pa.schema([*_numbers("nid"), pa.field("key", TEXT), *property_fields(properties)])


@cache
def edge_schema(edge_kind: str) -> pa.Schema:
    """Rows of ``get_edges`` and ``neighbours`` (the contract's EDGE_COLUMNS)."""
    edge = load_schema().edges[edge_kind]
    times = (*VALIDITY, *KNOWLEDGE) if edge.nature is Nature.STATE else ()
    head = _numbers("eid", "src", "dst", *times, "batch_id", "row")
    return pa.schema([*head, *property_fields(edge.properties)])


@cache
def node_export_schema(kind: str) -> pa.Schema:
    """Batches of ``export_nodes``."""
    properties = load_schema().nodes[kind].properties
    head = [*_numbers("vid", "nid"), pa.field("source", TEXT)]
    return pa.schema(
        [*head, *_numbers(*VALIDITY, *KNOWLEDGE, "changed_seq"), *property_fields(properties)]
    )


KEY_EXPORT = pa.schema(
    [pa.field("nid", NUMBER), pa.field("key", TEXT), pa.field("changed_seq", NUMBER)]
)
BATCHES = pa.schema(
    [
        pa.field("batch_id", NUMBER),
        *(pa.field(name, TEXT) for name in ("source", "delivery", "file", "mode")),
        pa.field("known_at", NUMBER),
    ]
)
SCORES = pa.schema(
    [
        pa.field("nid", NUMBER),
        pa.field("model", TEXT),
        pa.field("score", _REAL),
        pa.field("run", TEXT),
    ]
)
TRACE = pa.schema(_numbers("layer", "eid", "src", "dst", "at", "amount"))
SEARCH = pa.schema([pa.field("nid", NUMBER), pa.field("kind", TEXT), pa.field("key", TEXT)])
COUNTS = pa.schema(
    [
        pa.field("edge_kind", TEXT),
        pa.field("direction", TEXT),
        pa.field("count", NUMBER),
    ]
)


@cache
def edge_export_schema(edge_kind: str) -> pa.Schema:
    """Batches of ``export_edges``."""
    edge = load_schema().edges[edge_kind]
    times = (*VALIDITY, *KNOWLEDGE) if edge.nature is Nature.STATE else ()
    head = _numbers("vid", "eid", "src", "dst", *times, "changed_seq")
    return pa.schema([*head, *property_fields(edge.properties)])
