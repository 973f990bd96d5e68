"""Looks at the whole audit: log against its signed root, each row against its entry, numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, NotFound, StoreError
from graphrisk.core.tlog import keyring
from graphrisk.core.tlog.check import check_log
from graphrisk.core.tlog.log import Log
from graphrisk.core.tlog.note import Checkpoint, Verifier, open_checkpoint
from graphrisk.core.tlog.reader import LogReader
from graphrisk.store.audit import records
from graphrisk.store.audit.collector import collect_into
from graphrisk.store.audit.entry import PublicEntry, read_entry
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.records import AuditFilter, AuditLine
from graphrisk.store.operations.database import Database

#: The action of a record that tells of an erasure; its object is ``before=`` and a time.
ERASED: Final = "audit.erase"
BEFORE: Final = "before="
_PATIENCE_SECONDS: Final = 30
_LOOK_SECONDS: Final = 0.2
#: Told as work goes on: what is looked at, how much is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was signed: a file, or an entry by its index; and what shows."""

    place: str
    reason: str


@dataclass(slots=True)
class Verified:
    """What a look at the audit found; without ``differences`` all is as it was signed."""

    checkpoint: Checkpoint | None = None
    note: str = ""  # the signed checkpoint, to be kept for a later look
    files: int = 0
    rows: int = 0
    erased: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, place: str, reason: str) -> None:
        """Note a difference."""
        self.differences.append(Difference(place, reason))


def verify(
    place: AuditPlace,
    database: Database,
    clock: Clock,
    earlier: Sequence[str] = (),
    progress: Progress = lambda *_: None,
) -> Verified:
    """Look at all of it, after what waits in the spool was collected.

    Args:
        place: Where the audit lies. Nobody else writes the log meanwhile; recording goes on.
        database: Where its rows are.
        clock: Tells when a checkpoint is signed.
        earlier: Signed checkpoints of before; what each covers must be the beginning of the log.
        progress: Told of long work.

    Raises:
        Conflict: Another process kept the log for half a minute.
        ConfigError: The log's key is missing or unusable.
        StoreUnavailable: The disk or the database cannot be read.

    Cost: two hashes and one HMAC an entry, 64 bytes of memory an entry.
    """
    found = Verified()
    ring = place.ring(clock)
    _look_at_keys(place, ring.verifiers, found)
    with ExitStack() as stack:
        try:
            log = stack.enter_context(patiently(place, clock))
            for name in collect_into(log, place, database).refused:
                found.add(f"spool/{name}", "holds what is no record")
        except Conflict:
            raise
        except StoreError as error:  # damaged: nobody can write it, all can be looked at
            found.add("log", str(error))
        files = place.files()
        report = check_log(
            files, ring.verifiers, lambda done, total: progress("entries", done, total)
        )
        found.checkpoint, found.files = report.checkpoint, report.files
        for damage in report.damages:
            found.add(f"log/{damage.file}", damage.reason)
        if report.checkpoint is None:
            return found
        reader = _reader(files.read, ring.verifiers, found)
        if reader is not None:
            found.note = reader.note
            _compare(reader, database, found, progress)
            for note in earlier:
                _continue(reader, note, ring.verifiers, found)
    return found


def _look_at_keys(place: AuditPlace, verifiers: Sequence[Verifier], found: Verified) -> None:
    """Who opens the log writes its list of keys anew, so this comes first."""
    told = place.files().read(keyring.PATH)
    if told is None:
        return
    try:
        strangers = {one.verifier for one in keyring.read_public(told.decode())} - set(verifiers)
    except (BadInput, UnicodeDecodeError) as error:
        found.add(f"log/{keyring.PATH}", str(error))
        return
    if strangers:
        found.add(f"log/{keyring.PATH}", "names a key that is not the log's")


def patiently(place: AuditPlace, clock: Clock) -> Log:
    """The log, opened; the collector's turns are short: wait for the end of one."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return place.open(clock)
        except Conflict:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_SECONDS)


def _reader(
    fetch: Callable[[str], bytes | None], verifiers: Sequence[Verifier], found: Verified
) -> LogReader | None:
    try:
        return LogReader(fetch, verifiers)
    except (BadInput, NotFound):  # the look at the files said so
        assert found.differences
        return None


def _compare(reader: LogReader, database: Database, found: Verified, progress: Progress) -> None:
    """Every entry has its row, every row its entry, every writer all of its numbers."""
    origin, size = reader.checkpoint.origin, reader.checkpoint.size
    numbers: dict[str, tuple[int, int]] = {}
    erasable = _erasable(reader, database)
    expected = 0
    for line in _rows(database, origin):
        found.rows += 1
        if not 0 <= line.number < size:
            found.add(f"entry {line.number}", "there is a row and no entry: the row was added")
            continue
        for missing in range(expected, line.number):
            _missing(reader, missing, numbers, found)
        expected = line.number + 1
        _match(reader, line, erasable, numbers, found)
        progress("rows", expected, size)
    for missing in range(expected, size):
        _missing(reader, missing, numbers, found)
    progress("rows", size, size)
    for writer, (count, last) in numbers.items():
        if count != last + 1:
            reason = f"of {last + 1} records {last + 1 - count} never came into the log: it was cut"
            found.add(f"spool of {writer}", reason)
    with database.reading() as session:
        for other in records.other_origins(session, origin):
            found.add(f"rows of {other}", "of a log that is not here")


def _match(
    reader: LogReader,
    line: AuditLine,
    erasable: int,
    numbers: dict[str, tuple[int, int]],
    found: Verified,
) -> None:
    entry = _entry(reader, line.number, numbers)
    if entry is None:
        return
    place = f"entry {line.number}"
    if not line.stands_for(entry):
        found.add(place, "the row is not what was recorded: it was changed")
    elif line.erased_at is not None:
        found.erased += 1
        if line.at >= erasable:
            found.add(place, "the row was erased and no erasure of its time is on record")


def _missing(
    reader: LogReader, number: int, numbers: dict[str, tuple[int, int]], found: Verified
) -> None:
    _entry(reader, number, numbers)
    found.add(f"entry {number}", "there is no row: it was taken away")


def _entry(
    reader: LogReader, number: int, numbers: dict[str, tuple[int, int]]
) -> PublicEntry | None:
    """The entry, counted for its writer; ``None`` where the look at the files named it."""
    try:
        entry = read_entry(reader.entry(number))
    except (BadInput, NotFound, StoreError):
        return None
    count, last = numbers.get(entry.writer, (0, -1))
    numbers[entry.writer] = count + 1, max(last, entry.sequence)
    return entry


def _erasable(reader: LogReader, database: Database) -> int:
    """Until when records may have been erased, as records that the log holds tell; epoch ms."""
    latest = 0
    with database.reading() as session:
        told = records.every(session, reader.checkpoint.origin, AuditFilter(action=ERASED))
        for line in told:
            entry = _entry(reader, line.number, {}) if line.number >= 0 else None
            if entry is None or not line.stands_for(entry) or not line.what:
                continue
            latest = max(latest, int(line.what.removeprefix(BEFORE)))
    return latest


def _rows(database: Database, origin: str) -> Iterator[AuditLine]:
    """All rows of a log in order, a short transaction a part."""
    after: int | None = None
    while True:
        with database.reading() as session:
            part = records.page(session, origin, after, records.PART, AuditFilter())
        if not part:
            return
        yield from part
        after = part[-1].number


def _continue(
    reader: LogReader, earlier: str, verifiers: Sequence[Verifier], found: Verified
) -> None:
    """The checkpoint of before is a beginning of this log."""
    try:
        before = open_checkpoint(earlier, verifiers)
        if before.size > reader.checkpoint.size:
            has = f"{before.size} entries, the log has {reader.checkpoint.size}"
            found.add("earlier checkpoint", f"is of {has}: it was cut")
        elif reader.root(before.size) != before.root:
            found.add("earlier checkpoint", "is of another log: this one was written anew")
    except (BadInput, NotFound) as error:
        found.add("earlier checkpoint", str(error))
