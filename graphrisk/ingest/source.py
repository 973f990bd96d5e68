"""All files of one source on their way into the store: resume, sums, the closing of states."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from graphrisk.core.keys import KeyRing
from graphrisk.ingest.content import Content
from graphrisk.ingest.delivery import Delivery, Named
from graphrisk.ingest.divisions import Divisions
from graphrisk.ingest.facts import FactMaker, Facts
from graphrisk.ingest.nids import Nids
from graphrisk.ingest.rejects import RejectFile
from graphrisk.ingest.report import FileReport, Progress, shown
from graphrisk.store.contract import BatchInfo, DeliveryMode, Writer
from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.readers.block import Block, FileError
from graphrisk_loaders.readers.open import read_blocks

_UNREADABLE = "nothing was closed: the identity of {rows:,} rows could not be read"
_TORN = "nothing was closed: a file could not be read to its end"
_EMPTY = "nothing was closed: the delivery names nothing"
#: Behind the last line of any file: a delta is applied once and never again.
_ALL = 1 << 62
#: Under which the number of states that a delivery ended is kept.
_CLOSED = "{}:closed"
_LONGEST_NAME = 200  # bytes; with what is added the disk takes 255


@dataclass(frozen=True, slots=True)
class Door:
    """What every file of a load goes through."""

    ring: KeyRing
    folder: Path  # beside the store
    writer: Writer
    nids: Nids
    now: int
    progress: Progress
    divisions: Callable[[], Divisions]  # as their registers, which come first, have told them


class Source:
    """Loads the files of one mapping; together they are one delivery when it is full."""

    def __init__(self, mapping: Mapping, door: Door) -> None:
        self._mapping = mapping
        self._door = door

    def load_all(self, files: list[Path]) -> list[FileReport]:
        """All files in name order, then the closing of what they no longer name."""
        if self._mapping.mode != "full":
            return [self._load(file, Named(self._door.folder)) for file in files]
        with closing(Named(self._door.folder)) as named:
            return self._load_full(files, named)

    def _load_full(self, files: list[Path], named: Named) -> list[FileReport]:
        reports = [self._load(file, named) for file in files]
        if any(report.error is not None for report in reports):
            last = replace(reports[-1], note=_TORN)
        elif named.unreadable:
            last = replace(reports[-1], note=_UNREADABLE.format(rows=named.unreadable))
        elif not len(named.akeys[self._mapping.targets[0].kind]):
            last = replace(reports[-1], note=_EMPTY)
        else:
            last = replace(reports[-1], closed=self._close(named, reports[-1]))
        return [*reports[:-1], last]

    def _load(self, file: Path, named: Named) -> FileReport:
        try:
            content = Content.of(file)
        except FileError as fault:
            return FileReport(
                file=shown(file),
                mapping=self._mapping.name,
                delivery=None,
                rows=0,
                loaded=0,
                unchanged=0,
                rejected=0,
                closed=0,
                reject_file=None,
                error=fault.reason,
                error_line=fault.line,
            )
        batch = self._batch(content.digest, shown(file))
        return _File(self._mapping, self._door, content, batch).load(named)

    def _batch(self, delivery: str, file: str) -> BatchInfo:
        mode = DeliveryMode(self._mapping.mode)
        return BatchInfo(self._mapping.name, delivery, file, mode, self._door.now)

    def noted(self, reports: list[FileReport]) -> None:
        """The reports are where they last: only a load killed before needs the number closed."""
        if reports[-1].closed:
            self._remember_closed(str(reports[-1].delivery), 0)

    def _close(self, named: Named, last: FileReport) -> int:
        """End what a full delivery no longer names, of kinds that left the mapping as well.

        The number is kept with the states until it is noted: a load that is run again finds them
        ended.
        """
        info, writer = self._batch(str(last.delivery), last.file), self._door.writer
        closed = writer.progress(
            self._mapping.name, _CLOSED.format(info.delivery), undisturbed=True
        )
        for kind in writer.stated_kinds(self._mapping.name):
            akeys = named.akeys[kind].ordered()
            closed += writer.close_absent(kind, self._mapping.name, akeys, info)
        self._remember_closed(info.delivery, closed)
        return closed

    def _remember_closed(self, delivery: str, closed: int) -> None:
        writer = self._door.writer
        writer.set_progress(self._mapping.name, _CLOSED.format(delivery), closed)
        writer.commit()


class _File:
    """One file: block by block, each a transaction that also says how far the file is done."""

    def __init__(self, mapping: Mapping, door: Door, content: Content, info: BatchInfo) -> None:
        self._mapping = mapping
        self._door = door
        self._content = content
        self._info = info
        # Of these bytes under this mapping: what a corrected mapping says is another matter.
        said = hashlib.sha256(repr(mapping).encode()).hexdigest()
        self._key = f"{info.delivery}:{said[:16]}"
        # Another delivery of all that the source knows may have undone what this one had done.
        self._done = door.writer.progress(
            mapping.name, self._key, undisturbed=mapping.mode == "full"
        )
        name = info.file.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
        rejects = door.folder / "rejects" / f"{name}.{info.delivery[:12]}.jsonl"
        self._rejects = RejectFile(rejects, info.file, self._done)
        self._delivery = Delivery(mapping, info, door.folder, door.writer, door.nids)
        self._rows = self._loaded = self._unchanged = 0

    def load(self, named: Named) -> FileReport:
        """Load what is not done yet; a fault of the whole file ends it, and is reported."""
        fault = self._read(named)
        if (changed := self._content.changed()) is not None:
            self._set_progress(0)  # of bytes that are not those of the delivery
            fault = changed
        elif fault is None:
            self._set_progress(_ALL if self._mapping.mode == "delta" else 0)
        self._door.writer.commit()
        return self._report(fault)

    def _read(self, named: Named) -> FileError | None:
        size = max(self._content.size, 1)
        try:
            for block, facts in _one_ahead(self._facts()):
                self._take(block, facts, named)
                self._door.progress(self._info.file, min(block.done, size - 1), size)
        except FileError as error:
            return error
        self._door.progress(self._info.file, size, size)
        return None

    def _facts(self) -> Iterator[tuple[Block, Facts]]:
        wanted = self._mapping.area_columns
        divisions = self._door.divisions() if wanted else Divisions()
        maker = FactMaker(self._mapping, self._door.ring, divisions)
        for block in read_blocks(self._content.file, self._mapping):
            if len(block.lines) or len(block.bad):
                yield block, maker.make(block)

    def _take(self, block: Block, facts: Facts, named: Named) -> None:
        """One block: written, or only remembered when an earlier load has written it."""
        rows = len(block.lines) + len(block.bad)
        self._rows += rows
        named.unreadable += len(block.bad)
        if block.last_line <= self._done:
            self._rejects.add(self._delivery.remember(facts, named))
            rejected = self._rejects.between(block.first_line, block.last_line)
            self._unchanged += rows - rejected
            return
        outcome = self._delivery.write(facts, named)
        self._rejects.add(outcome.rejects)
        self._loaded += outcome.loaded
        self._unchanged += outcome.unchanged
        self._set_progress(block.last_line)
        self._door.writer.commit()

    def _set_progress(self, done: int) -> None:
        self._door.writer.set_progress(self._mapping.name, self._key, done)

    def _report(self, fault: FileError | None) -> FileReport:
        report = FileReport(
            file=self._info.file,
            mapping=self._mapping.name,
            delivery=self._info.delivery,
            rows=self._rows,
            loaded=self._loaded,
            unchanged=self._unchanged,
            rejected=self._rejects.count,
            closed=0,
            reject_file=str(self._rejects.path) if self._rejects.count else None,
            error=fault.reason if fault else None,
            error_line=fault.line if fault else None,
        )
        if report.rows != report.loaded + report.unchanged + report.rejected:
            raise AssertionError(f"rows were lost in {report}")
        return report


def _one_ahead(facts: Iterator[tuple[Block, Facts]]) -> Iterator[tuple[Block, Facts]]:
    """The same, each made by a second thread while the one before is being written."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, facts, None)
        while (found := coming.result()) is not None:
            coming = pool.submit(next, facts, None)
            yield found
