"""Copies of a graph file beside those who write it, and whether a file is sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.store.private import make_private
from graphrisk.store.sqlite.connection import faults
from graphrisk.store.sqlite.store import SqliteStore

_PAGES: Final = 16_384
#: Told after each part: pages done, and pages in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a graph file holds."""

    store_id: str
    version: int
    counts: dict[str, int]  # nodes and edges by kind


def graph_facts(file: Path) -> GraphFacts:
    """Look at the graph in a file: its numbers, nothing of what it says."""
    store = SqliteStore(file)
    try:
        health = store.health()
        counts = store.reader(EVERYTHING, Purpose("operation")).counts()
        return GraphFacts(health.store_id, health.version, counts)
    finally:
        store.close()


def copy_graph(file: Path, target: Path, progress: Progress) -> None:
    """Copy the graph as of one moment into a new file. Who writes meanwhile waits for nobody.

    Page by page: a row keeps its number, as indexes of texts ask for. Cost: one pass over the file.
    """
    with faults(file):
        source = apsw.Connection(str(file), apsw.SQLITE_OPEN_READWRITE)
        make_private(target)
        copied = apsw.Connection(str(target))
        try:
            # A reader's moment lasts as long as its transaction; without one a copy begins anew
            # whenever somebody commits.
            source.execute("BEGIN; SELECT count(*) FROM sqlite_schema")
            with copied.backup("main", source, "main") as copying:
                while not copying.done:
                    copying.step(_PAGES)
                    progress(copying.page_count - copying.remaining, copying.page_count)
        finally:
            copied.close(True)
            source.close(True)


def damages(file: Path) -> list[str]:
    """What SQLite's own look at every page and index finds; nothing when the file is sound."""
    with faults(file):
        connection = apsw.Connection(str(file), apsw.SQLITE_OPEN_READWRITE)
        try:
            told = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(20)")]
        except apsw.CorruptError as error:
            return [str(error)]
        finally:
            connection.close(True)
    return [] if told == ["ok"] else told
