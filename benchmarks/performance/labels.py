"""Communities of a graph in Neo4j, from its edges to labels at its nodes, beside igraph's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.performance.filled import PART, add_accounts, deliver
from benchmarks.performance.graphs import Int64Array, Pairs, planted
from benchmarks.performance.peers import PEERS, ours
from benchmarks.performance.work import Work, reader_of, stopwatch
from graphrisk.store.copy import copy_to_neo4j
from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder
from graphrisk.store.neo4j.store import Neo4jStore
from graphrisk.store.sqlite.store import SqliteStore

_HEAP_MB = 6_144  # a million scores are one transaction
_PAGE_CACHE_MB = 1_024
_MIXING = 0.25
_WAYS: dict[str, Callable[[Pairs], Int64Array]] = {"ours": ours, "igraph": PEERS["igraph"]}


def measure(work: Work) -> None:
    """Both ways by turns on one server, after a round of each that warms it up."""
    edges = work.size("edges", 5_000_000)
    pairs, _ = planted(edges, 1, _MIXING, smallest=5, largest=5_000, ties=10.0)
    work.sizes |= {"accounts": pairs.n, "edges": len(pairs.src)}
    jars, home = fetch_jars(jars_folder()), work.folder / "home"
    _fill(work.folder / "graph.db", pairs)
    copy_to_neo4j(work.folder / "graph.db", home, jars, progress=lambda *_: None)
    with LocalServer(jars, home, heap_mb=_HEAP_MB, page_cache_mb=_PAGE_CACHE_MB) as server:
        store = Neo4jStore(server.address.uri, server.address.user, server.address.password)
        store.migrate()
        for number in range(-1, work.rounds):
            seconds, quality = {}, {}
            for way, find in _WAYS.items():
                with stopwatch() as taken:
                    labels = _labelled(store, pairs.n, way, find)
                seconds[way], quality[way] = taken(), pairs.modularity(labels)
            if number >= 0:
                work.add("labels", seconds["ours"])
                work.add("labels-share", seconds["ours"] / seconds["igraph"])
                work.add("labels-quality", quality["ours"] - quality["igraph"])
        store.close()


def _fill(file: Path, pairs: Pairs) -> None:
    store = SqliteStore(file)
    store.migrate()
    with store.writer("benchmark") as writer:
        add_accounts(writer, pairs.n)
        for first in range(0, len(pairs.src), PART):
            part = slice(first, first + PART)
            deliver(writer, first, pairs.src[part], pairs.dst[part])
    store.close()


def _labelled(
    store: Neo4jStore, n: int, way: str, find: Callable[[Pairs], Int64Array]
) -> Int64Array:
    """Export, communities, and each node's label written back."""
    reader = reader_of(store)
    batches = list(reader.export_edges("TRANSFERRED", 0, reader.version(), ["src", "dst"]))
    src, dst = (
        np.concatenate([batch.column(end).to_numpy() for batch in batches])
        for end in ("src", "dst")
    )
    labels = find(Pairs(n, src, dst, np.ones(len(src))))
    with store.writer("benchmark") as writer:
        writer.write_scores("community", way, np.arange(n), labels.astype(np.float64), 0)
        writer.commit()
    return labels
