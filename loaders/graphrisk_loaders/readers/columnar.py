"""Parquet: columns already typed; a row's line is its number, from 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk_loaders.readers.block import Block, FileError

_BATCH_ROWS = 65_536


def read_parquet(file: Path, columns: Sequence[str]) -> Iterator[Block]:
    """Blocks of the wanted columns.

    Raises:
        FileError: no Parquet file, a torn one, or one without a wanted column.
    """
    line, size = 1, file.stat().st_size
    try:
        source = pq.ParquetFile(file)
        missing = [name for name in columns if name not in source.schema_arrow.names]
        if missing:
            raise FileError(f"the file lacks {', '.join(missing)}", 1)
        for batch in source.iter_batches(_BATCH_ROWS, columns=list(columns)):
            table = pa.Table.from_batches([batch]).select(list(columns))
            following = line + batch.num_rows
            done = size * (following - 1) // source.metadata.num_rows
            yield Block(table, np.arange(line, following), done)
            line = following
    except (pa.ArrowInvalid, OSError) as error:
        raise FileError(f"no readable Parquet: {error}", line) from error


def read_names(file: Path) -> list[str]:
    """Names of the columns; empty when the file is no Parquet."""
    try:
        return list(pq.read_schema(file).names)
    except (pa.ArrowInvalid, OSError):
        return []
