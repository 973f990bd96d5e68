"""The town behind an api of its own, on SQLite for all tests, on Neo4j for those of the graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from graphrisk.settings import Settings
from graphrisk.store.neo4j.local import Address
from tests.api.districts import build_districts
from tests.api.serving import Door, opened_door
from tests.api.town import Town, build
from tests.servers import driver_of


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """On SQLite; read only."""
    folder = tmp_path_factory.mktemp("town")
    return build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder)


@pytest.fixture(scope="session")
def door(town: Town) -> Iterator[Door]:
    """The api of the town on SQLite."""
    with opened_door(town) as opened:
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "neo4j"])
def either_door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The api of the town on one engine after the other."""
    if request.param == "sqlite":
        yield request.getfixturevalue("door")
        return
    address: Address = request.getfixturevalue("neo4j_server")
    folder = tmp_path_factory.mktemp("neo4j-town")
    _empty(address)
    with opened_door(build(_settings(address, folder), folder)) as door:
        yield door


@pytest.fixture(params=["sqlite", "neo4j"])
def districts(request: pytest.FixtureRequest, tmp_path: Path) -> Town:
    """The town in two districts, the test's own: on SQLite, and on Neo4j with PostgreSQL."""
    if request.param == "sqlite":
        return build_districts(tmp_path)
    address: Address = request.getfixturevalue("neo4j_server")
    _empty(address)
    operations: str = request.getfixturevalue("postgres_url")
    return build_districts(tmp_path, _settings(address, tmp_path, operations))


def _settings(address: Address, folder: Path, operations: str | None = None) -> Settings:
    return Settings(
        store=f"bolt://{address.user}@{address.uri.partition('//')[2]}",
        store_password=SecretStr(address.password),
        data_dir=folder / "files",
        operations=operations,
    )


def _empty(address: Address) -> None:
    with driver_of(address) as driver, driver.session() as session:
        session.run(
            "MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
        ).consume()
