"""Whole cities: what it takes to write them, and to load all sources of a town."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.performance.commands import run
from benchmarks.performance.work import Work, stopwatch
from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder
from graphrisk.store.neo4j.store import Neo4jStore

_HEAP_MB = 2_048
_PAGE_CACHE_MB = 512


def measure(work: Work) -> None:
    """Every round another seed, each store empty before it."""
    for number in range(work.rounds):
        place = work.folder / f"round-{number}"
        place.mkdir()
        for preset in ("city", "town"):
            city, seed = place / preset, str(number + 1)
            words = ("synth", "--preset", preset, "--seed", seed, "--out", str(city))
            _timed(work, preset, *words)
        sqlite = f"sqlite:///{place}/graph.db"
        loading = _timed(work, "load", "load", str(place / "town"), "--store", sqlite)
        copying = _timed(work, "copy", "copy", "--to", str(place / "copy"), "--store", sqlite)
        work.add("load-offline", loading + copying + _started(place / "copy"))
        shutil.rmtree(place)


def _started(home: Path) -> float:
    """Seconds until a server over the copy answers and has every index."""
    jars = fetch_jars(jars_folder())
    server = LocalServer(jars, home, heap_mb=_HEAP_MB, page_cache_mb=_PAGE_CACHE_MB)
    with stopwatch() as seconds, server:
        store = Neo4jStore(server.address.uri, server.address.user, server.address.password)
        store.migrate()
        store.close()
    return seconds()


def _timed(work: Work, name: str, *words: str) -> float:
    with stopwatch() as seconds:
        most = run(work, *words)
    work.add(name, seconds())
    work.add(f"{name}-memory", most)
    return seconds()
