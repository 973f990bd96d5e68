"""The single writer's lease, held by an open transaction and fenced by an epoch.

The holder keeps one idle transaction open that carries its token as metadata. When the holder
dies, its connection breaks and the server ends that transaction: the lease is free at once, with
no expiry to wait for and no clock to trust. Every claim raises ``Store.epoch`` and ends what a
holder that lost the lease unknowingly still has open; a commit checks its own epoch under the
node's lock, so such a holder cannot write.
"""

from __future__ import annotations

import uuid

import neo4j

from graphrisk.core.errors import Conflict
from graphrisk.store.neo4j.connection import Connection

#: The one node that all writers lock before they claim or commit.
STORE = "MATCH (s:Store {name: 'graphrisk'})"
_LIFE = "graphrisk_lease"
_WORK = "graphrisk_writer"


class Lease:
    """The right to write, from construction to ``release``."""

    def __init__(self, connection: Connection, owner: str) -> None:
        """Claim the lease; ``Conflict`` names the present holder."""
        self._token = uuid.uuid4().hex
        with connection.faults():
            self._session = connection.session()
            try:
                self._life = self._session.begin_transaction(metadata={_LIFE: self._token})
                self._life.run("RETURN 1").consume()
                self.epoch = self._claim(connection, owner)
            except BaseException:
                self._session.close()
                raise

    def begin(self, session: neo4j.Session) -> neo4j.Transaction:
        """A transaction of this writer, which a later holder may end."""
        return session.begin_transaction(metadata={_WORK: self._token})

    def release(self) -> None:
        """Give the lease back."""
        self._session.close()

    def _claim(self, connection: Connection, owner: str) -> int:
        with connection.session() as session, session.begin_transaction() as claim:
            claim.run(f"{STORE} SET s.epoch = s.epoch").consume()  # takes the node's lock
            holder = claim.run(f"{STORE} RETURN s.holder AS token, s.owner AS owner").single(True)
            standing = _standing(connection)
            if holder["token"] in {mark.get(_LIFE) for _, mark in standing} - {None}:
                raise Conflict(f"another writer holds the graph store: {holder['owner']}")
            for transaction, mark in standing:
                if _WORK in mark:
                    connection.command(f"TERMINATE TRANSACTION '{transaction}'")
            claimed = claim.run(
                f"{STORE} SET s.holder = $token, s.owner = $owner, s.epoch = s.epoch + 1 "
                "RETURN s.epoch AS epoch",
                token=self._token,
                owner=owner,
            ).single(True)
            claim.commit()
        return int(claimed["epoch"])


def _standing(connection: Connection) -> list[tuple[str, dict[str, str]]]:
    """Id and metadata of all transactions that the server has not ended."""
    listed = connection.command("SHOW TRANSACTIONS YIELD transactionId, metaData, status")
    return [
        (record["transactionId"], record["metaData"])
        for record in listed
        if not record["status"].startswith("Terminated")
    ]
