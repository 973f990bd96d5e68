"""Connections to the file: one a thread for reads, one for the writer; faults translated."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from graphrisk.core.errors import GraphRiskError, StoreError, StoreUnavailable
from graphrisk.store.private import make_private

_BUSY_MS = 10_000
_READER_MAP_BYTES = 1 << 34
#: Of a load: pages of a mapped file count as its own memory, and its cache is large as it is.
_WRITER_MAP_BYTES = 1 << 28
_WRITER_CACHE_KIB = 256 * 1024
_READER_CACHE_KIB = 8 * 1024
#: Pages of the log after which it is copied into the file: 128 MiB, so that a page of an index
#: that many batches of a load touch is copied once, not once a batch.
_CHECKPOINT_PAGES = 32_768
_MAKE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
#: Device and inode: what tells a file from another of the same name while it is open.
_FileId = tuple[int, int]


class Connections:
    """All connections of one process to one database file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._own = threading.local()
        self._lock = threading.Lock()
        self._open: list[apsw.Connection] = []

    def reader(self) -> apsw.Connection:
        """This thread's connection, read-only by pragma, to the file that has the name now.

        An open file lives on after it was deleted or another was put in its place: a connection to
        it is closed. ``StoreUnavailable`` when there is no file; none is made.
        """
        file = self._present()
        held: tuple[_FileId, apsw.Connection] | None = getattr(self._own, "held", None)
        if held is not None and held[0] != file:
            self.release(held[1])
            held = None
        if held is None:
            connection = self._connect(
                _READER_CACHE_KIB, _READER_MAP_BYTES, apsw.SQLITE_OPEN_READWRITE
            )
            connection.pragma("query_only", True)
            held = self._own.held = (file, connection)
        return held[1]

    def writer(self) -> apsw.Connection:
        """A connection of its own for a writer, who closes it by ``release``."""
        make_private(self.file)
        connection = self._connect(_WRITER_CACHE_KIB, _WRITER_MAP_BYTES, _MAKE)
        connection.pragma("wal_autocheckpoint", _CHECKPOINT_PAGES)
        return connection

    def release(self, connection: apsw.Connection) -> None:
        """Close a connection; what it did not commit is undone."""
        with self._lock:
            self._open.remove(connection)
        connection.close(True)

    def close(self) -> None:
        """Close all connections of all threads."""
        with self._lock:
            for connection in self._open:
                connection.close(True)
            self._open.clear()
        self._own = threading.local()

    def _present(self) -> _FileId:
        try:
            found = self.file.stat()
        except OSError as error:
            raise StoreUnavailable(f"{self.file} is not there: {error.strerror}") from error
        return found.st_dev, found.st_ino

    def _connect(self, cache_kib: int, map_bytes: int, flags: int) -> apsw.Connection:
        with faults(self.file):
            connection = apsw.Connection(str(self.file), flags)
            connection.set_busy_timeout(_BUSY_MS)
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            connection.pragma("cache_size", -cache_kib)
            connection.pragma("mmap_size", map_bytes)
            connection.pragma("temp_store", "memory")
        with self._lock:
            self._open.append(connection)
        return connection


@contextmanager
def faults(file: Path) -> Iterator[None]:
    """Translate apsw's exceptions raised within."""
    try:
        yield
    except apsw.Error as error:
        raise _translation(error, file) from error


def _translation(error: apsw.Error, file: Path) -> GraphRiskError:
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return StoreUnavailable(f"{file} is busy: another process writes")
    if isinstance(error, apsw.CantOpenError | apsw.ReadOnlyError | apsw.PermissionsError):
        return StoreUnavailable(f"{file} cannot be opened for writing: {error}")
    if isinstance(error, apsw.NotADBError):
        return StoreError(f"{file} is not an SQLite database")
    if isinstance(error, apsw.FullError):
        return StoreUnavailable(f"no room left on the disk of {file}")
    return StoreError(f"SQLite, {file}: {error}")
