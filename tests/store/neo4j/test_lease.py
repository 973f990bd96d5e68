from __future__ import annotations

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.errors import Conflict
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.local import Address
from graphrisk.store.neo4j.store import Neo4jStore


@pytest.fixture
def other(neo4j_store: Neo4jStore, neo4j_address: Address) -> Connection:  # noqa: ARG001 - migrated
    return Connection(neo4j_address.uri, neo4j_address.user, neo4j_address.password)


def test_second_writer_is_refused_and_told_who_holds_the_lease(neo4j_store: Neo4jStore) -> None:
    with (
        neo4j_store.writer("nightly load"),
        pytest.raises(Conflict, match="nightly load"),
        neo4j_store.writer("somebody"),
    ):
        pass
    with neo4j_store.writer("somebody") as writer:  # free again
        writer.resolve("Phone", ["861"])
        writer.commit()


def test_writer_that_lost_the_lease_unknowingly_cannot_commit(
    neo4j_store: Neo4jStore, other: Connection
) -> None:
    with neo4j_store.writer("cut off") as stale:
        stale.resolve("Phone", ["861"])
        _end_idle_transactions(other)  # as an operator, or a broken network, would
        with neo4j_store.writer("successor") as writer:
            writer.resolve("Phone", ["862"])
            writer.commit()
        with pytest.raises(Conflict):
            stale.commit()
    reader = neo4j_store.reader(EVERYTHING, Purpose("test"))
    assert reader.version() == 1
    assert reader.lookup("Phone", ["861", "862"]).tolist() == [-1, 0]
    other.close()


def test_writer_that_lost_the_lease_between_two_transactions_cannot_commit(
    neo4j_store: Neo4jStore, other: Connection
) -> None:
    with neo4j_store.writer("cut off") as stale:
        _end_idle_transactions(other)
        with neo4j_store.writer("successor"):
            pass
        stale.resolve("Phone", ["861"])  # begun after the successor had looked for open ones
        with pytest.raises(Conflict, match="took the lease"):
            stale.commit()
    assert neo4j_store.reader(EVERYTHING, Purpose("test")).version() == 0
    other.close()


def test_reader_sees_nothing_of_an_open_transaction(neo4j_store: Neo4jStore) -> None:
    reader = neo4j_store.reader(EVERYTHING, Purpose("test"))
    with neo4j_store.writer("test") as writer:
        nids = writer.resolve("Phone", ["861"])
        assert reader.version() == 0
        assert reader.counts()["Phone"] == 0
        assert reader.get_nodes(nids) == {}
    assert reader.counts()["Phone"] == 0  # left without a commit
    with neo4j_store.writer("test") as writer:
        assert np.array_equal(writer.resolve("Phone", ["862"]), nids)  # no number was used up


def _end_idle_transactions(connection: Connection) -> None:
    """End the transaction that keeps a lease alive, and nothing else."""
    for found in connection.command(
        "SHOW TRANSACTIONS YIELD transactionId, metaData WHERE metaData.graphrisk_lease IS NOT NULL"
    ):
        connection.command(f"TERMINATE TRANSACTION '{found['transactionId']}'")
