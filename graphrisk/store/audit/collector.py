"""Brings what processes recorded into the log: the one sequencer of the audit.

In this order, so that a kill between any two steps loses and doubles nothing: a spool file is
taken from its writer, its records are appended to the log (which knows each by writer and number),
the tree is signed, the rows are kept, the file goes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphrisk.core.clock import Clock
from graphrisk.core.errors import StoreError, StoreUnavailable
from graphrisk.core.files import sync_folder
from graphrisk.core.tlog.frames import read_frames
from graphrisk.core.tlog.log import Log
from graphrisk.store.audit import records
from graphrisk.store.audit.entry import Record, read_record
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.spool import TAKEN
from graphrisk.store.operations.database import Database

#: Records appended, signed and kept together.
_PART: Final = 4_096
#: The action of a record that the collector itself makes where a file's end is torn.
TORN: Final = "audit.torn"
#: Told before each file, and once when all are done: how many there are, and how many done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Collected:
    """What a turn of the collector did."""

    records: int  # new in the log
    size: int  # entries under the latest checkpoint
    refused: Sequence[str]  # spool files that hold something else than records


def collect(
    place: AuditPlace, database: Database, clock: Clock, progress: Progress = lambda *_: None
) -> Collected:
    """Take what is in the spool into the log.

    Raises:
        Conflict: Another process does so, or looks at the log.
        ConfigError: The log's key is missing or unusable.
        StoreError: The log is damaged at its end; nothing was written.
        StoreUnavailable: The disk or the database cannot be written; nothing is lost.
    """
    with place.open(clock) as log:
        return collect_into(log, place, database, progress)


def collect_into(
    log: Log, place: AuditPlace, database: Database, progress: Progress = lambda *_: None
) -> Collected:
    """The same, into a log that is open."""
    before = log.integrate().size
    refused = []
    try:
        files = _taken(place.spool)
        for done, file in enumerate(files):
            progress(done, len(files))
            try:
                told = _read(file)
            except StoreError:
                refused.append(file.name)
                continue
            for start in range(0, len(told), _PART):
                _bring(log, database, told[start : start + _PART])
            file.unlink()
        progress(len(files), len(files))
    except OSError as error:
        raise StoreUnavailable(f"the spool cannot be collected: {error.strerror}") from error
    return Collected(log.integrated - before, log.integrated, refused)


def _bring(log: Log, database: Database, told: Sequence[Record]) -> None:
    indices = log.append([one.entry for one in told])
    log.integrate()
    with database.session() as session:
        records.keep(session, log.origin, dict(zip(indices, told, strict=True)))


def _taken(spool: Path) -> list[Path]:
    """All files of the spool, none of which a writer adds to any more, the oldest first."""
    if not spool.exists():
        return []
    for file in spool.iterdir():
        if file.suffix != TAKEN:
            _take(file)
    sync_folder(spool)
    return sorted(file for file in spool.iterdir() if file.suffix == TAKEN)


def _take(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # a write under way ends first
        file.rename(f"{file}{TAKEN}")
    finally:
        os.close(descriptor)


def _read(file: Path) -> list[Record]:
    """The records of a file. Of a torn end, never acknowledged, a record of its own tells."""
    content = file.read_bytes()
    frames, end = read_frames(content)
    told = [read_record(frame) for frame in frames]
    if end < len(content):
        told.append(_torn(file, content, end, told))
    return told


def _torn(file: Path, content: bytes, end: int, before: Sequence[Record]) -> Record:
    """Has the number that the torn record had, and is the same whenever it is made."""
    writer, _, first = file.name.removesuffix(TAKEN).rpartition(".")
    try:
        sequence, at = int(first) + len(before), int(writer.replace("-", "")[:12], 16)
    except ValueError as error:
        raise StoreError(f"{file.name} is no file of the audit") from error
    return Record(
        writer=writer,
        sequence=sequence,
        at=before[-1].at if before else at,
        principal="audit",
        action=TORN,
        purpose="operation",
        case=None,
        count=len(content) - end,
        what="",
        salt=hashlib.sha256(file.name.encode() + content).digest(),
    )
