"""The server store, on a Neo4j of its own."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.performance.work import (
    Work,
    delivered,
    exported,
    load_all,
    reader_of,
    stopwatch,
)
from graphrisk.store.copy import copy_to_neo4j
from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder
from graphrisk.store.neo4j.store import Neo4jStore
from graphrisk.store.sqlite.store import SqliteStore

_HEAP_MB = 2_048
_PAGE_CACHE_MB = 512


def measure(work: Work) -> None:
    """First loads, upserts, export and write-back; every round of a load on a new server."""
    _offline(work)
    edges, accounts = work.size("edges", 1_000_000), work.size("accounts", 500_000)
    delivery = delivered(work.folder / "delivery", 0, edges, accounts)
    jars = fetch_jars(jars_folder())
    for number in range(work.rounds):
        home = work.folder / f"server-{number}"
        home.mkdir()
        with LocalServer(jars, home, heap_mb=_HEAP_MB, page_cache_mb=_PAGE_CACHE_MB) as server:
            address = server.address
            store = Neo4jStore(address.uri, address.user, address.password)
            store.migrate()
            files = home / "files"
            work.add_rate("first-load", edges, partial(load_all, store, files, delivery, edges))
            if number == work.rounds - 1:
                _rest(work, store, edges, accounts)
            store.close()


def _offline(work: Work) -> None:
    """The whole way of a first load without a server, until the indexes of one are there."""
    edges = work.size("edges of the offline load", 5_000_000)
    delivery = delivered(work.folder / "whole", 0, edges, work.size("accounts", 500_000))
    for number in range(work.rounds):
        folder = work.folder / f"offline-{number}"
        folder.mkdir()
        seconds = _steps(folder, delivery, edges)
        for step, taken in seconds.items():
            work.add(f"offline-{step}", taken)
        work.add("offline-load", edges / sum(seconds.values()))
        shutil.rmtree(folder)


def _steps(folder: Path, delivery: Path, edges: int) -> dict[str, float]:
    """Seconds of each step of one round."""
    jars, file, home = fetch_jars(jars_folder()), folder / "graph.db", folder / "home"
    with stopwatch() as staging:
        staged = SqliteStore(file)
        staged.migrate()
        load_all(staged, folder / "files", delivery, edges)
        staged.close()
    with stopwatch() as copying:
        copy_to_neo4j(file, home, jars, progress=lambda *_: None)
    server = LocalServer(jars, home, heap_mb=_HEAP_MB, page_cache_mb=_PAGE_CACHE_MB)
    try:
        with stopwatch() as starting:
            address = server.start()
        store = Neo4jStore(address.uri, address.user, address.password)
        with stopwatch() as indexing:
            store.migrate()
        assert reader_of(store).counts()["TRANSFERRED"] == edges
        store.close()
    finally:
        server.stop()
    watches = {"staging": staging, "copy": copying, "start": starting, "indexes": indexing}
    return {step: seconds() for step, seconds in watches.items()}


def _rest(work: Work, store: Neo4jStore, edges: int, accounts: int) -> None:
    rows = work.size("rows of an upsert", 100_000)
    reader = reader_of(store)
    for number in range(work.rounds):
        first = edges + number * rows // 2 - rows // 2
        delivery = delivered(work.folder / f"more-{number}", first, rows, accounts)
        files = work.folder / f"files-{number}"
        work.add_rate("upserts", rows, partial(load_all, store, files, delivery, rows))
        counts = reader.counts()
        there = counts["TRANSFERRED"]
        work.add_rate("export", there, partial(exported, store, there))
        nodes = counts["Account"]
        scores = np.random.default_rng(number).random(nodes)
        work.add_rate("write-back", nodes, partial(_write_back, store, scores))


def _write_back(store: Neo4jStore, scores: npt.NDArray[np.float64]) -> None:
    with store.writer("benchmark") as writer:
        assert writer.write_scores("risk", "run", np.arange(len(scores)), scores, 0) == len(scores)
        writer.commit()
