"""A log that grows: one process appends, everybody reads its files.

``append`` makes entries durable and tells their indices: that is the receipt. ``integrate`` brings
what was appended into the tree and signs a checkpoint; a proof can be had from then on. Callers at
once share one write to the disk. After any crash the log opens by itself: entries whose receipt
was given are there, once, at their index; no two checkpoints ever contradict each other, because
only what is durable in the journal is signed, and the order there never changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, StoreError, StoreUnavailable
from graphrisk.core.tlog import history, keyring, tiles
from graphrisk.core.tlog.dedup import Known, key_of
from graphrisk.core.tlog.files import Batch, FileApi, remove_unfinished, replace
from graphrisk.core.tlog.frontier import Frontier, load_frontier
from graphrisk.core.tlog.journal import Journal
from graphrisk.core.tlog.merkle import EMPTY_ROOT
from graphrisk.core.tlog.note import Checkpoint, open_checkpoint

#: Entries after which a segment of the journal is closed.
SEGMENT = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be logged, and which event of which source it is."""

    source: str
    event: str
    content: bytes


@dataclass(slots=True)
class _Request:
    entries: Sequence[Entry]
    indices: list[int] | None = None
    keys: list[bytes] = field(default_factory=list)


class Log:
    """A log opened for writing; threads may share it.

    Args:
        files: Where it lies. Locked until ``close``.
        ring: Its keys; its name is the ring's origin.
        clock: Tells when a checkpoint was signed.
        segment: Entries a segment of the journal.

    Raises:
        Conflict: Another process writes this log.
        StoreUnavailable: The disk cannot be written. The log then refuses all further writes:
            what became durable is known only after it was opened anew.
        StoreError: The log is damaged. Nothing is written.

    Opening reads the latest checkpoint, the right edge of the tree, the sorted keys (24 bytes an
    entry) and the journal, which holds at most ``segment`` entries that are in the tree.
    """

    def __init__(
        self, files: FileApi, ring: keyring.KeyRing, clock: Clock, segment: int = SEGMENT
    ) -> None:
        self._files, self._ring, self._clock, self._segment = files, ring, clock, segment
        self._queue: list[_Request] = []
        self._queueing, self._committing, self._integrating = (threading.Lock() for _ in range(3))
        self._is_broken = False
        files.lock()
        try:
            self._open()
        except BaseException:
            files.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._ring.origin

    @property
    def checkpoint(self) -> str:
        """The latest signed checkpoint."""
        return self._latest.note

    @property
    def integrated(self) -> int:
        """How many entries are under the latest checkpoint."""
        return self._edge.size

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """Make entries durable; their indices, in order.

        An event that the log has gets the index it has, whatever its content is now. ``BadInput``
        for content of more than 65,535 bytes; nothing of the call is then written.
        """
        if any(len(entry.content) > tiles.LONGEST for entry in entries):
            raise BadInput(f"an entry of a log has at most {tiles.LONGEST} bytes")
        request = _Request(entries)
        with self._queueing:
            self._queue.append(request)
        with self._committing:
            if request.indices is None:
                self._commit()
        if request.indices is None:  # another caller's write took ours with it when it failed
            raise StoreUnavailable("the log could not be written; it has to be opened anew")
        return request.indices

    def integrate(self) -> Checkpoint:
        """Bring all that was appended into the tree and sign it; the latest checkpoint."""
        with self._integrating:
            with self._committing:
                pending = [entry for _, entry in self._journal.entries]
            if pending:
                with self._writing():
                    self._publish(self._edge.grow(pending))
                    with self._committing:
                        del self._journal.entries[: len(pending)]
                        self._settle()
            return Checkpoint(self.origin, self._edge.size, self._edge.root())

    def close(self) -> None:
        """Let another process write. What was appended and not integrated is so when it opens."""
        self._files.close()

    def _open(self) -> None:
        files = self._files
        remove_unfinished(files, "")
        latest = history.open_history(files)
        size, root = 0, EMPTY_ROOT
        if latest is not None:
            checkpoint = open_checkpoint(latest.note, self._ring.verifiers)
            size, root = checkpoint.size, checkpoint.root
        self._edge: Frontier = load_frontier(files, size, root)
        self._journal = Journal(files, size)
        self._known = Known(files)
        for segment in self._journal.segments[:]:
            if self._known.has_settled(segment.first):
                self._journal.drop(segment)  # or it would grow again, and its new keys be lost
        for key, index in self._journal.all_keys():
            self._known.add(key, index)
        self._sweep(size, size + len(self._journal.entries))
        note = self._ring.note().encode()
        if files.read(keyring.PATH) != note:
            replace(files, keyring.PATH, note)
        if latest is None:
            self._sign()
            return
        self._latest = latest
        if files.read("checkpoint") != latest.note.encode():
            replace(files, "checkpoint", latest.note.encode())

    def _commit(self) -> None:
        """Write what all waiting callers brought, at once."""
        with self._queueing:
            requests, self._queue = self._queue, []
        records: list[tuple[bytes, bytes]] = []
        fresh: dict[bytes, int] = {}
        for request in requests:
            for entry in request.entries:
                key = key_of(entry.source, entry.event)
                request.keys.append(key)
                if key not in fresh and self._known.find(key) is None:
                    fresh[key] = len(records)
                    records.append((key, entry.content))
        if records:
            with self._writing():
                first = self._journal.append(records)
            for place, (key, content) in enumerate(records, first):
                self._known.add(key, place)
                self._journal.entries.append((place, content))
        for request in requests:
            found = [self._known.find(key) for key in request.keys]
            request.indices = [index for index in found if index is not None]

    def _publish(self, files: dict[str, bytes]) -> None:
        """Tiles durable, then the checkpoint kept, then shown to all."""
        batch = Batch(self._files)
        for path, content in files.items():
            batch.write(path, content)
        batch.flush()
        self._sign()
        for path in files:
            if ".p/" not in path:
                self._remove_partials(path)

    def _sign(self) -> None:
        checkpoint = Checkpoint(self.origin, self._edge.size, self._edge.root())
        note = self._ring.signer.sign(str(checkpoint))
        signed = history.Signed(self._clock.now_ms(), note)
        history.add(self._files, signed)
        replace(self._files, "checkpoint", note.encode())
        self._latest = signed

    def _settle(self) -> None:
        """Close a full segment; of closed ones that are wholly in the tree keep the keys alone."""
        segments = self._journal.segments
        if segments and len(segments[-1].keys) >= self._segment:
            self._journal.begin_segment()
        for segment in segments[:-1]:
            if segment.end <= self._edge.size:
                self._known.settle(segment.first, segment.keys)
                self._journal.drop(segment)

    def _remove_partials(self, path: str) -> None:
        """A full tile has taken the place of its partial ones."""
        folder = f"{path}.p"
        for name in self._files.names(folder):
            self._files.remove(f"{folder}/{name}")
        self._files.remove(folder)

    def _sweep(self, size: int, end: int) -> None:
        """Take away tiles beyond the checkpoint, perhaps torn, that a crash left behind."""
        level = 0
        while end >> (tiles.HEIGHT * level):
            number, width = divmod(size >> (tiles.HEIGHT * level), tiles.FULL)
            last = (end >> (tiles.HEIGHT * level)) // tiles.FULL
            for place in range(number, last + 1):
                kept = width if place == number else 0
                self._sweep_tile(tiles.tile_path(level, place), kept)
                if level == 0:
                    self._sweep_tile(tiles.bundle_path(place), kept)
            level += 1

    def _sweep_tile(self, full: str, width: int) -> None:
        if full.rpartition("/")[2] in self._files.names(full.rpartition("/")[0]):
            self._files.remove(full)
        for name in self._files.names(f"{full}.p"):
            if not name.isdecimal() or int(name) > width:
                self._files.remove(f"{full}.p/{name}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._is_broken:
            raise StoreUnavailable("the log could not be written; it has to be opened anew")
        try:
            yield
        except (StoreError, OSError):
            self._is_broken = True
            raise
