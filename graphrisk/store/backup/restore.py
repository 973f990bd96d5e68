"""Puts a backup back where nothing is, and looks whether all of it is as it was."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, ConfigError, Conflict, system_faults
from graphrisk.core.files import private_folder
from graphrisk.core.tlog.note import read_checkpoint, split_note
from graphrisk.settings import Settings
from graphrisk.store.audit.place import place_of
from graphrisk.store.audit.verify import Difference, verify
from graphrisk.store.backup import places
from graphrisk.store.backup.make import Progress
from graphrisk.store.backup.manifest import Manifest, changed_files, read_manifest
from graphrisk.store.operations import backup as operations
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.backup import copy_graph, damages, graph_facts


@dataclass(slots=True)
class Restored:
    """What was put back; without ``differences`` it is what was backed up."""

    manifest: Manifest
    entries: int = 0  # in the audit's log now
    lost_entries: int = 0  # that a witness saw and the log lacks
    differences: list[Difference] = field(default_factory=list)


def restore(
    folder: Path,
    settings: Settings,
    clock: Clock,
    *,
    secrets: Path | None = None,
    witnessed: Sequence[str] = (),
    progress: Progress = lambda *_: None,
) -> Restored:
    """Put a backup back, then look at it: digests, files of the databases, counts, the audit.

    Args:
        folder: The backup.
        settings: Where it goes: a store, an operations database and a data folder with nothing
            in them.
        clock: Tells when.
        secrets: Where the keys are, when they are not in the backup.
        witnessed: Checkpoints that others signed; the log must lead to each of them, beside those
            in the backup. What they saw and the log lacks is lost, and named.
        progress: Told of long work.

    Raises:
        BadInput: The folder is no backup, or its files are not as they were.
        Conflict: There is something where it is to go; nothing was changed.
        ConfigError: The keys are missing, or an engine is another than in the backup.
    """
    manifest = read_manifest(folder)
    if changed := changed_files(folder):
        names = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if changed[3:] else "")
        raise BadInput(f"the backup is not as it was written: {names}", file=str(folder))
    with system_faults(settings.folder):
        keys = _keys(folder, secrets)
        _check_empty(settings, manifest)
        _put_secrets(settings, keys)
        shutil.copytree(folder / places.FILES, settings.folder, dirs_exist_ok=True)
        operations.put_back(settings.operations_url, folder / places.OPERATIONS)
        found = Restored(manifest)
        if manifest.graph is not None:
            _put_graph(folder / places.GRAPH, settings, found, progress)
        _look_at_audit(settings, clock, witnessed, found, progress)
    return found


def _keys(folder: Path, secrets: Path | None) -> Path:
    keys = secrets or folder / places.SECRETS
    if not (keys / places.KEY_RING).exists():
        raise ConfigError(
            f"{keys} has no key ring, without which nothing can be read: name where it is kept"
        )
    return keys


def _check_empty(settings: Settings, manifest: Manifest) -> None:
    """Nothing may be lost by a restore, not even a wrong graph."""
    there = [settings.folder] if settings.folder.exists() and any(settings.folder.iterdir()) else []
    if manifest.graph is not None:
        if settings.sqlite_file is None:
            raise ConfigError("the backup holds a graph of SQLite: name a store sqlite:///FILE")
        there += [settings.sqlite_file] if settings.sqlite_file.exists() else []
    there += [settings.key_ring_file] if settings.key_ring_file.exists() else []
    if there:
        raise Conflict(f"{there[0]} is there already: a backup goes where nothing is")


def _put_secrets(settings: Settings, keys: Path) -> None:
    private_folder(settings.folder)
    private_folder(settings.key_ring_file.parent)
    shutil.copy2(keys / places.KEY_RING, settings.key_ring_file)
    if settings.id_secret is None and (keys / places.ID_SECRET).exists():
        shutil.copy2(keys / places.ID_SECRET, settings.folder / "id-secret")


def _put_graph(file: Path, settings: Settings, found: Restored, progress: Progress) -> None:
    target = settings.sqlite_file
    assert target is not None
    private_folder(target.parent)
    copy_graph(file, target, lambda done, total: progress("graph", done, total))
    found.differences += [Difference("graph", line) for line in damages(target)]
    if not found.differences and graph_facts(target) != found.manifest.graph:
        found.differences.append(Difference("graph", "holds other numbers of nodes and edges"))


def _look_at_audit(
    settings: Settings,
    clock: Clock,
    witnessed: Sequence[str],
    found: Restored,
    progress: Progress,
) -> None:
    place, database = place_of(settings), Database(settings.operations_url)
    kept = sorted((place.folder / "witnesses").glob("*"))
    notes = [file.read_text("utf-8") for file in kept if file.suffix != ".failing"]
    notes = [found.manifest.checkpoint, *notes, *witnessed]
    try:
        database.migrate()
        seen = verify(place, database, clock, notes, progress)
    finally:
        database.dispose()
    found.differences += seen.differences
    found.entries = 0 if seen.checkpoint is None else seen.checkpoint.size
    sizes = [read_checkpoint(split_note(note)[0]).size for note in notes]
    found.lost_entries = max(0, max(sizes) - found.entries)
