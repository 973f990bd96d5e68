"""The graph store on a Neo4j server."""

from __future__ import annotations

import uuid

from graphrisk.access.model import Purpose, Scope
from graphrisk.core.clock import BEGIN
from graphrisk.core.errors import StoreError
from graphrisk.store.contract import Health, Reader
from graphrisk.store.level import LEVEL, check
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lease import STORE
from graphrisk.store.neo4j.ledger import key_marks
from graphrisk.store.neo4j.reader import Neo4jReader
from graphrisk.store.neo4j.writer import Neo4jWriter
from graphrisk.store.scope.places import Places
from graphrisk.store.scope.reader import ScopedReader
from graphrisk_schema import render_cypher

#: How long indexes may take to be made over what an offline copy brought.
_INDEX_SECONDS = 86_400


class Neo4jStore:
    """``graphrisk.store.contract.Store`` on a Neo4j 5.26 server, reached over Bolt."""

    def __init__(self, uri: str, user: str, password: str) -> None:
        self._uri = uri
        self._connection = Connection(uri, user, password)
        self._places = Places()

    def migrate(self) -> None:
        """Create the constraints and indexes that are missing, and the store's own node.

        ``ConfigError`` for a store of a newer release, ``StoreError`` for one of an older that
        wrote in another way; neither is changed.
        """
        for kept in self._connection.read(f"{STORE} RETURN s.schema_level AS level"):
            check(kept["level"])
        there = {
            record["name"]
            for what in ("CONSTRAINTS", "INDEXES")
            for record in self._connection.command(f"SHOW {what} YIELD name")
        }
        missing = [
            text for text in render_cypher.statements() if render_cypher.name_of(text) not in there
        ]
        self._connection.commands(missing)
        # Also those that a killed migration left populating.
        self._connection.command(f"CALL db.awaitIndexes({_INDEX_SECONDS})")
        self._connection.write(
            "MERGE (s:Store {name: 'graphrisk'}) ON CREATE SET s += $start "
            "SET s.schema_level = $level",
            start={
                "store_id": str(uuid.uuid4()),
                **dict.fromkeys(("next_nid", "next_eid", "next_vid", "version", "epoch"), 0),
                "next_batch": 1,
                "latest": BEGIN,
            },
            level=LEVEL,
        )

    def reader(self, scope: Scope, purpose: Purpose) -> Reader:  # noqa: ARG002 - audited above
        """Reads of what the scope sees."""
        whole = Neo4jReader(self._connection)
        return whole if scope.is_everything else ScopedReader(whole, self._places, scope)

    def writer(self, owner: str) -> Neo4jWriter:
        """The single writer; entering it claims the lease."""
        return Neo4jWriter(self._connection, owner)

    def health(self) -> Health:
        """Engine, versions and complaints; ``StoreUnavailable`` when it cannot be reached."""
        found = self._connection.read(f"{STORE} RETURN s {{.*}} AS s")
        if not found:
            raise StoreError(f"{self._uri} holds no graph store yet: migrate first")
        kept = found[0]["s"]
        engine = self._connection.command("CALL dbms.components() YIELD versions, edition")[0]
        return Health(
            engine=f"neo4j {engine['edition']}",
            engine_version=engine["versions"][0],
            store_id=kept["store_id"],
            version=kept["version"],
            schema_level=kept["schema_level"],
            key_marks=key_marks(kept),
        )

    def passed(self, store_id: str, version: int, stamp: int) -> bool:
        """See the contract."""
        found = self._connection.read(
            f"{STORE} WHERE 0 <= $version <= s.version "
            "OPTIONAL MATCH (c:Committed {version: $version}) "
            "RETURN s.store_id AS store_id, coalesce(c.stamp, 0) AS stamp",
            version=version,
        )
        return [(row["store_id"], row["stamp"]) for row in found] == [(store_id, stamp)]

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()
