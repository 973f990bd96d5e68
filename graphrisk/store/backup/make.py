"""Makes a backup beside running processes.

Order: secrets, operations database, graph, files (see docs/operations.md). The log of the audit
stands still while the operations database is read, so that each of its entries has its row; its
processes go on recording, and the collector waits for its next turn.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from graphrisk.core.clock import Clock
from graphrisk.core.errors import ConfigError, Conflict, system_faults
from graphrisk.core.files import private_folder
from graphrisk.core.tlog.note import read_checkpoint
from graphrisk.settings import Settings
from graphrisk.store.audit.collector import collect_into
from graphrisk.store.audit.place import AuditPlace, place_of
from graphrisk.store.audit.verify import patiently
from graphrisk.store.backup import places
from graphrisk.store.backup.manifest import FORMAT, Manifest, write_sums
from graphrisk.store.open import open_store
from graphrisk.store.operations import backup as operations
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.backup import GraphFacts, copy_graph, graph_facts

#: Told as work goes on: what is copied, how much is done, and how much there is.
Progress = Callable[[str, int, int], None]


def make_backup(
    settings: Settings,
    target: Path,
    clock: Clock,
    *,
    secrets: Path | None = None,
    with_graph: bool = True,
    progress: Progress = lambda *_: None,
) -> Manifest:
    """Copy the deployment into ``target``, which appears when it is whole.

    Args:
        settings: What is copied.
        target: A folder that is not there yet.
        clock: Tells when.
        secrets: Where the keys go; default: into the backup.
        with_graph: ``False`` leaves the graph out, as a Neo4j store asks for.
        progress: Told of long work.

    Raises:
        Conflict: The target is there, or another process keeps the audit's log.
        ConfigError: The graph lies on a server, or a program of PostgreSQL is missing.
        StoreUnavailable: A database cannot be reached, or the disk is full.

    Cost: each byte is read twice and written once; memory of one part of a file.
    """
    if with_graph and settings.sqlite_file is None:
        raise ConfigError(
            "the graph lies on Neo4j, which is copied by its own program (neo4j-admin database "
            "dump): --without-graph backs up the rest"
        )
    if target.exists():
        raise Conflict(f"{target} is there already: each backup has a folder of its own")
    partial = target.with_name(target.name + ".partial")
    with system_faults(target):
        shutil.rmtree(partial, ignore_errors=True)
        private_folder(partial)
        made_at = clock.now_ms()
        audit = place_of(settings)
        audit.ring(clock)  # drawn where nothing was recorded yet, so that there are keys to copy
        _copy_secrets(settings, secrets or partial / places.SECRETS)
        note = _copy_operations(settings, audit, clock, partial, progress)
        graph = _copy_graph(settings, partial, progress) if with_graph else None
        _copy_files(settings, partial / places.FILES, progress)
        manifest = Manifest(
            format=FORMAT,
            release=version("graphrisk"),
            made_at=made_at,
            graph=graph,
            operations=_engine(settings),
            checkpoint=note,
            entries=read_checkpoint(note).size,
        )
        (partial / places.MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        write_sums(partial)
        partial.rename(target)
    return manifest


def _copy_secrets(settings: Settings, target: Path) -> None:
    private_folder(target)
    kept = {places.KEY_RING: settings.key_ring_file}
    if settings.id_secret is None:
        kept[places.ID_SECRET] = settings.folder / "id-secret"
    for name, file in kept.items():
        if file.exists():
            shutil.copy2(file, target / name)


def _copy_operations(
    settings: Settings, audit: AuditPlace, clock: Clock, target: Path, progress: Progress
) -> str:
    """The operations database and the audit, as of one moment of its log; its checkpoint."""
    database = Database(settings.operations_url)
    try:
        database.migrate()
        with patiently(audit, clock) as log:
            collect_into(log, audit, database, lambda n, of: progress("audit", n, of))
            progress("operations", 0, 1)
            operations.dump(settings.operations_url, target / places.OPERATIONS)
            progress("operations", 1, 1)
            copied = target / places.FILES / settings.audit_folder.relative_to(settings.folder)
            private_folder(copied.parent)
            shutil.copytree(audit.folder, copied, ignore=shutil.ignore_patterns("spool"))
            _copy_spool(audit.spool, copied / audit.spool.name)
            return log.checkpoint
    finally:
        database.dispose()


def _copy_spool(spool: Path, target: Path) -> None:
    """What was recorded since; a file is locked for the moment of a write."""
    private_folder(target)
    for file in sorted(spool.iterdir()) if spool.exists() else ():
        with file.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH)
            (target / file.name).write_bytes(stream.read())


def _copy_graph(settings: Settings, target: Path, progress: Progress) -> GraphFacts:
    file = settings.sqlite_file
    assert file is not None
    open_store(settings).close()  # there, and of this release
    copy_graph(file, target / places.GRAPH, lambda n, of: progress("graph", n, of))
    return graph_facts(target / places.GRAPH)


def _copy_files(settings: Settings, target: Path, progress: Progress) -> None:
    files = list(_kept(settings))
    for done, file in enumerate(files):
        copied = target / file.relative_to(settings.folder)
        private_folder(copied.parent)
        try:
            shutil.copy2(file, copied)
        except FileNotFoundError:  # handed over and gone since it was listed
            continue
        finally:
            progress("files", done + 1, len(files))


def _kept(settings: Settings) -> Iterator[Path]:
    """Files of the data folder that no other part copies and no command makes anew."""
    apart = {settings.snapshot_folder, settings.scores_folder, settings.audit_folder}
    secrets = {settings.key_ring_file.resolve(), (settings.folder / "id-secret").resolve()}
    databases = {settings.sqlite_file, Path(settings.operations_url.removeprefix("sqlite:///"))}
    names = {f"{one}{more}" for one in databases for more in ("", "-wal", "-shm", "-journal")}
    for file in sorted(settings.folder.rglob("*")):
        is_apart = any(folder in file.parents for folder in apart)
        is_partial = file.name.startswith(".") or ".partial" in file.name
        is_elsewhere = file.resolve() in secrets or str(file) in names
        if file.is_file() and not (is_apart or is_partial or is_elsewhere):
            yield file


def _engine(settings: Settings) -> str:
    return "sqlite" if settings.operations_url.startswith("sqlite") else "postgresql"
