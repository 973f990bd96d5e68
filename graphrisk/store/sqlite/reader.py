"""The reader of the contract: each call is one read transaction on the thread's connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import apsw
import pyarrow as pa

from graphrisk.store.columns import BATCHES
from graphrisk.store.contract import (
    NOW,
    AsOf,
    Int64Array,
    NeighbourQuery,
    NodeMask,
    Page,
    Path,
    TraceQuery,
)
from graphrisk.store.sqlite import edges, export, nodes, shapes, terms
from graphrisk.store.sqlite.connection import Connections, faults
from graphrisk.store.sqlite.keys import lookup
from graphrisk.store.sqlite.ledger import parts
from graphrisk.store.sqlite.path import Graph, shortest_path
from graphrisk.store.sqlite.rows import array, numbers, table
from graphrisk.store.sqlite.scores import read_scores
from graphrisk.store.sqlite.totals import HubTotals
from graphrisk.store.sqlite.trace import trace
from graphrisk.store.sqlite.transaction import counters, stamp_of
from graphrisk_schema.reader import load_schema


class SqliteReader:
    """``graphrisk.store.contract.Reader`` of the whole graph; safe to use from many threads."""

    def __init__(self, connections: Connections, totals: HubTotals) -> None:
        self._connections = connections
        self._totals = totals

    def version(self) -> int:
        """See the contract."""
        with self._read() as connection:
            return counters(connection)["version"]

    def stamp(self, version: int) -> int:
        """See the contract."""
        with self._read() as connection:
            return stamp_of(connection, version)

    def parts(self, dataset: str) -> list[str]:
        """See the contract."""
        with self._read() as connection:
            return parts(connection, dataset)

    def outside(self, nids: Int64Array) -> dict[int, str]:  # noqa: ARG002 - nothing is
        """See the contract."""
        return {}

    def counts(self) -> dict[str, int]:
        """See the contract. Cost: a pass over an index of each kind."""
        vocabulary = load_schema()
        with self._read() as connection:
            moment = shapes.moment(NOW, counters(connection)["latest"])
            tables = {kind: (f'"{kind}"', "1") for kind in vocabulary.nodes}
            for kind in vocabulary.edges:
                facts = shapes.edges(kind)
                tables[kind] = (facts.table, facts.seen(NOW))
            return {
                kind: connection.execute(f"SELECT count(*) FROM {name} WHERE {seen}", moment).get
                for kind, (name, seen) in tables.items()
            }

    def lookup(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """See the contract."""
        with self._read() as connection:
            return lookup(connection, kind, keys)

    def get_nodes(self, nids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """See the contract."""
        with self._read() as connection:
            return nodes.get_nodes(connection, nids, as_of, counters(connection)["latest"])

    def get_edges(self, eids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """See the contract."""
        with self._read() as connection:
            return edges.get_edges(connection, eids, as_of, counters(connection)["latest"])

    def batches(self, batch_ids: Int64Array) -> pa.Table:
        """See the contract."""
        if not len(batch_ids):
            return BATCHES.empty_table()
        with self._read() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(BATCHES.names)} FROM batch "
                "WHERE batch_id IN (SELECT value FROM carray(?)) ORDER BY batch_id",
                (array(batch_ids),),
            ).fetchall()
        return table(rows, BATCHES)

    def scan_nodes(self, kind: str, after_nid: int = -1, limit: int = 1000) -> pa.Table:
        """See the contract."""
        with self._read() as connection:
            latest = counters(connection)["latest"]
            return nodes.scan_nodes(connection, kind, after_nid, limit, latest)

    def search(self, text: str, kinds: Sequence[str], limit: int = 20) -> Page:
        """See the contract."""
        with self._read() as connection:
            return terms.search(connection, text, kinds, limit)

    def neighbour_counts(self, nid: int, as_of: AsOf = NOW) -> pa.Table:
        """See the contract."""
        with self._read() as connection:
            latest = counters(connection)["latest"]
            return edges.neighbour_counts(connection, nid, as_of, latest, self._totals)

    def neighbours(self, query: NeighbourQuery, as_of: AsOf = NOW) -> Page:
        """See the contract."""
        with self._read() as connection:
            latest = counters(connection)["latest"]
            return edges.neighbours(connection, query, as_of, latest, self._totals)

    def shortest_path(
        self,
        source: int,
        target: int,
        edge_kinds: Sequence[str],
        max_hops: int = 6,
        through: NodeMask | None = None,
    ) -> Path | None:
        """See the contract."""
        with self._read() as connection:
            latest = counters(connection)["latest"]
            graph = Graph(connection, edge_kinds, latest, through)
            return shortest_path(graph, source, target, max_hops)

    def trace(self, query: TraceQuery, through: NodeMask | None = None) -> Page:
        """See the contract."""
        with self._read() as connection:
            return trace(connection, query, through)

    def changed_kinds(self, since: int, upto: int) -> frozenset[str]:  # noqa: ARG002 - see below
        """See the contract: all, since to ask a file for each costs no more than to know."""
        schema = load_schema()
        return frozenset((*schema.nodes, *schema.edges))

    def export_nodes(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """See the contract."""
        return self._export(export.nodes(kind), since, upto)

    def export_keys(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """See the contract."""
        return self._export(export.keys(kind), since, upto)

    def export_edges(
        self, edge_kind: str, since: int, upto: int, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """See the contract."""
        return self._export(export.edges(edge_kind, columns), since, upto)

    def export_deleted(self, since: int, upto: int) -> Int64Array:
        """See the contract."""
        with self._read() as connection:
            rows = connection.execute(
                "SELECT nid FROM erased WHERE changed_seq > ? AND changed_seq <= ? ORDER BY nid",
                (since, upto),
            )
            return numbers(rows)[:, 0]

    def scores(self, nids: Int64Array) -> pa.Table:
        """See the contract."""
        with self._read() as connection:
            return read_scores(connection, nids)

    def _export(self, source: export.Source, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        with faults(self._connections.file):
            yield from export.export(self._connections.reader(), source, since, upto)

    @contextmanager
    def _read(self) -> Iterator[apsw.Connection]:
        with faults(self._connections.file):
            connection = self._connections.reader()
            with connection:
                yield connection
