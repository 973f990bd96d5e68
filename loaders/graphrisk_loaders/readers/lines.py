"""Files cut into records at ends of lines, in bounded memory.

Both supported encodings keep the bytes of quote and line feed free for these signs alone, so
records are found before anything is decoded.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from graphrisk_loaders.readers.block import FileError, Int64Array

BLOCK_BYTES = 4 << 20
#: A longer record is no record: its first line is tried alone, as if the quote were no quote.
LONGEST_RECORD = 1 << 20
#: Byte order marks, and the encoding that each belongs to.
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\x84\x31\x95\x33": "gb18030"}
_QUOTE, _FEED = 34, 10
_SHOWN_BYTES = 200
_PROBED_BYTES = 4096
_FEWEST_ZEROS = 20
_MAGIC = {
    b"PK\x03\x04": "a ZIP archive",
    b"PK\x05\x06": "a ZIP archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF document",
}


@dataclass(frozen=True, slots=True)
class Records:
    """Complete records: ``data[starts[i]:ends[i]]``, beginning in line ``lines[i]``.

    ``too_long`` marks the single record of this piece as overlong; ``data`` is then its beginning.
    """

    data: bytes
    starts: Int64Array
    ends: Int64Array
    lines: Int64Array
    done: int  # bytes of the file up to the end of this piece
    too_long: bool = False

    def record(self, place: int) -> bytes:
        """One record without its end of line."""
        return self.data[self.starts[place] : self.ends[place]].rstrip(b"\r\n")


def read_records(file: Path, encoding: str, *, quoted: bool) -> Iterator[Records]:
    """Records of a text file; line ends within quotes belong to the record when ``quoted``.

    Memory: a block of 4 MiB beside the longest record of 1 MiB. Where a record gets longer (a quote
    was never closed) its first line alone is given back, marked if even that is too long, and
    reading goes on behind that line.

    Raises:
        FileError: the file is an archive, a document or binary, or in the other encoding.
    """
    with file.open("rb") as stream:
        yield from _Splitter(stream, encoding, quoted).records()


class _Splitter:
    """Cuts a stream into pieces of complete records."""

    def __init__(self, stream: BinaryIO, encoding: str, quoted: bool) -> None:
        self._stream = stream
        self._quoted = quoted
        self._buffer = stream.read(BLOCK_BYTES)
        self._line = 1
        self._read = len(self._buffer)
        _refuse_foreign(self._buffer)
        self._buffer = _unmarked(self._buffer, encoding)
        if encoding == "gb18030":
            _refuse_utf8(stream)

    def records(self) -> Iterator[Records]:
        """Pieces until the end of the stream."""
        more = True
        while more or self._buffer:
            ends = _up_to_overlong(_record_ends(self._buffer, self._quoted))
            if len(ends):
                yield self._complete(ends)
            elif len(self._buffer) > LONGEST_RECORD:
                yield self._first_line()
            elif more:
                block = self._stream.read(BLOCK_BYTES)
                more = bool(block)
                self._read += len(block)
                self._buffer += block
            elif self._quoted and self._buffer.count(b'"') % 2:
                yield self._first_line()
            else:
                self._buffer += b"\n"

    def _complete(self, ends: Int64Array) -> Records:
        """Everything up to the last end of a record."""
        done = int(ends[-1])
        piece, self._buffer = self._buffer[:done], self._buffer[done:]
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
        feeds = np.flatnonzero(np.frombuffer(piece, np.uint8) == _FEED)
        lines = self._line + np.searchsorted(feeds, starts)
        self._line += len(feeds)
        return Records(piece, starts, ends, lines, self._read - len(self._buffer))

    def _first_line(self) -> Records:
        """The first line alone; where it is overlong, what of it is not yet read is thrown away."""
        first, found, rest = self._buffer.partition(b"\n")
        while not found and (block := self._stream.read(BLOCK_BYTES)):
            self._read += len(block)
            _, found, rest = block.partition(b"\n")
        self._buffer = rest
        done = self._read - len(rest)
        line = np.array([self._line], np.int64)
        self._line += 1
        too_long = len(first) > LONGEST_RECORD
        kept = first[:_SHOWN_BYTES] if too_long else first + b"\n"
        end = np.array([len(kept)], np.int64)
        return Records(kept, np.zeros(1, np.int64), end, line, done, too_long)


def _record_ends(data: bytes, quoted: bool) -> Int64Array:
    """Positions behind the line ends that have an even number of quotes before them."""
    signs = np.frombuffer(data, np.uint8)
    feeds = np.flatnonzero(signs == _FEED)
    if quoted:
        quotes = np.flatnonzero(signs == _QUOTE)
        feeds = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
    return feeds + 1


def _up_to_overlong(ends: Int64Array) -> Int64Array:
    """The ends before the first record that is too long."""
    overlong = np.flatnonzero(np.diff(ends, prepend=0) > LONGEST_RECORD)
    return ends[: overlong[0]] if len(overlong) else ends


def _refuse_foreign(head: bytes) -> None:
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            raise FileError(f"this is {name}, not text in lines", 1)
    probed = head[:_PROBED_BYTES]
    if probed.count(0) * _FEWEST_ZEROS > len(probed):  # a stray one is its row's fault alone
        raise FileError("this is no text: it has zero bytes", 1)


def _unmarked(head: bytes, encoding: str) -> bytes:
    """The beginning of a text without its byte order mark."""
    for mark, marked in _MARKS.items():
        if head.startswith(mark):
            if marked != encoding:
                raise FileError(f"the mapping says {encoding}, the file is marked as {marked}", 1)
            return head[len(mark) :]
    return head


def _refuse_utf8(stream: BinaryIO) -> None:
    """Refuse a text that is UTF-8 to its end and has signs beyond U+07FF, as Chinese ones are.

    GB18030 reads nearly every sequence of bytes, so UTF-8 under its name would go through as
    nonsense; the reverse fails row by row. Costs a pass over the file up to the first sign that is
    no UTF-8, mostly the first that is no ASCII.
    """
    place = stream.tell()
    stream.seek(0)
    decoder, is_foreign = codecs.getincrementaldecoder("utf-8")(), False
    try:
        while block := stream.read(BLOCK_BYTES):
            text = decoder.decode(block)
            is_foreign = is_foreign or (not text.isascii() and max(text) > "\u07ff")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_foreign = False
    if is_foreign:
        raise FileError("the mapping says gb18030, the file is utf-8", 1)
    stream.seek(place)
