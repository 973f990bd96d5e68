"""Columns out, in order, in bounded memory.

A full export walks the table by the number that orders it; rows changed since a watermark come
through the index of ``changed_seq``. Each batch is a statement of its own: a row that changes
meanwhile bears a later sequence and comes with the next export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.columns import KEY_EXPORT, edge_export_schema, node_export_schema
from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite import shapes
from graphrisk.store.sqlite.rows import array, numbers, table

_BATCH_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: a table, the number that orders it, and how the columns are read."""

    table: str
    number: str
    columns: str
    schema: pa.Schema


def nodes(kind: str) -> Source:
    """Versions of assertions in vid order."""
    facts, schema = shapes.assertions(kind), node_export_schema(kind)
    return Source(facts.table, facts.number, facts.columns(schema), schema)


def keys(kind: str) -> Source:
    """Keys of nodes in nid order."""
    columns = ", ".join(KEY_EXPORT.names)
    return Source(f'"{shapes.node_kind(kind).name}"', "nid", columns, KEY_EXPORT)


def edges(kind: str) -> Source:
    """Rows of an edge kind in vid order."""
    facts, schema = shapes.edges(kind), edge_export_schema(kind)
    return Source(facts.table, facts.number, facts.columns(schema), schema)


def export(
    connection: apsw.Connection, source: Source, since: int, upto: int
) -> Iterator[pa.RecordBatch]:
    """Rows with ``since < changed_seq <= upto``. Cost: linear in them, or a scan of the table
    when ``since`` is 0.
    """
    parts = _walk if since == 0 else _changed
    for rows in parts(connection, source, since, upto):
        yield from table(rows, source.schema).to_batches()


def _walk(
    connection: apsw.Connection, source: Source, since: int, upto: int
) -> Iterator[list[apsw.SQLiteValues]]:
    after = -1
    while True:
        last = connection.execute(
            f"SELECT max(n) FROM (SELECT {source.number} AS n FROM {source.table} "
            f"WHERE {source.number} > ? ORDER BY 1 LIMIT ?)",
            (after, _BATCH_ROWS),
        ).get
        if last is None:
            return
        yield connection.execute(
            f"SELECT {source.columns} FROM {source.table} f WHERE {source.number} > ? "
            f"AND {source.number} <= ? AND +changed_seq > ? AND +changed_seq <= ? "
            f"ORDER BY {source.number}",
            (after, last, since, upto),
        ).fetchall()
        after = last


def _changed(
    connection: apsw.Connection, source: Source, since: int, upto: int
) -> Iterator[list[apsw.SQLiteValues]]:
    changed: Int64Array = np.sort(
        numbers(
            connection.execute(
                f"SELECT {source.number} FROM {source.table} "
                "WHERE changed_seq > ? AND changed_seq <= ?",
                (since, upto),
            )
        )[:, 0]
    )
    for start in range(0, len(changed), _BATCH_ROWS):
        yield connection.execute(
            f"SELECT {source.columns} FROM carray(?) CROSS JOIN {source.table} f "
            f"ON {source.number} = value WHERE changed_seq <= ? ORDER BY {source.number}",
            (array(changed[start : start + _BATCH_ROWS]), upto),
        ).fetchall()
