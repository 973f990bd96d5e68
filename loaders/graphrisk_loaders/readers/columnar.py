"""Parquet: columns already typed; a row's line is its number, from 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk_loaders.readers.block import (
    NO_ALIASES,
    Aliases,
    BadRow,
    Block,
    FileError,
    called,
)
from graphrisk_loaders.times import is_known_zone

#: As many as a transaction of Neo4j bears in a small heap, each row making several facts.
_BATCH_ROWS = 32_768
_READABLE: tuple[Callable[[Any], bool], ...] = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_timestamp,
    pa.types.is_date,
    pa.types.is_null,
)


def read_parquet(
    file: Path, columns: Sequence[str], aliases: Aliases = NO_ALIASES
) -> Iterator[Block]:
    """Blocks of the wanted columns.

    Raises:
        FileError: no Parquet file, a torn one, or one without a wanted column.
    """
    line, size = 1, file.stat().st_size
    try:
        with pq.ParquetFile(file) as source:
            there = source.schema_arrow.names
            names = called(there, aliases)
            _check(source.schema_arrow, names, columns)
            wanted = [there[names.index(name)] for name in columns]
            for batch in source.iter_batches(_BATCH_ROWS, columns=wanted):
                if not batch.num_rows:
                    continue
                following = line + batch.num_rows
                done = size * (following - 1) // source.metadata.num_rows
                yield _checked(
                    Block(_plain(batch, wanted, columns), np.arange(line, following), done)
                )
                line = following
    except (pa.ArrowException, OSError) as error:
        if _is_of_the_disk(error):
            raise
        raise FileError(f"no readable Parquet: {str(error).splitlines()[0]}", line) from error


def read_names(file: Path) -> list[str]:
    """Names of the columns; none when the file is no Parquet."""
    try:
        return list(pq.read_schema(file).names)
    except (pa.ArrowException, OSError):
        return []


def _is_of_the_disk(error: Exception) -> bool:
    """Arrow tells torn files by the type of faults of the disk, which have a number."""
    return isinstance(error, OSError) and error.errno is not None


def _check(schema: pa.Schema, names: Sequence[str], columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in names]
    if missing:
        raise FileError(f"the file lacks {', '.join(missing)}", 1)
    for name in columns:
        if names.count(name) > 1:
            raise FileError(f"the file names {name} twice", 1)
        kind = schema.field(names.index(name)).type
        if not any(fits(_value_type(kind)) for fits in _READABLE):
            raise FileError(f"{name} holds {kind}; texts, numbers, times and dates are read", 1)
        if pa.types.is_timestamp(kind) and kind.tz is not None and not is_known_zone(kind.tz):
            raise FileError(f"{name} holds times of a zone that is not known: {kind.tz}", 1)


def _value_type(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _plain_type(kind: Any) -> Any:
    """What a column is read as: Arrow cannot count with half-precision numbers."""
    value = _value_type(kind)
    return pa.float32() if pa.types.is_float16(value) else value


def _plain(batch: pa.RecordBatch, wanted: Sequence[str], columns: Sequence[str]) -> pa.Table:
    """The wanted columns as the mapping calls them, of types that convert."""
    found = [batch.column(name) for name in wanted]
    return pa.table([c.cast(_plain_type(c.type)) for c in found], names=list(columns))


def _checked(block: Block) -> Block:
    """The block without rows whose texts are no UTF-8: Parquet does not look at them."""
    try:
        block.rows.validate(full=True)
    except pa.ArrowInvalid:
        torn = np.zeros(len(block.lines), np.bool_)
        for column in block.rows.columns:
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                torn |= [_is_torn(value) for value in column.cast(pa.binary()).to_pylist()]
        bad = [BadRow(line, "", "", "a text is not utf-8") for line in block.lines[torn].tolist()]
        rows = block.rows.filter(pa.array(~torn))
        return Block(rows, block.lines[~torn], block.done, bad)
    return block


def _is_torn(value: bytes | None) -> bool:
    try:
        (value or b"").decode()
    except UnicodeDecodeError:
        return True
    return False
