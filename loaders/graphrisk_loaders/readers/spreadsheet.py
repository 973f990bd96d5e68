"""XLSX: one sheet of a workbook, below the row that names the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphrisk_loaders.mapping import USUAL_TIME
from graphrisk_loaders.readers.block import (
    NO_ALIASES,
    Aliases,
    BadRow,
    Block,
    FileError,
    called,
)
from graphrisk_loaders.readers.sheet import Fault, Row, Value, read_rows
from graphrisk_loaders.readers.workbook import open_workbook

#: Offices set titles and notes above the names of columns.
HEADER_ROWS = 50
_BLOCK_ROWS = 16_384
_BLOCK_SIGNS = 4 << 20


def read_xlsx(
    file: Path,
    sheet: str,
    columns: Sequence[str],
    forms: Mapping[str, str],
    aliases: Aliases = NO_ALIASES,
) -> Iterator[Block]:
    """Blocks of the wanted columns as texts (blank ones as ""), a row's line being its number.

    Memory: the workbook's shared texts, at most 256 MiB, and a block of 4 Mi signs.

    Args:
        file: The workbook.
        sheet: Name of the sheet; empty takes the only one that holds cells.
        columns: Names in the header, which is the first row that has them all.
        forms: How a date of a column is written, as ``strftime`` says it; by default as
            ``2024-11-23``, with the time of the day where it has one.
        aliases: Other names of columns.

    Raises:
        FileError: no workbook, no such sheet, or no row names the columns.
    """
    size = file.stat().st_size
    with open_workbook(file) as workbook:
        table = _Table(columns, forms, aliases)
        for share, rows in read_rows(workbook, workbook.sheet(sheet)):
            for row in rows:
                table.add(row)
                if table.is_full:
                    yield table.block(int(size * share))
        yield table.block(size)


def read_column_names(
    file: Path, sheet: str, columns: Sequence[str], aliases: Aliases = NO_ALIASES
) -> list[str]:
    """Names in the row that names the wanted columns; none where there is no such row.

    Raises:
        FileError: no workbook.
    """
    with open_workbook(file) as workbook:
        table = _Table(columns, {}, aliases)
        for _, rows in read_rows(workbook, workbook.sheet(sheet)):
            for row in rows:
                table.add(row)
                if table.names:
                    return table.names
    return []


class _Table:
    """Rows below a header on their way into a block."""

    def __init__(self, columns: Sequence[str], forms: Mapping[str, str], aliases: Aliases) -> None:
        self.names: list[str] = []
        self._columns = list(columns)
        self._aliases = aliases
        self._forms = [forms.get(name, "") for name in columns]
        self._places: list[int] = []
        self._nearest: tuple[int, list[str]] = 1, list(columns)  # a row, and what it lacks
        self._seen = 0
        self._clear()

    def _clear(self) -> None:
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self._bad: list[BadRow] = []
        self._signs = 0

    @property
    def is_full(self) -> bool:
        """Time for a block."""
        return len(self._rows) >= _BLOCK_ROWS or self._signs >= _BLOCK_SIGNS

    def add(self, row: Row) -> None:
        """The next row of the sheet: the header, or what stands above or below it."""
        number, values = row
        if not self.names:
            self._look_for_names(number, values)
            return
        found = [values.get(place, "") for place in self._places]
        for name, value in zip(self._columns, found, strict=True):
            if isinstance(value, Fault):
                self._bad.append(BadRow(number, name, value.shown, value.reason))
                return
        texts = [
            _written(value, form) if isinstance(value, datetime) else str(value)
            for value, form in zip(found, self._forms, strict=True)
        ]
        self._rows.append(texts)
        self._lines.append(number)
        self._signs += sum(map(len, texts))

    def _look_for_names(self, number: int, values: dict[int, Value]) -> None:
        there = called([str(value).strip() for value in values.values()], self._aliases)
        missing = [name for name in self._columns if name not in there]
        if len(missing) < len(self._nearest[1]):
            self._nearest = number, missing
        self._seen += 1
        if missing:
            if self._seen == HEADER_ROWS:
                raise self._no_header()
            return
        twice = [name for name in self._columns if there.count(name) > 1]
        if twice:
            raise FileError(f"the header names {', '.join(twice)} twice", number)
        by_name = dict(zip(there, values, strict=True))
        self.names, self._places = there, [by_name[name] for name in self._columns]

    def block(self, done: int) -> Block:
        """What was added since the last block."""
        if not self.names:
            raise self._no_header()
        values = [pa.array(column, pa.string()) for column in zip(*self._rows, strict=True)]
        empty = [pa.array([], pa.string()) for _ in self._columns]
        rows = pa.Table.from_arrays(values or empty, names=self._columns)
        block = Block(rows, np.array(self._lines, np.int64), done, self._bad)
        self._clear()
        return block

    def _no_header(self) -> FileError:
        number, missing = self._nearest
        if len(missing) == len(self._columns):
            return FileError(f"no row of the first {HEADER_ROWS} names {', '.join(missing)}", 1)
        return FileError(f"the header lacks {', '.join(missing)}", number)


@lru_cache(maxsize=1 << 16)
def _written(moment: datetime, form: str) -> str:
    """The moment in the form; where the form leaves something out, so that it does not fit."""
    if form:
        text = moment.strftime(form)
        if datetime.strptime(text, form) == moment:  # noqa: DTZ007 - a sheet has local times
            return text
    elif moment == moment.replace(hour=0, minute=0, second=0, microsecond=0):
        return moment.strftime("%Y-%m-%d")
    text = moment.strftime(USUAL_TIME)
    return f"{text}.{moment.microsecond // 1000:03d}" if moment.microsecond else text
