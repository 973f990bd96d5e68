"""Where entries are durable before they are in the tree: segments that only grow.

A segment is named by the index of its first entry. A record is index, key and entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graphrisk.core.errors import StoreError
from graphrisk.core.tlog.dedup import KEY
from graphrisk.core.tlog.files import Batch, FileApi
from graphrisk.core.tlog.frames import framed, read_frames

FOLDER = "journal"
_INDEX = 8


@dataclass(slots=True)
class Segment:
    """A stretch of the journal: its first index and the keys of its entries."""

    first: int
    keys: list[bytes] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Its file."""
        return f"{FOLDER}/{self.first:020}"

    @property
    def end(self) -> int:
        """Index behind its last entry."""
        return self.first + len(self.keys)


class Journal:
    """The segments of a log. Only the last one grows, and only it can have a torn tail.

    After a power cut what is torn was never acknowledged; opening cuts it off.
    """

    def __init__(self, files: FileApi, begin: int) -> None:
        self._files = files
        self.segments: list[Segment] = []
        self.entries: list[tuple[int, bytes]] = []  # of which the tree has not all
        for name in files.names(FOLDER):
            self._replay(name, begin)
        ends = [segment.end for segment in self.segments]
        if any(one.first != end for one, end in zip(self.segments[1:], ends[:-1], strict=True)):
            raise StoreError("the log is damaged: its journal has a gap")
        if ends and not self.segments[0].first <= begin <= ends[-1]:
            raise StoreError("the log is damaged: its journal does not reach its tree")
        self._next = ends[-1] if ends else begin

    def append(self, records: Sequence[tuple[bytes, bytes]]) -> int:
        """Add ``(key, entry)`` records durably; the index of the first."""
        first = self._next
        batch = Batch(self._files)
        if not self.segments:
            self.segments.append(Segment(first))
            batch.reach(self.segments[0].path)
        last = self.segments[-1]
        if not last.keys:
            batch.reach(last.path)
        places = range(first, first + len(records))
        told = zip(places, records, strict=True)
        self._files.append(
            last.path,
            framed(place.to_bytes(_INDEX, "big") + key + entry for place, (key, entry) in told),
        )
        self._files.sync(last.path)
        batch.flush()
        last.keys += [key for key, _ in records]
        self._next += len(records)
        return first

    def begin_segment(self) -> None:
        """What comes next goes into a new segment."""
        if self.segments and self.segments[-1].keys:
            self.segments.append(Segment(self._next))

    def drop(self, segment: Segment) -> None:
        """Forget a segment, all of which stands elsewhere."""
        self.segments.remove(segment)
        self._files.remove(segment.path)

    def all_keys(self) -> Iterator[tuple[bytes, int]]:
        """All keys in the journal with their indices."""
        for segment in self.segments:
            yield from zip(segment.keys, range(segment.first, segment.end), strict=True)

    def _replay(self, name: str, begin: int) -> None:
        path = f"{FOLDER}/{name}"
        content = self._files.read(path) or b""
        records, end = read_frames(content)
        if end < len(content):
            if name != self._files.names(FOLDER)[-1]:
                raise StoreError(f"the log is damaged: {path}")
            self._files.truncate(path, end)
            self._files.sync(path)
        if not records:
            self._files.remove(path)
            return
        segment = Segment(int(name))
        for record in records:
            index, key, entry = read_record(record)
            if index != segment.end:
                raise StoreError(f"the log is damaged: {path}")
            segment.keys.append(key)
            if index >= begin:
                self.entries.append((index, entry))
        self.segments.append(segment)


def read_record(record: bytes) -> tuple[int, bytes, bytes]:
    """Index, key and entry of a record."""
    head = _INDEX + KEY
    return int.from_bytes(record[:_INDEX], "big"), record[_INDEX:head], record[head:]
