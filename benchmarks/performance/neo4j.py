"""The server store, on a Neo4j of its own."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks.performance.work import Work, delivered, exported, load_all, reader_of
from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder
from graphrisk.store.neo4j.store import Neo4jStore

_HEAP_MB = 2_048
_PAGE_CACHE_MB = 512


def measure(work: Work) -> None:
    """First load, upserts, export and write-back; every round of the load on a new server."""
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
