"""Offices on both operations databases, each migrated once and emptied for every test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database
from tests.centre.factory import Office


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a migrated operations database, one on each engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('centre') / 'operations.db'}"
    else:
        server = str(request.getfixturevalue("postgres_server"))
        name = f"centre_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        place, _, query = server.partition("?")
        url = f"{place.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    database = Database(url)
    database.migrate()
    database.dispose()
    return url


@pytest.fixture
def centre_database(shared_url: str) -> Iterator[Database]:
    """The database, empty."""
    database = Database(shared_url)
    empty(database)
    yield database
    database.dispose()


@pytest.fixture
def office(centre_database: Database) -> Office:
    return Office(centre_database)


def empty(database: Database) -> None:
    """Delete all rows of all declared tables."""
    with database.session() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
