"""One store transaction is one Neo4j transaction: atomic, unseen until it commits.

Memory: the server keeps what a transaction wrote on its heap until the commit; statements carry
at most ``CHUNK`` rows, so the client holds little beyond the table it was given. Past
``db.memory.transaction.max`` or the heap, ``LimitExceeded`` says so and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import neo4j
import numpy as np

from graphrisk.core.errors import BadInput, Conflict
from graphrisk.store.contract import BatchInfo, Int64Array, drawn_stamp
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lease import STORE, Lease
from graphrisk.store.neo4j.lists import Column, chunks, numbers, parameter
from graphrisk.store.neo4j.shapes import BY_NID

_COUNTERS = ("next_nid", "next_eid", "next_vid", "next_batch", "version", "latest")


class Places:
    """Internal ids of nodes by nid, as far as this writer met them.

    Neo4j reuses the id of a deleted node: a statement that uses one checks the nid as well.
    """

    def __init__(self) -> None:
        self._ids = np.empty(0, np.int64)

    def learn(self, nids: Int64Array, ids: Int64Array) -> None:
        """Remember where nodes are."""
        if len(nids) and nids.max() >= len(self._ids):
            grown = np.full(max(int(nids.max()) + 1, 2 * len(self._ids)), -1, np.int64)
            grown[: len(self._ids)] = self._ids
            self._ids = grown
        self._ids[nids] = ids

    def forget(self) -> None:
        """Forget everything: nodes were deleted, or never committed."""
        self._ids = np.empty(0, np.int64)

    def known(self, nids: Int64Array) -> Int64Array:
        """Internal id of each node, -1 where not met."""
        inside = np.where(nids < len(self._ids), nids, 0)
        if not len(self._ids):
            return np.full(len(nids), -1, np.int64)
        return np.where(nids < len(self._ids), self._ids[inside], -1)


class Transaction:
    """An open transaction: numbers taken, rows written, all or nothing."""

    def __init__(self, connection: Connection, lease: Lease, places: Places) -> None:
        self._connection = connection
        self._epoch = lease.epoch
        self.places = places
        self._batches: dict[BatchInfo, int] = {}
        #: Kinds of which rows or keys were written; ``None`` while nothing was.
        self._changed: set[str] | None = None
        with connection.faults():
            self._session = connection.session()
            self._tx = lease.begin(self._session)
        kept = self.run(f"{STORE} RETURN s {{.*}} AS s")[0]["s"]
        self._counters: dict[str, int] = {name: kept[name] for name in _COUNTERS}
        self.seq = self._counters["version"] + 1

    def note_change(self, *kinds: str) -> None:
        """Remember that rows or keys of the kinds were written, or that nodes were erased."""
        self._changed = (self._changed or set()).union(kinds)

    @property
    def latest(self) -> int:
        """The store's latest known time, with what this transaction learnt."""
        return self._counters["latest"]

    def take(self, counter: str, count: int) -> Int64Array:
        """The next ``count`` numbers of ``next_nid``, ``next_eid`` or ``next_vid``."""
        first = self._counters[counter]
        self._counters[counter] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def run(self, cypher: str, **parameters: object) -> list[neo4j.Record]:
        """All records of one statement."""
        with self._connection.faults():
            return list(self._tx.run(cypher, parameters))

    def stream(self, cypher: str, **parameters: object) -> Iterator[neo4j.Record]:
        """The records of one statement as they come."""
        with self._connection.faults():
            yield from self._tx.run(cypher, parameters)

    def each(
        self, cypher: str, columns: Mapping[str, Column], **constants: object
    ) -> list[neo4j.Record]:
        """Run ``cypher`` for all rows of ``columns``, at most ``CHUNK`` of them at a time.

        In the statement ``i`` is a row of the chunk, ``$name[i]`` its value in a column and
        ``$chunk_start + i`` its place in the columns.
        """
        lists = {name: parameter(column) for name, column in columns.items()}
        records: list[neo4j.Record] = []
        for part in chunks(len(next(iter(lists.values())))):
            rows = {name: values[part] for name, values in lists.items()}
            place = {"chunk_start": part.start, "chunk_last": part.stop - part.start - 1}
            records += self.run(
                f"UNWIND range(0, $chunk_last) AS i {cypher}", **rows, **place, **constants
            )
        return records

    def following(self, counter: str) -> int:
        """The number that ``take`` would give out next."""
        return self._counters[counter]

    def ids_of(self, nids: Int64Array) -> Int64Array:
        """Internal ids of nodes; ``BadInput`` when there is no such node."""
        ids = self.places.known(nids)
        unknown = np.unique(nids[ids < 0])
        if len(unknown):
            for found in self.each(
                f"MATCH (n:Node {{nid: $nid[i]}}) {BY_NID} "
                "RETURN collect(n.nid) AS nid, collect(id(n)) AS id",
                {"nid": unknown},
            ):
                self.places.learn(numbers(found["nid"]), numbers(found["id"]))
            ids = self.places.known(nids)
            if (ids < 0).any():
                raise BadInput(f"no node has the nid {int(nids[ids < 0][0])}")
        return ids

    def batch_id(self, info: BatchInfo) -> int:
        """The number of a delivery, given out when it first writes a row."""
        if info not in self._batches:
            self._batches[info] = self._recorded(info)
        return self._batches[info]

    def _recorded(self, info: BatchInfo) -> int:
        facts = {
            "source": info.source,
            "delivery": info.delivery,
            "file": info.file,
            "mode": info.mode.value,
            "known_at": info.known_at,
        }
        found = self.run(
            "MATCH (b:Batch {delivery: $delivery}) WHERE b.source = $source AND b.file = $file "
            "AND b.mode = $mode AND b.known_at = $known_at RETURN b.batch_id AS batch_id",
            **facts,
        )
        if found:
            return int(found[0]["batch_id"])
        batch_id = int(self.take("next_batch", 1)[0])
        self._counters["latest"] = max(self._counters["latest"], info.known_at)
        self.run(
            "CREATE (b:Batch {batch_id: $batch_id}) SET b += $facts", batch_id=batch_id, facts=facts
        )
        return batch_id

    def commit(self) -> None:
        """Make it durable; ``Conflict`` when another writer took the lease meanwhile."""
        kept = self._counters | ({} if self._changed is None else {"version": self.seq})
        fenced = self.run(
            f"{STORE} WHERE s.epoch = $epoch SET s += $kept RETURN s.epoch AS epoch",
            epoch=self._epoch,
            kept=kept,
        )
        if self._changed is not None:
            self.run(
                "CREATE (:Committed {version: $version, stamp: $stamp, kinds: $kinds})",
                version=self.seq,
                stamp=drawn_stamp(),
                kinds=sorted(self._changed),
            )
        if not fenced:
            self.rollback()
            raise Conflict("another writer took the lease of the graph store")
        with self._connection.faults():
            self._tx.commit()
            self._session.close()

    def rollback(self) -> None:
        """Undo everything."""
        with self._connection.faults():
            self._session.close()
