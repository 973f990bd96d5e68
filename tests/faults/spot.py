"""A deployment of its own in a folder, whose commands are killed (-9) while they run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.cli.app import main
from graphrisk.core.clock import SystemClock
from graphrisk.ingest import load
from graphrisk.ingest.feeds import postgres
from graphrisk.store.contract import Store
from graphrisk.store.export import export_parquet
from graphrisk.store.neo4j.local import Address
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_loaders.readers import columnar, lines
from tests.ingest.factory import START
from tests.servers import empty, open_neo4j

#: Each command is a process of its own, forked from one that has imported what commands need and
#: has done nothing: a kill hits work, not the start of an interpreter.
_PROCESSES: Final = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, load.__name__, postgres.__name__])
_ROOT: Final = Path(__file__).parents[2]


def _command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    clock: int,
    place: Path,
    ready: Connection,
) -> None:
    """``graphrisk`` with a clock that stands still, so that runs may be compared byte for byte.

    With small blocks and pages, so that a small delivery has many moments to be killed at.
    """
    for descriptor, name in ((1, "out"), (2, "complaints")):
        os.dup2(os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    for name in [name for name in os.environ if name.startswith("GRAPHRISK_")]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(_ROOT)
    SystemClock.now_ms = lambda _: clock  # type: ignore[method-assign, assignment]
    lines.BLOCK_BYTES, columnar._BATCH_ROWS, postgres.PAGE_ROWS = 6_000, 100, 100
    sys.argv = ["graphrisk", *arguments, "--json"]
    ready.send(None)
    main()


@dataclass
class Spot:
    """Where it is, and the time that its clock shows."""

    place: Path
    clock: int = START
    environment: dict[str, str] = field(default_factory=dict)
    server: Address | None = None  # a Neo4j for the graph, emptied first; otherwise SQLite

    def __post_init__(self) -> None:
        self.place.mkdir(exist_ok=True)
        if self.server is not None:
            empty(self.server)
            host = self.server.uri.partition("//")[2]
            self.environment["GRAPHRISK_STORE"] = f"neo4j://{self.server.user}@{host}"
            self.environment["GRAPHRISK_STORE_PASSWORD"] = self.server.password

    @property
    def files(self) -> Path:
        """What lies beside the graph."""
        return self.place / "files"

    def run(self, *arguments: str) -> str:
        """What a command printed that nobody disturbed."""
        printed = self.killed(None, *arguments)
        assert printed is not None
        return printed

    def killed(self, after: float | None, *arguments: str) -> str | None:
        """``None`` when the command was killed, so many seconds after it began."""
        settings = {
            "GRAPHRISK_STORE": f"sqlite:///{self.place / 'graph.db'}",
            "GRAPHRISK_DATA_DIR": str(self.files),
        }
        begun, ready = _PROCESSES.Pipe(duplex=False)
        process = _PROCESSES.Process(
            target=_command,
            args=(arguments, settings | self.environment, self.clock, self.place, ready),
        )
        process.start()
        begun.recv()
        process.join(after)
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL), (self.place / "complaints").read_text()
        return (self.place / "out").read_text() if process.exitcode == 0 else None

    def state(self) -> dict[str, bytes]:
        """Everything that is there: the graph's export, raw calls, reject files."""
        out = self.place / "export"
        store: Store
        if self.server is not None:
            store = open_neo4j(self.server)
        else:
            store = SqliteStore(self.place / "graph.db")
        reader = store.reader(EVERYTHING, Purpose("test"))
        export_parquet(reader, out, lambda _: True, lambda *_: None)
        store.close()
        found = [*out.rglob("*.parquet"), *(self.files / "raw").rglob("*.parquet")]
        found += (self.files / "rejects").glob("*")
        return {str(file.relative_to(self.place)): file.read_bytes() for file in sorted(found)}
