"""CSV: quoted line ends, byte order mark, GB18030, faulty rows set aside with their line.

A block without faults is parsed at once by Arrow; a block with one is parsed record by record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from graphrisk_loaders.readers.block import (
    NO_ALIASES,
    Aliases,
    BadRow,
    Block,
    FileError,
    called,
)
from graphrisk_loaders.readers.lines import LONGEST_RECORD, Records, read_records

_BARE_RETURN = "a carriage return alone; lines end with LF or CRLF"
_OPEN_QUOTE = "a quote is never closed"
_TOO_LONG = "the line is longer than 1 MiB"


def read_csv(
    file: Path,
    columns: Sequence[str],
    encoding: str,
    delimiter: str,
    aliases: Aliases = NO_ALIASES,
) -> Iterator[Block]:
    """Blocks of the wanted columns as texts (blank ones as "").

    Raises:
        FileError: not a text file, or the header lacks a column.
    """
    csv.field_size_limit(LONGEST_RECORD)
    header: list[str] | None = None
    for records in read_records(file, encoding, quoted=True):
        if header is None:
            names = _header(records, encoding, delimiter)
            header = called(names, aliases)
            _check(header, columns, delimiter)
            records = _without_first(records)
        if len(records.starts):
            yield _Parser(header, columns, encoding, delimiter).block(records)
    if header is None:
        raise FileError("the file is empty: it has no header", 1)


def read_header(file: Path, encoding: str, delimiter: str) -> list[str]:
    """Names in the first line; none when the file is empty.

    Raises:
        FileError: not a text file.
    """
    for records in read_records(file, encoding, quoted=True):
        return _header(records, encoding, delimiter)
    return []


def _header(records: Records, encoding: str, delimiter: str) -> list[str]:
    if records.too_long:
        raise FileError(f"no header: {_TOO_LONG}", 1)
    try:
        text = records.record(0).decode(encoding)
        return [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
    except UnicodeDecodeError as error:
        raise FileError(f"the header is not {encoding}", 1) from error
    except csv.Error as error:
        raise FileError(f"the header cannot be split: {_fault(error, text)}", 1) from error


def _fault(error: csv.Error, text: str) -> str:
    return _BARE_RETURN if "\r" in text.rstrip("\r\n") else str(error)


def _check(names: list[str], columns: Sequence[str], delimiter: str) -> None:
    """What the header says is not repeated: it may be a row of personal data."""
    missing = [name for name in columns if name not in names]
    if missing:
        count = f"{len(names)} column{'' if len(names) == 1 else 's'} between {delimiter!r}"
        raise FileError(f"the header lacks {', '.join(missing)}; it has {count}", 1)
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise FileError(f"the header names {', '.join(twice)} twice", 1)


def _without_first(records: Records) -> Records:
    return Records(
        records.data, records.starts[1:], records.ends[1:], records.lines[1:], records.done
    )


class _Parser:
    """Parses the records of one file."""

    def __init__(
        self, header: list[str], columns: Sequence[str], encoding: str, delimiter: str
    ) -> None:
        self._header = header
        self._columns = list(columns)
        self._encoding = encoding
        self._delimiter = delimiter

    def block(self, records: Records) -> Block:
        """Rows and faults of some records."""
        if records.too_long:
            shown = records.data.decode(self._encoding, errors="replace")
            bad = BadRow(int(records.lines[0]), "", shown, _TOO_LONG)
            return Block(self._table([]), np.empty(0, np.int64), records.done, [bad])
        whole = self._whole(records)
        return whole if whole is not None else self._one_by_one(records)

    def _whole(self, records: Records) -> Block | None:
        """The block in one go; ``None`` when anything in it is not as it should be.

        A blank line would pass for a row of blanks, and a quote that the last row opens and never
        closes as closed.
        """
        last = self._split(records.record(len(records.starts) - 1))
        blank = (records.ends - records.starts <= len(b"\r\n")).any()
        if len(self._header) == 1 or blank or isinstance(last, str):
            return None
        data = records.data[int(records.starts[0]) :]
        if self._encoding != "utf-8":
            try:
                data = data.decode(self._encoding).encode()
            except UnicodeDecodeError:
                return None
        try:
            rows = pyarrow.csv.read_csv(
                io.BytesIO(data),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=self._header, block_size=max(len(data) + 1, 1 << 16)
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, ignore_empty_lines=False
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={name: pa.string() for name in self._columns},
                    include_columns=self._columns,
                    strings_can_be_null=False,
                ),
            )
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            return None
        if rows.num_rows != len(records.starts):
            return None
        return Block(rows, records.lines, records.done)

    def _one_by_one(self, records: Records) -> Block:
        """Every record by itself."""
        rows: list[list[str]] = []
        lines: list[int] = []
        bad: list[BadRow] = []
        for place, line in enumerate(records.lines.tolist()):
            for offset, piece, found in self._tried(records.record(place)):
                if not piece.strip():
                    continue
                if isinstance(found, str):
                    shown = piece.decode(self._encoding, errors="replace")
                    bad.append(BadRow(line + offset, "", shown, found))
                else:
                    rows.append(found)
                    lines.append(line + offset)
        return Block(self._table(rows), np.array(lines, np.int64), records.done, bad)

    def _tried(self, data: bytes) -> list[tuple[int, bytes, list[str] | str]]:
        """The record, or its lines where a stray quote has swallowed rows that are whole.

        Else a faulty row of several lines is one row at fault, as long as it is.
        """
        found = self._split(data)
        if isinstance(found, str) and b"\n" in data:
            lines = [line.rstrip(b"\r") for line in data.split(b"\n")]
            tried = [(place, line, self._split_line(line)) for place, line in enumerate(lines)]
            if any(not isinstance(row, str) for _, _, row in tried):
                return tried
        return [(0, data, found)]

    def _split_line(self, line: bytes) -> list[str] | str:
        """Values of a line of a torn record; half a row that has as many columns is none."""
        return _OPEN_QUOTE if line.count(b'"') % 2 else self._split(line)

    def _split(self, data: bytes) -> list[str] | str:
        """Values of a record, or what is wrong with it."""
        try:
            text = data.decode(self._encoding)
        except UnicodeDecodeError as error:
            return f"not {self._encoding} at byte {error.start + 1} of the row"
        try:
            lines = io.StringIO(text + "\n", newline="")
            found = list(csv.reader(lines, delimiter=self._delimiter))
        except csv.Error as error:
            return f"cannot be split: {_fault(error, text)}"
        if len(found) != 1:
            return "a line end within the row"
        if len(found[0]) != len(self._header):
            return f"{len(found[0])} columns where the header has {len(self._header)}"
        if found[0][-1].endswith("\n"):
            return _OPEN_QUOTE  # it took in the line end added above
        return found[0]

    def _table(self, rows: list[list[str]]) -> pa.Table:
        places = [self._header.index(name) for name in self._columns]
        values = [pa.array([row[place] for row in rows], pa.string()) for place in places]
        return pa.Table.from_arrays(values, names=self._columns)
