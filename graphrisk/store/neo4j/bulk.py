"""A first load without a server: files in Neo4j's import format, and its offline import tool.

The tool writes the database's own files, past the server, its transactions and its indexes; it
comes with the same jars. It works in a folder of its own inside the home, and only a complete
database is moved into place: what a killed copy left is swept away by the next one. Constraints
and indexes are made by ``Neo4jStore.migrate`` when the server runs, for the community edition's
format takes none while importing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.core.processes import bound
from graphrisk.store.neo4j.import_files import Files
from graphrisk.store.neo4j.local import java

_MAIN = "org.neo4j.cli.AdminTool"
_DATABASE = "neo4j"  # the one database of the community edition
_FLAGS = ("-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError", "-Dfile.encoding=UTF-8")
_STAGES = 4
_STAGE = re.compile(r"^\((\d)/\d\) ")
_SHARE = re.compile(r" (\d+)% ")
_IMPORTED = re.compile(r"^  (\d+) (nodes|relationships)$")
_LAST_LINES = 8

Progress = Callable[[str, int, int], None]


@contextmanager
def staged(home: Path) -> Iterator[Path]:
    """A folder to make a database in; left without an error, the database is moved into ``home``.

    Raises:
        Conflict: ``home`` has a database already.
    """
    home = home.absolute()  # the tool runs in a folder of its own
    if (home / "data").exists():
        raise Conflict(f"{home} has a database already: a copy needs a home of its own")
    stage = home / "import.partial"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        yield stage
        (stage / "data").rename(home / "data")
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def import_files(
    files: Files, stage: Path, jars: Path, *, heap_mb: int, progress: Progress
) -> None:
    """Make the database of ``files`` in ``stage/data``.

    Memory: ``heap_mb`` of heap; beside it the tool takes what it needs, about 15 bytes a node.

    Raises:
        ConfigError: There is no Java.
        StoreUnavailable: The tool failed; with what it said.
    """
    conf = stage / "conf"
    conf.mkdir()
    (conf / "neo4j.conf").write_text("db.tx_log.preallocate=false\n", encoding="ascii")
    place = {"NEO4J_HOME": str(stage), "NEO4J_CONF": str(conf)}
    options = ["--id-type=actual", "--bad-tolerance=0", f"--report-file={stage / 'report'}"]
    options.append("--verbose")  # else it keeps the cause of a failure to itself
    with subprocess.Popen(
        bound(
            [
                *(java(), f"-Xmx{heap_mb}m", *_FLAGS, "-cp", f"{jars.resolve()}/*", _MAIN),
                *("database", "import", "full", _DATABASE, *options, *files.arguments()),
            ],
            "KILL",
        ),
        cwd=stage,
        env=os.environ | place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as tool:
        assert tool.stdout is not None
        counted, last = _followed(tool.stdout, progress)
    if tool.returncode != 0:
        raise StoreUnavailable(f"Neo4j's import ended with {tool.returncode}: {last}")
    if counted != {"nodes": files.nodes, "relationships": files.edges}:
        raise StoreUnavailable(f"Neo4j's import took {counted} of {files.nodes}, {files.edges}")


def _followed(said: Iterator[str], progress: Progress) -> tuple[dict[str, int], str]:
    """Show how far the tool is; what it counted in the end, and its last words."""
    last: deque[str] = deque(maxlen=_LAST_LINES)
    counted: dict[str, int] = {}
    stage = 0
    for line in said:
        if found := _STAGE.match(line):
            stage = int(found[1]) - 1
        elif found := _SHARE.search(line):
            progress("import", stage * 100 + int(found[1]), _STAGES * 100)
        elif found := _IMPORTED.match(line):
            counted[found[2]] = int(found[1])
        elif line.strip() and not line.startswith("\tat "):
            last.append(line.strip())
    return counted, " ".join(last)
