"""A Neo4j server for the tests, and stores that start empty on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import neo4j
import pytest

from graphrisk.core.errors import GraphRiskError
from graphrisk.store.neo4j.local import Address, LocalServer, fetch_jars, jars_folder
from graphrisk.store.neo4j.store import Neo4jStore

# A server of some minutes spends a third of its time on compiling what it will not need.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A server that tests may fill and empty: given by the environment or started.

    ``GRAPHRISK_TEST_NEO4J`` is ``bolt://USER:PASSWORD@HOST:PORT``. Where neither it nor Java and
    Maven can be had, the tests fail; they are never skipped.
    """
    given = os.environ.get("GRAPHRISK_TEST_NEO4J")
    if given:
        if "PYTEST_XDIST_WORKER" in os.environ:
            pytest.fail("GRAPHRISK_TEST_NEO4J names one server: run pytest -n 0", pytrace=False)
        yield _address(given)
        return
    try:
        server = LocalServer(
            fetch_jars(jars_folder()), tmp_path_factory.mktemp("neo4j"), heap_mb=768
        )
        address = server.start()
    except GraphRiskError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        yield address
    finally:
        server.stop()


@pytest.fixture
def neo4j_address(neo4j_server: Address) -> Address:
    """The server with an empty database."""
    empty(neo4j_server)
    return neo4j_server


@pytest.fixture
def neo4j_store(neo4j_address: Address) -> Iterator[Neo4jStore]:
    """A migrated store that holds nothing."""
    store = open_neo4j(neo4j_address)
    store.migrate()
    yield store
    store.close()


def open_neo4j(address: Address) -> Neo4jStore:
    """Another handle on the store at ``address``."""
    return Neo4jStore(address.uri, address.user, address.password)


def empty(address: Address) -> None:
    """Erase all that the server holds."""
    with driver_of(address) as driver, driver.session() as session:
        # Edges first: a transaction that erased a few hubs with them would outgrow the heap.
        for what in ("()-[x]->()", "(x)"):
            session.run(
                f"MATCH {what} CALL {{ WITH x DELETE x }} IN TRANSACTIONS OF 10000 ROWS"
            ).consume()


@contextmanager
def driver_of(address: Address) -> Iterator[neo4j.Driver]:
    """A driver beside the store's own."""
    with neo4j.GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    ) as driver:
        yield driver


def _address(url: str) -> Address:
    parts = urlsplit(url)
    if parts.password is None:
        pytest.fail("GRAPHRISK_TEST_NEO4J is bolt://USER:PASSWORD@HOST:PORT", pytrace=False)
    uri = f"{parts.scheme}://{parts.hostname}:{parts.port or 7687}"
    return Address(uri, parts.username or "neo4j", parts.password)
