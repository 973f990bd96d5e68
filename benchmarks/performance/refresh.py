"""The snapshot after a small delivery into a large graph."""

from __future__ import annotations

from benchmarks.performance.data import pairs
from benchmarks.performance.filled import PART, add_accounts, deliver
from benchmarks.performance.work import Work, reader_of, stopwatch
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk.store.sqlite.store import SqliteStore


def measure(work: Work) -> None:
    """Refresh after new edges: rows read, columns, adjacency."""
    edges, nodes = work.size("edges", 10_000_000), work.size("accounts", 1_000_000)
    new = work.size("new edges", 10_000)
    store = SqliteStore(work.folder / "graph.db")
    store.migrate()
    with store.writer("benchmark") as writer:
        add_accounts(writer, nodes)
        for start in range(0, edges, PART):
            deliver(writer, start, *pairs(min(PART, edges - start), nodes, start))
    snapshot = Snapshot.open(work.folder / "snapshot", reader_of(store), store.health().store_id)
    snapshot.refresh()
    snapshot.csr("TRANSFERRED", symmetric=True)
    for number in range(work.rounds):
        with store.writer("benchmark") as writer:
            first = edges + number * new
            deliver(writer, first, *pairs(new, nodes, first))
        with stopwatch() as seconds:
            report = snapshot.refresh()
        work.add("columns", seconds())
        work.add("rows", report.rows_read / new)
        with stopwatch() as seconds:
            view = snapshot.csr("TRANSFERRED", symmetric=True)
        work.add("csr", seconds())
        assert view.n == nodes
    store.close()
