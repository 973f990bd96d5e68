"""The product's own path from files to findings, timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import Finding
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import SystemClock
from graphrisk.ingest.load import load
from graphrisk.ingest.resolve.service import resolve
from graphrisk.store.contract import Reader
from graphrisk.store.operations.database import Database
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_algorithms.graph import RiskGraph

MOST = 10_000


@dataclass
class Detected:
    """A loaded folder after detection."""

    findings: Findings
    reader: Reader
    files: dict[str, int]  # rows loaded of each file
    ignored: list[str]
    snapshot: Snapshot
    seconds: dict[str, float] = field(default_factory=dict)

    def graph(self) -> RiskGraph:
        """The columns that detection saw."""
        return self.snapshot.graph()

    def listed(self) -> list[Finding]:
        """All findings, strongest first."""
        return list(self.findings.page(None, MOST).items)

    def scores(self, kind: str, keys: list[str]) -> npt.NDArray[np.float64]:
        """Score of each key; 0 where there is none."""
        nids = self.reader.lookup(kind, keys)
        table = self.reader.scores(nids[nids >= 0])
        known = dict(zip(table["nid"].to_pylist(), table["score"].to_pylist(), strict=True))
        return np.array([known.get(nid, 0.0) for nid in nids.tolist()])


@contextmanager
def detected(folder: Path, *, resolved: bool = False) -> Iterator[Detected]:
    """Load ``folder`` into an empty SQLite store and detect; all of it is gone on leaving.

    ``resolved``: the machine judges first which records are one person.
    """
    with TemporaryDirectory(prefix="graphrisk-quality-") as place:
        store = SqliteStore(Path(place) / "graph.db")
        database = Database(f"sqlite:///{place}/operations.db")
        try:
            store.migrate()
            database.migrate()
            yield _run(store, database, Path(place), folder, resolved)
        finally:
            database.dispose()
            store.close()


def quiet(_label: str, _done: int, _total: int) -> None:
    """Progress that nobody hears."""


def _run(
    store: SqliteStore, database: Database, place: Path, folder: Path, resolved: bool
) -> Detected:
    clock, started = SystemClock(), time.perf_counter()
    report = load(store, place / "files", folder, clock=clock, progress=quiet)
    loaded = time.perf_counter()
    if resolved:
        resolve(store, database, place / "snapshot", clock)
    judged = time.perf_counter()
    detect(store, place / "snapshot", database, clock, progress=quiet)
    reader = store.reader(EVERYTHING, Purpose("evaluation"))
    return Detected(
        findings=Findings(database, store),
        reader=reader,
        snapshot=Snapshot.open(place / "snapshot", reader, store.health().store_id),
        files={file.file: file.loaded for file in report.files},
        ignored=report.ignored,
        seconds={
            "load": round(loaded - started, 2),
            **({"resolve": round(judged - loaded, 2)} if resolved else {}),
            "detect": round(time.perf_counter() - judged, 2),
        },
    )
