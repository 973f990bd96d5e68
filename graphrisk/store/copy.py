"""Copy an embedded store into an empty Neo4j database, offline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graphrisk.core.errors import BadInput
from graphrisk.store.neo4j.bulk import import_files, staged
from graphrisk.store.neo4j.import_files import write_files
from graphrisk.store.sqlite.dump import dumped

_HEAP_MB = 1536


def copy_to_neo4j(
    file: Path,
    home: Path,
    jars: Path,
    *,
    heap_mb: int = _HEAP_MB,
    progress: Callable[[str, int, int], None],
) -> dict[str, int]:
    """Make the database of a Neo4j ``home`` that has none from the SQLite store in ``file``.

    The copy is the same graph: numbers, versions, provenance, open loads and scores; only its
    store id is new, for the two go their own ways. It is whole or not there at all.
    ``Neo4jStore.migrate`` makes the indexes when a server runs on it. Disk: about 200 bytes a row
    beside the database while it works.

    Returns:
        Rows copied, by kind.

    Raises:
        BadInput: The store holds nothing.
        Conflict: The home has a database already.
        StoreUnavailable: Neo4j's import tool failed.
    """
    with staged(home) as stage:
        with dumped(file) as contents:
            if not contents.counters["version"]:
                raise BadInput(f"{file} holds nothing to copy: load into it first")
            files, counts = write_files(contents, stage, progress)
        import_files(files, stage, jars, heap_mb=heap_mb, progress=progress)
    return counts
