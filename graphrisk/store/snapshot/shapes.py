"""What a snapshot keeps of each kind, and how an export becomes those columns.

Three tables a kind could fill:

====== ============================ ============ ===============================================
table  one row per                  sorted by    columns
====== ============================ ============ ===============================================
edges  edge that is believed now    ``eid``      ``eid, src, dst`` (+ validity) + numbers
facts  node assertion believed now  ``vid``      ``vid, nid, source``, validity, ``known_from``,
                                                 properties
keys   node                         ``nid``      ``nid, key``
====== ============================ ============ ===============================================

Superseded versions are dropped at the door; ended ones stay, because only the store's latest known
time tells whether a state has ended. Encrypted values stay out: no algorithm may need one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.store.columns import NUMBER, TEXT, VALIDITY, property_fields
from graphrisk.store.contract import Int64Array, Reader
from graphrisk_schema.model import Nature, Property, PropertyType
from graphrisk_schema.reader import load_schema

_WHOLE = frozenset({PropertyType.INT, PropertyType.MONEY, PropertyType.TIME})
_REAL = frozenset({PropertyType.FLOAT})


class Content(StrEnum):
    """Which of the three tables."""

    EDGES = "edges"
    FACTS = "facts"
    KEYS = "keys"


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One table of the snapshot: the content and the node or edge kind."""

    content: Content
    kind: str

    @property
    def name(self) -> str:
        """Stem of its files."""
        return f"{self.content}.{self.kind}"

    @property
    def key(self) -> str:
        """The column that identifies a row, and its order."""
        return {Content.EDGES: "eid", Content.FACTS: "vid", Content.KEYS: "nid"}[self.content]

    @property
    def ends(self) -> tuple[str, ...]:
        """Columns that name nodes: a row goes when one of its nodes is erased."""
        return ("src", "dst") if self.content is Content.EDGES else ("nid",)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an export says of one part: rows to hold now, keys of all rows it touched, rows read."""

    rows: pa.Table
    touched: Int64Array  # sorted, unique
    read: int


def all_parts(kinds: frozenset[str] | None) -> tuple[Part, ...]:
    """The parts for the allowed ``kinds`` of nodes and edges (``None``: all), in a fixed order."""
    schema = load_schema()
    nodes = [kind for kind in schema.nodes if kinds is None or kind in kinds]
    edges = [kind for kind in schema.edges if kinds is None or kind in kinds]
    contents = [(Content.EDGES, edges), (Content.FACTS, nodes), (Content.KEYS, nodes)]
    return tuple(Part(content, kind) for content, names in contents for kind in names)


def numeric_properties(edge_kind: str) -> list[Property]:
    """Properties of an edge kind that algorithms see as numbers."""
    return [p for p in load_schema().edges[edge_kind].properties if p.type in _WHOLE | _REAL]


@cache
def part_schema(part: Part) -> pa.Schema:
    """Columns of a part's files."""
    if part.content is Content.KEYS:
        return pa.schema([pa.field("nid", NUMBER), pa.field("key", TEXT)])
    if part.content is Content.FACTS:
        kept = tuple(
            p
            for p in load_schema().nodes[part.kind].properties
            if p.type is not PropertyType.CIPHER
        )
        head = [pa.field(name, NUMBER) for name in ("vid", "nid")]
        head.append(pa.field("source", TEXT))
        head += [pa.field(name, NUMBER) for name in (*VALIDITY, "known_from")]
        return pa.schema([*head, *property_fields(kept)])
    times = VALIDITY if load_schema().edges[part.kind].nature is Nature.STATE else ()
    head = [pa.field(name, NUMBER) for name in ("eid", "src", "dst", *times)]
    numbers = tuple(numeric_properties(part.kind))
    return pa.schema([field.with_nullable(False) for field in [*head, *property_fields(numbers)]])


def read_changes(reader: Reader, part: Part, since: int, upto: int) -> Changes:
    """Read one part's rows with ``since < changed_seq <= upto``. Cost: linear in those rows."""
    if part.content is Content.EDGES:
        names = list(part_schema(part).names)
        names += ["known_to"] if "valid_to" in names else []
        return _collect(part, reader.export_edges(part.kind, since, upto, names))
    export = reader.export_nodes if part.content is Content.FACTS else reader.export_keys
    return _collect(part, export(part.kind, since, upto))


def _collect(part: Part, batches: Iterable[pa.RecordBatch]) -> Changes:
    """Keep what is believed now, in key order."""
    schema = part_schema(part)
    kept: list[pa.RecordBatch] = []
    touched: list[Int64Array] = []
    read = 0
    for batch in batches:
        read += batch.num_rows
        touched.append(np.asarray(batch.column(part.key)))
        if "known_to" in batch.schema.names:
            batch = batch.filter(pa.array(np.asarray(batch.column("known_to")) == OPEN))
        kept.append(_conform(batch, schema))
    rows = in_order(pa.Table.from_batches(kept, schema=schema), part.key)
    keys = np.unique(np.concatenate(touched)) if touched else np.empty(0, np.int64)
    return Changes(rows, keys, read)


def _conform(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Pick the kept columns; where nulls are not allowed they become 0 and NaN."""
    columns = []
    for field in schema:
        column = batch.column(field.name)
        if not field.nullable and column.null_count:
            column = column.fill_null(float("nan") if pa.types.is_floating(field.type) else 0)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def in_order(table: pa.Table, key: str) -> pa.Table:
    """The table in ascending ``key`` order; not copied when it already is."""
    keys = table.column(key).to_numpy()
    if len(keys) < 2 or bool((keys[1:] > keys[:-1]).all()):
        return table
    return table.take(np.argsort(keys, kind="stable"))
