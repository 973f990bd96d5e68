from __future__ import annotations

import socket
import traceback

import pytest
from neo4j.exceptions import ConnectionAcquisitionTimeoutError

from graphrisk.core.errors import ConfigError, GraphRiskError, StoreError, StoreUnavailable
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.local import Address
from graphrisk.store.neo4j.store import Neo4jStore

_SECRET = "s3cret-of-the-store"


def test_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        store = Neo4jStore(f"bolt://127.0.0.1:{taken.getsockname()[1]}", "neo4j", _SECRET)
        with pytest.raises(StoreUnavailable) as caught:
            store.health()
        store.close()
    assert _SECRET not in _told(caught.value)


def test_wrong_password_is_a_matter_of_settings_and_never_shown(neo4j_address: Address) -> None:
    store = Neo4jStore(neo4j_address.uri, neo4j_address.user, _SECRET)
    with pytest.raises(ConfigError) as caught:
        store.health()
    store.close()
    assert _SECRET not in _told(caught.value)


def test_address_that_is_none_is_a_matter_of_settings() -> None:
    with pytest.raises(ConfigError):
        Neo4jStore("http://127.0.0.1:1", "neo4j", _SECRET)


def test_fault_of_the_server_is_a_store_error(neo4j_address: Address) -> None:
    connection = Connection(neo4j_address.uri, neo4j_address.user, neo4j_address.password)
    with pytest.raises(StoreError, match="zero"):
        connection.read("RETURN 1 / 0")
    connection.close()


def test_empty_database_asks_for_migration(neo4j_address: Address) -> None:
    store = Neo4jStore(neo4j_address.uri, neo4j_address.user, neo4j_address.password)
    with pytest.raises(StoreError, match="migrate"):
        store.health()
    store.close()


def test_a_server_whose_connections_are_all_taken_may_answer_later(neo4j_address: Address) -> None:
    connection = Connection(neo4j_address.uri, neo4j_address.user, neo4j_address.password)
    with pytest.raises(StoreUnavailable, match="too busy"), connection.faults():
        raise ConnectionAcquisitionTimeoutError("within 10.0s")
    connection.close()


def _told(error: GraphRiskError) -> str:
    return "".join(traceback.format_exception(error))
