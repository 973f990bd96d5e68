"""Load delivered files: recognise, convert, write, close what has ended, report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.keys import KeyRing
from graphrisk.ingest.delivery import Delivery, Named
from graphrisk.ingest.facts import FactMaker
from graphrisk.ingest.rejects import RejectFile
from graphrisk.ingest.report import FileReport, LoadReport, Progress
from graphrisk.store.contract import BatchInfo, DeliveryMode, Store, Writer
from graphrisk_loaders.mapping import Mapping, MappingError, builtin_mappings, read_mappings
from graphrisk_loaders.readers.block import Block, FileError
from graphrisk_loaders.readers.open import column_names, read_blocks

_OWNER = "load"
_UNCLOSED = "nothing was closed: the identity of {rows} rows could not be read"


def load(
    store: Store,
    folder: Path,
    directory: Path,
    *,
    clock: Clock,
    key_ring: Path | None = None,
    mapping: Path | None = None,
    progress: Progress,
) -> LoadReport:
    """Load all files of ``directory`` (not of its subfolders) that a mapping knows.

    Every block of a file is one transaction, so a killed load loses at most the block it was
    writing and goes on behind the last one acknowledged. Memory: some blocks of 4 MiB, and for
    deliveries of states 100 bytes a row.

    Args:
        store: Where to.
        folder: Beside the store: raw calls and reject files.
        directory: What was delivered; a single file is taken as well.
        clock: Tells when we learnt it.
        key_ring: Keys of identity numbers, by default ``keys.json`` in ``folder``; made when the
            file is missing.
        mapping: A mapping, or a folder of mappings, instead of the built-in ones.
        progress: Called with file name, bytes done, bytes in all.

    Raises:
        BadInput: No mapping knows any file, or a file is not what its mapping says.
        ConfigError: A mapping or the key ring is unusable.
        Conflict: Another process is writing.
    """
    known = _mappings(mapping)
    files = sorted(directory.iterdir()) if directory.is_dir() else [directory]
    files = [file for file in files if file.is_file() and not file.name.startswith(".")]
    recognised = _recognise(known, files)
    if not recognised:
        names = ", ".join(sorted({pattern for one in known for pattern in one.patterns}))
        raise BadInput(f"no mapping knows a file of {directory}; known are {names}")
    ring = KeyRing.open(key_ring or folder / "keys.json")
    now = clock.now_ms()
    reports: list[FileReport] = []
    with store.writer(_OWNER) as writer:
        for one, of_mapping in recognised:
            loader = _Loader(one, ring, folder, writer, now, progress)
            reports += loader.load_all(of_mapping)
    taken = {file for _, of_mapping in recognised for file in of_mapping}
    version = store.reader(EVERYTHING, Purpose("operation")).version()
    return LoadReport(reports, [file.name for file in files if file not in taken], version)


def _mappings(path: Path | None) -> list[Mapping]:
    try:
        return builtin_mappings() if path is None else read_mappings(path)
    except MappingError as error:
        raise ConfigError(str(error)) from error


def _recognise(known: list[Mapping], files: list[Path]) -> list[tuple[Mapping, list[Path]]]:
    """Files by mapping: the name must fit, and all columns must be there.

    A file whose name fits one mapping alone is given to it as it is, so that it fails by name.
    """
    found: dict[str, list[Path]] = {}
    for file in files:
        fitting = [one for one in known if one.accepts(file)]
        if len(fitting) > 1:
            fitting = [one for one in fitting if {*one.columns} <= {*column_names(file, one)}]
        if len(fitting) > 1:
            names = ", ".join(one.name for one in fitting)
            raise BadInput(f"several mappings fit: {names}; name one", file=file.name)
        if fitting:
            found.setdefault(fitting[0].name, []).append(file)
    return [(one, found[one.name]) for one in known if one.name in found]


@dataclass
class _Count:
    rows: int = 0
    loaded: int = 0
    unchanged: int = 0


class _Loader:
    """Loads the files of one mapping; together they are one delivery when it is full."""

    def __init__(
        self,
        mapping: Mapping,
        ring: KeyRing,
        folder: Path,
        writer: Writer,
        now: int,
        progress: Progress,
    ) -> None:
        self._mapping = mapping
        self._ring = ring
        self._folder = folder
        self._writer = writer
        self._now = now
        self._progress = progress
        self._named = Named()

    def load_all(self, files: list[Path]) -> list[FileReport]:
        """All files in name order, then the closing of what they no longer name."""
        reports = [self._load(file) for file in files]
        if self._mapping.mode == "full":
            reports[-1] = self._close(reports[-1], files[-1])
        return reports

    def _info(self, file: Path) -> BatchInfo:
        return BatchInfo(
            source=self._mapping.name,
            delivery=_digest(file),
            file=file.name,
            mode=DeliveryMode(self._mapping.mode),
            known_at=self._now,
        )

    def _load(self, file: Path) -> FileReport:
        info = self._info(file)
        done = self._writer.progress(info.delivery)
        name = f"{file.name}.{info.delivery[:12]}.jsonl"
        rejects = RejectFile(self._folder / "rejects" / name, file.name, done)
        maker = FactMaker(self._mapping, self._ring)
        delivery = Delivery(self._mapping, info, self._folder, self._writer, self._named)
        count = _Count()
        size = max(file.stat().st_size, 1)
        try:
            for block in read_blocks(file, self._mapping):
                self._take(block, maker, delivery, rejects, count, done, info)
                self._progress(file.name, min(block.done, size), size)
        except FileError as error:
            raise BadInput(error.reason, file=file.name, line=error.line) from error
        self._writer.set_progress(info.delivery, 0)
        self._writer.commit()
        self._progress(file.name, size, size)
        report = FileReport(
            file=file.name,
            mapping=self._mapping.name,
            rows=count.rows,
            loaded=count.loaded,
            unchanged=count.unchanged,
            rejected=rejects.count,
            closed=0,
            reject_file=str(rejects.path) if rejects.count else None,
        )
        if report.rows != report.loaded + report.unchanged + report.rejected:
            raise AssertionError(f"rows were lost in {report}")
        return report

    def _take(
        self,
        block: Block,
        maker: FactMaker,
        delivery: Delivery,
        rejects: RejectFile,
        count: _Count,
        done: int,
        info: BatchInfo,
    ) -> None:
        """One block: written, or only remembered when an earlier load has written it."""
        rows = len(block.lines) + len(block.bad)
        count.rows += rows
        if not rows:
            return
        facts = maker.make(block)
        self._named.unreadable += len(block.bad)
        if block.last_line <= done:
            delivery.remember(facts)
            count.unchanged += rows - rejects.between(block.first_line, block.last_line)
            return
        outcome = delivery.write(facts)
        rejects.add(outcome.rejects)
        count.loaded += outcome.loaded
        count.unchanged += outcome.unchanged
        self._writer.set_progress(info.delivery, block.last_line)
        self._writer.commit()

    def _close(self, report: FileReport, file: Path) -> FileReport:
        """End what a full delivery no longer names; not when some row could not be read."""
        if self._named.unreadable:
            return replace(report, note=_UNCLOSED.format(rows=self._named.unreadable))
        closed = 0
        for kind, parts in self._named.akeys.items():
            akeys = np.unique(np.concatenate(parts))
            closed += self._writer.close_absent(kind, self._mapping.name, akeys, self._info(file))
        self._writer.commit()
        return replace(report, closed=closed)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
