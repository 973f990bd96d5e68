"""Whole cities: what it takes to write them, and to load all sources of a town."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.performance.commands import run
from benchmarks.performance.work import Work, stopwatch
from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder

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
        _timed(work, "load", "load", str(place / "town"), "--store", f"sqlite:///{place}/graph.db")
        _into_neo4j(work, place)
        shutil.rmtree(place)


def _into_neo4j(work: Work, place: Path) -> None:
    home = place / "server"
    home.mkdir()
    jars = fetch_jars(jars_folder())
    with LocalServer(jars, home, heap_mb=_HEAP_MB, page_cache_mb=_PAGE_CACHE_MB) as server:
        address = server.address
        store = f"neo4j://{address.user}@{address.uri.removeprefix('bolt://')}"
        settings = {
            "GRAPHRISK_STORE_PASSWORD": address.password,
            "GRAPHRISK_DATA_DIR": str(place / "data"),
        }
        _timed(work, "load-neo4j", "load", str(place / "town"), "--store", store, **settings)


def _timed(work: Work, name: str, *words: str, **settings: str) -> None:
    with stopwatch() as seconds:
        most = run(work, *words, **settings)
    work.add(name, seconds())
    work.add(f"{name}-memory", most)
