"""Where a process records: durable at once, in a file of its own; the collector takes it from here.

A file is named WRITER.FIRST by the process's id and the number of its first record. It is locked
for the moment of a write. The collector takes a file by giving it another name, under the same
lock; the writer then begins another one. A torn end was never acknowledged.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from graphrisk.access.model import Act, Principal, Purpose
from graphrisk.core.clock import Clock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.core.files import private_folder, sync_folder
from graphrisk.core.grouped import Grouped
from graphrisk.core.ids import uuid7
from graphrisk.core.tlog.frames import framed
from graphrisk.store.audit.entry import SALT_BYTES, Record

#: Its folder, in the audit's.
SPOOL: Final = "spool"
#: What a file's name ends with when the collector has taken it.
TAKEN: Final = ".taken"
Draw = Callable[[int], bytes]


#: Callers that share one write at most.
_MOST: Final = 1_000
#: A record that still lacks its writer's id and its number.
Noted = Callable[[str, int], Record]


class AuditSpool:
    """``graphrisk.access.model.AuditPort`` in the audit's folder; threads may share it.

    Records that wait at once share one write to the disk. After a fault of the disk the process
    goes on under another writer's id: whether the last record became durable is not known, and its
    number is not given out twice.

    Raises:
        StoreUnavailable: The folder cannot be written: what cannot be recorded is not answered.
    """

    def __init__(self, folder: Path, clock: Clock, draw: Draw = os.urandom) -> None:
        self._spool, self._clock, self._draw = folder / SPOOL, clock, draw
        self._writes = Grouped[Sequence[Noted], None](self._keep, _MOST)
        self._file: tuple[Path, int] | None = None
        self._size = 0  # of the file, as far as this process wrote it
        self._begin_writer()
        try:
            private_folder(self._spool)
        except OSError as error:
            raise _unavailable(error) from error

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        """See the port. On the disk when it returns."""
        self.keep([self.noted(principal, action, purpose, count, what)])

    def record_all(self, acts: Sequence[Act]) -> None:
        """See the port. All are on the disk when it returns, with one write."""
        self.keep([self.noted(a.principal, a.action, a.purpose, a.count, a.what) for a in acts])

    def noted(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str
    ) -> Noted:
        """A record as of now that ``keep`` is to make durable."""
        at, salt = self._clock.now_ms(), self._draw(SALT_BYTES)

        def make(writer: str, sequence: int) -> Record:
            told = (principal.name, action, purpose.code, purpose.case, count, what)
            return Record(writer, sequence, at, *told, salt)

        return make

    def keep(self, noted: Sequence[Noted]) -> None:
        """Make records durable with one write; all are on the disk when it returns."""
        if noted:
            self._writes.ask(noted)

    def _keep(self, waiting: Sequence[Sequence[Noted]]) -> list[None]:
        """Write what all waiting callers brought, at once."""
        if self._process != os.getpid():  # a fork: the parent goes on with these numbers
            self._begin_writer()
        noted = [make for one in waiting for make in one]
        try:
            self._write([make(self._writer, self._next + n) for n, make in enumerate(noted)])
        except BaseException as error:
            self._begin_writer()
            if isinstance(error, OSError):
                raise _unavailable(error) from error
            raise
        self._next += len(noted)
        return [None for _ in waiting]

    def _write(self, records: Sequence[Record]) -> None:
        descriptor = self._locked()
        try:
            rest = memoryview(framed(map(bytes, records)))
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fdatasync(descriptor)
            self._size = os.fstat(descriptor).st_size
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _locked(self) -> int:
        """The descriptor of a file that nobody has taken or changed, locked."""
        while True:
            path, descriptor = self._file or self._begin_file()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            ours = os.fstat(descriptor)
            with suppress(FileNotFoundError):
                if path.stat().st_ino == ours.st_ino and ours.st_size == self._size:
                    return descriptor
            self._end_file()

    def _begin_file(self) -> tuple[Path, int]:
        path = self._spool / f"{self._writer}.{self._next:012}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._file, self._size = (path, os.open(path, flags, 0o600)), 0
        sync_folder(self._spool)
        return self._file

    def _end_file(self) -> None:
        if self._file is not None:
            os.close(self._file[1])
            self._file = None

    def _begin_writer(self) -> None:
        self._end_file()
        self._process = os.getpid()
        self._writer = uuid7(self._clock.now_ms(), self._draw(10))
        self._next = 0


def _unavailable(error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"the audit cannot be written: {error.strerror}")
