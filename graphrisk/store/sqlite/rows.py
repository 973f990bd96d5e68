"""Between Arrow columns and SQLite rows, without a Python object of our own per row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.contract import Int64Array

Column: TypeAlias = "pa.ChunkedArray[pa.Scalar[pa.DataType]] | Int64Array"
#: Stands for null in an array of numbers; no fact can have it: it lies below ``clock.BEGIN``.
_NULL = -(2**63)
Rows: TypeAlias = "Sequence[apsw.SQLiteValues]"


def numbers(rows: Iterable[apsw.SQLiteValues], width: int = 1) -> Int64Array:
    """Rows of ``width`` integers, none null, as an array of shape (rows, width)."""
    return np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, width)


def nullable_numbers(
    connection: apsw.Connection, expressions: Sequence[str], rows: str, bindings: apsw.Bindings
) -> list[pa.Array[pa.Scalar[pa.DataType]]]:
    """Columns of integers, nulls in their place, without an object a row that outlives it."""
    select = ", ".join(f"coalesce({expression}, {_NULL})" for expression in expressions)
    cursor = connection.execute(f"SELECT {select} FROM {rows}", bindings)
    columns = np.ascontiguousarray(numbers(cursor, len(expressions)).T)
    return [pa.array(column, mask=column == _NULL) for column in columns]


def array(values: Int64Array) -> apsw.CArrayBinding:
    """A binding for ``carray(?)`` over the numbers; at least one."""
    return apsw.carray(np.ascontiguousarray(values, np.int64))


def texts(values: Sequence[str]) -> apsw.CArrayBinding:
    """A binding for ``carray(?)`` over the texts; at least one."""
    return apsw.carray(tuple(values))


def table(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Rows fetched in the order of the schema's columns."""
    if not rows:
        return schema.empty_table()
    columns = zip(*rows, strict=True)
    arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def values(column: Column) -> list[apsw.SQLiteValue]:
    """A column as the values that a statement takes; null is ``None``."""
    if isinstance(column, np.ndarray):
        return list(column.tolist())
    if column.null_count and not pa.types.is_string(column.type):
        return list(column.to_pylist())  # type: ignore[misc]  # the stub wants one type
    return list(column.to_numpy().tolist())


def int64(rows: pa.Table, name: str) -> Int64Array:
    """A column without nulls."""
    column: Int64Array = rows.column(name).to_numpy()
    return column


def _array(values_: Sequence[object], kind: pa.DataType) -> pa.Array[pa.Scalar[pa.DataType]]:
    if pa.types.is_boolean(kind):
        return pa.array(values_, pa.int8()).cast(kind)
    return pa.array(values_, kind)
