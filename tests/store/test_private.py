"""Databases hold names in clear: what a process makes of them only its owner may read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {file.name: f"{file.stat().st_mode & 0o777:o}" for file in folder.iterdir()}


def test_the_graph_and_its_log_are_their_owners_alone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    store.health()
    assert {"graph.db", "graph.db-wal"} <= modes(tmp_path).keys()
    assert set(modes(tmp_path).values()) == {"600"}
    store.close()


def test_the_operations_database_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    database.dispose()
    assert "operations.db" in modes(tmp_path)
    assert set(modes(tmp_path).values()) == {"600"}


def test_a_mode_that_somebody_chose_is_kept(tmp_path: Path) -> None:
    (tmp_path / "graph.db").touch()
    (tmp_path / "graph.db").chmod(0o640)
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    store.close()
    assert modes(tmp_path)["graph.db"] == "640"
