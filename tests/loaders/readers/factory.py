"""Files as they are delivered, and short words for what a reader makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from graphrisk_loaders.readers.block import Block, FileError
from graphrisk_loaders.readers.delimited import read_csv

Rows = list[tuple[int, tuple[str, ...]]]
Faults = list[tuple[int, str]]


def rows_of(blocks: Iterable[Block]) -> tuple[Rows, Faults]:
    """Rows with their lines, and faulty lines with their reasons."""
    rows: Rows = []
    faults: Faults = []
    for block in blocks:
        values = zip(*(column.to_pylist() for column in block.rows.columns), strict=True)
        rows += zip(block.lines.tolist(), map(tuple, values), strict=True)
        faults += [(bad.line, bad.reason) for bad in block.bad]
    return rows, faults


def csv_rows(
    folder: Path,
    data: bytes,
    columns: tuple[str, ...] = ("a", "b"),
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> tuple[Rows, Faults]:
    """What the CSV reader makes of some bytes."""
    file = folder / "delivered.csv"
    file.write_bytes(data)
    return rows_of(read_csv(file, columns, encoding, delimiter))


def refused(folder: Path, data: bytes, encoding: str = "utf-8", delimiter: str = ",") -> str:
    """Why the CSV reader does not take a file, as ``line: reason``."""
    with pytest.raises(FileError) as told:
        csv_rows(folder, data, ("a", "b"), encoding, delimiter)
    return f"{told.value.line}: {told.value.reason}"
