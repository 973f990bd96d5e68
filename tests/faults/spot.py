"""A deployment of its own in a folder, whose commands are killed (-9) while they run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.store.contract import Store
from graphrisk.store.export import export_parquet
from graphrisk.store.neo4j.local import Address
from graphrisk.store.sqlite.store import SqliteStore
from tests.ingest.factory import START
from tests.servers import empty, open_neo4j

#: ``graphrisk`` with a clock that stands still, so that two runs may be compared byte for byte,
#: and with small blocks and pages, so that a small delivery has many moments to be killed at.
_GRAPHRISK = """
import sys
from graphrisk.cli.app import main
from graphrisk.core.clock import SystemClock
from graphrisk.ingest import load
from graphrisk.ingest.feeds import postgres
from graphrisk_loaders.readers import columnar, lines
now = int(sys.argv.pop(1))
SystemClock.now_ms = lambda self: now
lines.BLOCK_BYTES, columnar._BATCH_ROWS, postgres.PAGE_ROWS = 6_000, 100, 100
print("ready", flush=True)
main()
"""


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
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
        settings = {
            "PYTHONPATH": os.pathsep.join(sys.path),
            "GRAPHRISK_STORE": f"sqlite:///{self.place / 'graph.db'}",
            "GRAPHRISK_DATA_DIR": str(self.files),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", _GRAPHRISK, str(self.clock), *arguments, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=inherited | settings | self.environment,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        out, complaints = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), complaints
        return out if process.returncode == 0 else None

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
