"""The snapshot after a small delivery into a large graph."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.performance.data import EPOCH_MS, pairs
from benchmarks.performance.work import Work, reader_of, stopwatch
from graphrisk.store.contract import BatchInfo, DeliveryMode, Writer
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk.store.sqlite.store import SqliteStore

_PART = 500_000


def measure(work: Work) -> None:
    """Refresh after new edges: rows read, columns, adjacency."""
    edges, nodes = work.size("edges", 10_000_000), work.size("accounts", 1_000_000)
    new = work.size("new edges", 10_000)
    store = SqliteStore(work.folder / "graph.db")
    store.migrate()
    with store.writer("benchmark") as writer:
        for start in range(0, nodes, _PART):
            writer.resolve("Account", [f"A{n}" for n in range(start, min(start + _PART, nodes))])
        for start in range(0, edges, _PART):
            _deliver(writer, start, min(_PART, edges - start), nodes)
    snapshot = Snapshot.open(work.folder / "snapshot", reader_of(store), store.health().store_id)
    snapshot.refresh()
    snapshot.csr("TRANSFERRED", symmetric=True)
    for number in range(work.rounds):
        with store.writer("benchmark") as writer:
            _deliver(writer, edges + number * new, new, nodes)
        with stopwatch() as seconds:
            report = snapshot.refresh()
        work.add("columns", seconds())
        work.add("rows", report.rows_read / new)
        with stopwatch() as seconds:
            view = snapshot.csr("TRANSFERRED", symmetric=True)
        work.add("csr", seconds())
        assert view.n == nodes
    store.close()


def _deliver(writer: Writer, first: int, count: int, nodes: int) -> None:
    src, dst = pairs(count, nodes, first)
    numbers = first + np.arange(count)
    columns = {"src": src, "dst": dst, "akey": numbers * 0x9E3779B1, "digest": numbers}
    columns |= {"row": numbers, "at": EPOCH_MS + numbers, "amount": numbers}
    info = BatchInfo("bank", f"{first}", "transfers.csv", DeliveryMode.EVENTS, EPOCH_MS + first)
    writer.upsert_edges("TRANSFERRED", pa.table(columns), info)
    writer.commit()
