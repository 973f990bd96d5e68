"""A few rows of each source, the last one of them at fault, as its department would write them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.ingest.factory import Desk

Row = Mapping[str, object]


@dataclass(frozen=True)
class Sample:
    """A delivery: good rows and a bad one at the end, which is set aside for ``column``."""

    file: str
    data: bytes
    line: int
    column: str
    reason: str  # how it begins

    def deliver(self, desk: Desk) -> None:
        """Put it into the inbox."""
        desk.deliver(self.file, self.data)


def office(file: str, text: str, column: str, reason: str) -> Sample:
    """A CSV in GB18030, as offices send it."""
    return Sample(file, _trimmed(text).encode("gb18030"), len(_lines(text)), column, reason)


def system(file: str, first: Row, changes: Sequence[Row], column: str, reason: str) -> Sample:
    """JSON Lines in UTF-8, as systems send it: a first object, others told by what differs."""
    lines = [orjson.dumps({**first, **change}) + b"\n" for change in ({}, *changes)]
    return Sample(file, b"".join(lines), len(lines), column, reason)


def table(file: str, columns: Mapping[str, list[Any]], column: str, reason: str) -> Sample:
    """Parquet."""
    sink = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), sink)
    return Sample(file, sink.getvalue(), len(columns[column]), column, reason)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _trimmed(text: str) -> str:
    return "\n".join(_lines(text)) + "\n"


def workbook(file: str, sheet: str, text: str, column: str, reason: str) -> Sample:
    """A workbook whose one sheet is told as CSV."""
    rows = [line.split(",") for line in _lines(text)]
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return Sample(file, sink.getvalue(), len(rows), column, reason)
