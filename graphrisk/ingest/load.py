"""Load delivered files: recognise, convert, write, close what has ended, report."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.keys import KeyRing
from graphrisk.ingest.divisions import read_divisions
from graphrisk.ingest.nids import Nids
from graphrisk.ingest.placing import Placing
from graphrisk.ingest.report import FileReport, LoadReport, Progress, quiet, shown
from graphrisk.ingest.service import Sources
from graphrisk.ingest.source import Door, Source
from graphrisk.store.contract import Store
from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.parser import builtin_mappings, read_mappings
from graphrisk_loaders.readers.open import column_names
from graphrisk_loaders.said import MappingError

_OWNER = "load"
_PURPOSE = Purpose("operation")


def load(
    store: Store,
    folder: Path,
    directory: Path,
    *,
    clock: Clock,
    key_ring: Path | None = None,
    mapping: Path | None = None,
    sources: Sources | None = None,
    progress: Progress,
) -> LoadReport:
    """Load all files of ``directory`` (not of its subfolders) that a mapping knows.

    Every block of a file is one transaction, so a killed load loses at most the block it was
    writing and goes on behind the last one acknowledged. A file that cannot be read to its end
    does not keep the others from being loaded: ``LoadReport.check`` tells. In the end whatever has
    a position is placed in its grid cell. Memory: less than
    2 GiB, whatever the files hold; 8 bytes of it a state of one kind while absent ones are closed.

    Args:
        store: Where to.
        folder: Beside the store: raw calls and reject files.
        directory: What was delivered; a single file is taken as well.
        clock: Tells when we learnt it.
        key_ring: Keys of identity numbers, by default ``keys.json`` in ``folder``; made when the
            file is missing and the store holds no such number.
        mapping: A mapping, or a folder of mappings, instead of the built-in ones.
        sources: Where it is noted what each source delivered.
        progress: Called with file name, bytes done, bytes in all.

    Raises:
        BadInput: No mapping knows any file.
        ConfigError: A mapping or the key ring is unusable, or the ring is not the store's.
        Conflict: Another process is writing.
    """
    known = _mappings(mapping)
    there = sorted(directory.iterdir()) if directory.is_dir() else [directory]
    there = [entry for entry in there if not entry.name.startswith(".")]
    recognised = _recognise(known, [entry for entry in there if entry.is_file()])
    if not recognised:
        names = ", ".join(sorted({pattern for one in known for pattern in one.patterns}))
        raise BadInput(f"no mapping knows a file of {shown(directory)}; known are {names}")
    reports = _deliver(store, folder, recognised, clock, key_ring, sources, progress)
    taken = {file for _, of_mapping in recognised for file in of_mapping}
    ignored = [shown(entry, folder=entry.is_dir()) for entry in there if entry not in taken]
    version = store.reader(EVERYTHING, _PURPOSE).version()
    return LoadReport(reports, ignored, version)


def load_as(
    store: Store,
    folder: Path,
    file: Path,
    mapping: Mapping,
    *,
    clock: Clock,
    key_ring: Path,
    sources: Sources,
) -> FileReport:
    """Load one file by this mapping, whatever its name; otherwise as ``load``."""
    recognised = [(mapping, [file])]
    return _deliver(store, folder, recognised, clock, key_ring, sources, quiet)[0]


def _deliver(
    store: Store,
    folder: Path,
    recognised: list[tuple[Mapping, list[Path]]],
    clock: Clock,
    key_ring: Path | None,
    sources: Sources | None,
    progress: Progress,
) -> list[FileReport]:
    reports: list[FileReport] = []
    with store.writer(_OWNER) as writer:
        ring = KeyRing.open(key_ring or folder / "keys.json", store.health().key_marks)
        if any(one.has_identities for one, _ in recognised):
            writer.add_key_marks(ring.mark)
            writer.commit()  # before the first token
        reader = store.reader(EVERYTHING, _PURPOSE)
        divisions = cache(partial(read_divisions, reader))
        door = Door(ring, folder, writer, Nids(writer), clock.now_ms(), progress, divisions)
        for one, of_mapping in recognised:
            source = Source(one, door)
            of_source = source.load_all(of_mapping)
            if sources is not None:
                sources.delivered(one, of_source)
            source.noted(of_source)
            reports += of_source
        progress("grid cells", 0, 0)
        Placing(reader, writer, door.now).run()
    return reports


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
            raise BadInput(f"several mappings fit: {names}; name one", file=shown(file))
        if fitting:
            found.setdefault(fitting[0].name, []).append(file)
    # What names divisions needs to know them: their registers come first.
    ordered = sorted(known, key=lambda one: bool(one.area_columns))
    return [(one, found[one.name]) for one in ordered if one.name in found]
