"""Desks on an empty store: on SQLite, and on every engine where the promise is the store's too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.store.contract import Store
from graphrisk.store.sqlite.store import SqliteStore
from tests.ingest.factory import Desk
from tests.servers import open_neo4j


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on SQLite."""
    yield from _desk(SqliteStore(tmp_path / "graph.db"), tmp_path)


@pytest.fixture(params=["sqlite", "neo4j"])
def any_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each engine."""
    if request.param == "sqlite":
        yield from _desk(SqliteStore(tmp_path / "graph.db"), tmp_path)
    else:
        address = request.getfixturevalue("neo4j_address")
        yield from _desk(open_neo4j(address), tmp_path)


def _desk(store: Store, folder: Path) -> Iterator[Desk]:
    store.migrate()
    yield Desk(store, folder / "files", folder / "inbox")
    store.close()
