"""An empty store on every engine: a test that asks for ``store`` runs on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphrisk.store.contract import Store
from graphrisk.store.sqlite.store import SqliteStore
from tests.servers import open_neo4j

ENGINES = ("sqlite", "neo4j")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine under test."""
    name: str = request.param
    return name


@pytest.fixture
def opener(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Opens one more handle on an empty store."""
    if engine == "sqlite":
        return lambda: SqliteStore(tmp_path / "graph.db")
    address = request.getfixturevalue("neo4j_address")
    return lambda: open_neo4j(address)


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    """A migrated store that holds nothing."""
    opened = opener()
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def other(opener: Callable[[], Store], store: Store) -> Iterator[Store]:
    """A second handle on ``store``, as another process would have."""
    del store
    opened = opener()
    yield opened
    opened.close()
