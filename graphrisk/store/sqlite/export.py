"""Columns out, in order, in bounded memory.

A full export walks the table by the number that orders it; rows changed since a watermark come
through the index of ``changed_seq``. Events need none: they are written once, so their order is
that of the sequences, and a few looks find where a watermark lies. Each batch is a read of its
own: a row that changes meanwhile bears a later sequence and comes with the next export.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.columns import KEY_EXPORT, chosen, edge_export_schema, node_export_schema
from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite import shapes
from graphrisk.store.sqlite.rows import array, nullable_numbers, numbers, table
from graphrisk_schema.model import Nature

_BATCH_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: a table, the number that orders it, and how the columns are read."""

    table: str
    number: str
    expressions: tuple[str, ...]
    schema: pa.Schema
    in_sequence: bool = False  # rows are never changed: their order is that of changed_seq


def nodes(kind: str) -> Source:
    """Versions of assertions in vid order."""
    facts, schema = shapes.assertions(kind), node_export_schema(kind)
    return Source(facts.table, facts.number, facts.expressions(schema), schema)


def keys(kind: str) -> Source:
    """Keys of nodes in nid order."""
    table_name = f'"{shapes.node_kind(kind).name}"'
    return Source(table_name, "nid", tuple(KEY_EXPORT.names), KEY_EXPORT)


def edges(kind: str, columns: Sequence[str] | None) -> Source:
    """Rows of an edge kind in vid order."""
    facts, schema = shapes.edges(kind), chosen(edge_export_schema(kind), columns)
    in_sequence = facts.nature is Nature.EVENT
    return Source(facts.table, facts.number, facts.expressions(schema), schema, in_sequence)


def export(
    connection: apsw.Connection, source: Source, since: int, upto: int
) -> Iterator[pa.RecordBatch]:
    """Rows with ``since < changed_seq <= upto``. Cost: linear in them, or a scan of the table
    when ``since`` is 0.
    """
    if source.in_sequence:
        start, stop = (_first_after(connection, source, seq) for seq in (since, upto))
        parts = _walk(source, start, stop)
    elif since == 0:
        parts = _walk(source, 0, _end(connection, source))
    else:
        parts = _picked(connection, source, since, upto)
    # The plus keeps the planner from the index of changed_seq, which would scatter the reads.
    changed = f"+f.changed_seq > {since} AND +f.changed_seq <= {upto}"
    for rows, bindings in parts:
        yield from _fetched(connection, source, f"{rows} AND {changed}", bindings)


def _walk(source: Source, start: int, stop: int) -> Iterator[tuple[str, apsw.Bindings]]:
    """Rows by ranges of their number."""
    for low in range(start, stop, _BATCH_ROWS):
        high = min(low + _BATCH_ROWS, stop)
        yield f"{source.table} f WHERE {source.number} >= {low} AND {source.number} < {high}", ()


def _picked(
    connection: apsw.Connection, source: Source, since: int, upto: int
) -> Iterator[tuple[str, apsw.Bindings]]:
    """Rows by the numbers that the index of ``changed_seq`` names."""
    found = connection.execute(
        f"SELECT {source.number} FROM {source.table} WHERE changed_seq > ? AND changed_seq <= ?",
        (since, upto),
    )
    picked: Int64Array = np.sort(numbers(found)[:, 0])
    for start in range(0, len(picked), _BATCH_ROWS):
        part = array(picked[start : start + _BATCH_ROWS])
        yield f"carray(?) CROSS JOIN {source.table} f ON {source.number} = value WHERE 1", (part,)


def _end(connection: apsw.Connection, source: Source) -> int:
    """One more than the largest number."""
    last = connection.execute(f"SELECT max({source.number}) FROM {source.table}").get
    return 0 if last is None else int(last) + 1


def _first_after(connection: apsw.Connection, source: Source, seq: int) -> int:
    """The smallest number whose row lies beyond ``seq``, or the end."""
    low, high = 0, _end(connection, source)
    while low < high:
        middle = (low + high) // 2
        found, of_row = connection.execute(
            f"SELECT {source.number}, changed_seq FROM {source.table} "
            f"WHERE {source.number} >= ? ORDER BY 1 LIMIT 1",
            (middle,),
        ).get
        if of_row > seq:
            high = middle
        else:
            low = found + 1
    return low


def _fetched(
    connection: apsw.Connection, source: Source, rows: str, bindings: apsw.Bindings = ()
) -> Iterator[pa.RecordBatch]:
    """The columns of some rows: whole numbers in one sweep, others as the objects they are."""
    whole = [i for i, field in enumerate(source.schema) if field.type == pa.int64()]
    other = [i for i in range(len(source.schema)) if i not in whole]
    columns: dict[int, pa.Array[pa.Scalar[pa.DataType]]] = {}
    order = f"ORDER BY {source.number}"
    with connection:  # both statements see the same rows
        if whole:
            columns |= zip(
                whole,
                nullable_numbers(
                    connection, [source.expressions[i] for i in whole], f"{rows} {order}", bindings
                ),
                strict=True,
            )
        if other:
            select = ", ".join(source.expressions[i] for i in other)
            told = connection.execute(f"SELECT {select} FROM {rows} {order}", bindings).fetchall()
            schema = pa.schema([source.schema.field(i) for i in other])
            columns |= zip(
                other, (c.combine_chunks() for c in table(told, schema).columns), strict=True
            )
    arrays = [columns[i] for i in range(len(source.schema))]
    yield from pa.Table.from_arrays(arrays, schema=source.schema).to_batches()
