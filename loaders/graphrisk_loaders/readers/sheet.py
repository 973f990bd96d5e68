"""Rows of a worksheet: numbers of rows as a person sees them, values as the sheet means them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import TypeAlias

from graphrisk_loaders.readers.block import FileError
from graphrisk_loaders.readers.workbook import (
    CHUNK_BYTES,
    Attributes,
    Shown,
    TextCollector,
    Workbook,
    parsed,
    unescaped,
)

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_LONGEST_CELL = 32_767
#: Whole numbers from here on are not all there: a spreadsheet keeps 15 digits.
_INEXACT = 1e15
_DAY_MS = 86_400_000
_LAST_DAY = 2_958_466  # 1 January 10000
#: Day 60 is 29 February 1900, which never was.
_NO_DAY = 60
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)([0-9]+):[A-Z]+([0-9]+)"')
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a usable value."""

    shown: str
    reason: str


Value: TypeAlias = "str | datetime | Fault"
#: Number of the row, values by number of the column (from 0); blank cells are left out.
Row: TypeAlias = "tuple[int, dict[int, Value]]"


def read_rows(workbook: Workbook, part: str) -> Iterator[tuple[float, list[Row]]]:
    """Rows with a value of their own, some at a time, with the share of the sheet read so far.

    Where cells are merged over several rows, each of these has the value.
    """
    cells = _Cells(workbook)
    merged = _Merged(workbook, part)
    size = max(workbook.package.getinfo(part).file_size, 1)
    with workbook.package.open(part) as stream:
        for read in parsed(stream, cells.start, cells.end, cells.data):
            rows, cells.rows = cells.rows, []
            yield read / size, [merged.filled(row) for row in rows if row[1]]


class _Merged:
    """Cells merged over several rows; the package names them behind the rows themselves."""

    def __init__(self, workbook: Workbook, part: str) -> None:
        self._last: dict[tuple[int, int], int] = {}
        self._open: dict[int, tuple[int, Value]] = {}
        before = b""
        with workbook.package.open(part) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                text = before + chunk
                for column, first, last in _MERGED.findall(text):
                    if last != first:
                        self._last[int(first), _column(column.decode())] = int(last)
                before = text[-80:]

    def filled(self, row: Row) -> Row:
        """The row with what stands above it in a merged cell."""
        number, values = row
        for column, (last, value) in list(self._open.items()):
            if number > last:
                del self._open[column]
            else:
                values.setdefault(column, value)
        for column, value in values.items():
            if (number, column) in self._last:
                self._open[column] = self._last[number, column], value
        return row


class _Cells:
    """Collects rows from the elements of a sheet."""

    def __init__(self, workbook: Workbook) -> None:
        self.rows: list[Row] = []
        self._workbook = workbook
        self._inline = TextCollector()
        self._number, self._column = 0, -1
        self._values: dict[int, Value] = {}
        self._type = self._style = ""
        self._is_value = self._is_formula = False
        self._parts: list[str] = []

    def start(self, tag: str, said: Attributes) -> None:
        """An element begins."""
        if tag == "c":
            reference = said.get("r")
            self._column = _column(reference) if reference else self._column + 1
            self._type, self._style = said.get("t", "n"), said.get("s", "")
            self._is_formula = False
            self._parts.clear()
            self._inline.clear()
        elif tag == "v":
            self._is_value = True
        elif tag == "f":
            self._is_formula = True
        elif tag == "row":
            number = int(said["r"]) if "r" in said else self._number + 1
            if not self._number < number <= _MOST_ROWS:
                raise FileError(f"row {number} behind row {self._number}", self._number)
            self._number, self._column, self._values = number, -1, {}
        else:
            self._inline.start(tag)

    def data(self, text: str) -> None:
        """Characters."""
        if self._is_value:
            self._parts.append(text)
        else:
            self._inline.data(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "v":
            self._is_value = False
        elif tag == "c":
            value = self._value()
            if value != "":
                self._values[self._column] = value
        elif tag == "row":
            self.rows.append((self._number, self._values))
        else:
            self._inline.end(tag)

    def _value(self) -> Value:
        raw = "".join(self._parts)
        text = self._inline.text() if self._type == "inlineStr" else raw
        if len(text) > _LONGEST_CELL:
            return Fault(text[:200], f"a cell of more than {_LONGEST_CELL:,} signs")
        match self._type:
            case "s" if raw:
                return self._workbook.texts[int(raw)]
            case "inlineStr":
                return text
            case "str":
                return unescaped(raw)
            case "b":
                return "TRUE" if raw == "1" else "FALSE"
            case "e":
                return Fault(raw, f"the cell shows the error {raw}")
            case "d":
                return datetime.fromisoformat(raw.removesuffix("Z"))
        if not raw:
            return Fault("", "a formula whose value was never computed") if self._is_formula else ""
        return self._of_number(raw)

    def _of_number(self, raw: str) -> Value:
        number = float(raw)
        if not isfinite(number):
            return Fault(raw, "not a finite number")
        style = int(self._style or "0")
        shown = self._workbook.styles[style] if style < len(self._workbook.styles) else Shown.NUMBER
        if shown is Shown.NUMBER:
            if abs(number) >= _INEXACT:
                return Fault(raw, "a number that spreadsheets round: deliver it as a text")
            return f"{number:.15g}"
        if shown is Shown.ELAPSED or 0 <= number < 1:
            return _clock(number)
        return _moment(number, raw, self._workbook.from_1904)


def _clock(days: float) -> str:
    minutes, seconds = divmod(round(days * 86_400), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


def _moment(days: float, raw: str, from_1904: bool) -> Value:
    if not 0 <= days < _LAST_DAY or (int(days) == _NO_DAY and not from_1904):
        return Fault(raw, "no day of the calendar")
    first = (1904, 1, 1) if from_1904 else (1899, 12, 30 if days > _NO_DAY else 31)
    return datetime(*first) + timedelta(milliseconds=round(days * _DAY_MS))  # noqa: DTZ001 - local


def _column(reference: str) -> int:
    """Number of the column, from 0, of a reference like AB12."""
    number = 0
    for letter in reference.rstrip(_DIGITS):
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= _MOST_COLUMNS:
        raise FileError(f"cell {reference} is beyond a sheet's end", 1)
    return number - 1
