"""A migrated operations database of each test's own, copied from one that was migrated once."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from graphrisk.store.operations.database import Database
from tests.centre.tasks.office import Office


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    file = tmp_path_factory.mktemp("migrated") / "operations.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgres_server: str) -> str:
    """The name of a migrated database that others are copied from."""
    name = f"template_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    _migrate(_named(postgres_server, name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office on each engine."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "operations.db")
        database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
        yield Office(database)
        database.dispose()
        return
    server = str(request.getfixturevalue("postgres_server"))
    template, name = request.getfixturevalue("migrated_template"), f"office_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        database = Database(_named(server, name))
        yield Office(database)
        database.dispose()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _named(server: str, name: str) -> str:
    place, _, query = server.partition("?")
    return f"{place.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.dispose()
