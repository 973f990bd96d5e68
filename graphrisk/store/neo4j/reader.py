"""The reader of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
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
from graphrisk.store.neo4j import edge_reads, export, node_reads
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lease import STORE
from graphrisk.store.neo4j.ledger import parts
from graphrisk.store.neo4j.lists import numbers, table
from graphrisk.store.neo4j.paths import shortest_path
from graphrisk.store.neo4j.scores import read_scores
from graphrisk.store.neo4j.search import search
from graphrisk.store.neo4j.trace import trace
from graphrisk_schema.reader import load_schema


class Neo4jReader:
    """``graphrisk.store.contract.Reader`` over the whole graph; each method is one read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def version(self) -> int:
        """See the contract."""
        return int(self._connection.read(f"{STORE} RETURN s.version AS version")[0]["version"])

    def stamp(self, version: int) -> int:
        """See the contract."""
        found = self._connection.read(
            "MATCH (c:Committed {version: $version}) RETURN c.stamp AS stamp", version=version
        )
        return int(found[0]["stamp"]) if found else 0

    def parts(self, dataset: str) -> list[str]:
        """See the contract."""
        return parts(self._connection.read, dataset)

    def outside(self, nids: Int64Array) -> dict[int, str]:  # noqa: ARG002 - nothing is
        """See the contract."""
        return {}

    def counts(self) -> dict[str, int]:
        """See the contract."""
        return node_reads.counts(self._connection)

    def lookup(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """See the contract."""
        return node_reads.lookup(self._connection, kind, keys)

    def get_nodes(self, nids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """See the contract."""
        return node_reads.get_nodes(self._connection, nids, as_of)

    def get_edges(self, eids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """See the contract."""
        return edge_reads.get_edges(self._connection, eids, as_of)

    def batches(self, batch_ids: Int64Array) -> pa.Table:
        """See the contract."""
        found = self._connection.read(
            "UNWIND $ids AS id MATCH (b:Batch {batch_id: id}) RETURN DISTINCT b.batch_id, "
            "b.source, b.delivery, b.file, b.mode, b.known_at ORDER BY b.batch_id",
            ids=np.unique(batch_ids).tolist(),
        )
        return table(found, BATCHES)

    def scan_nodes(self, kind: str, after_nid: int = -1, limit: int = 1000) -> pa.Table:
        """See the contract."""
        return node_reads.scan_nodes(self._connection, kind, after_nid, limit)

    def search(self, text: str, kinds: Sequence[str], limit: int = 20) -> Page:
        """See the contract."""
        return search(self._connection, text, kinds, limit)

    def neighbour_counts(self, nid: int, as_of: AsOf = NOW) -> pa.Table:
        """See the contract."""
        return edge_reads.neighbour_counts(self._connection, nid, as_of)

    def neighbours(self, query: NeighbourQuery, as_of: AsOf = NOW) -> Page:
        """See the contract."""
        return edge_reads.neighbours(self._connection, query, as_of)

    def shortest_path(
        self,
        source: int,
        target: int,
        edge_kinds: Sequence[str],
        max_hops: int = 6,
        through: NodeMask | None = None,
    ) -> Path | None:
        """See the contract."""
        return shortest_path(self._connection, (source, target), edge_kinds, max_hops, through)

    def trace(self, query: TraceQuery, through: NodeMask | None = None) -> Page:
        """See the contract."""
        return trace(self._connection, query, through)

    def changed_kinds(self, since: int, upto: int) -> frozenset[str]:
        """See the contract: told by the commits, but for those that an import brought."""
        found = self._connection.read(
            "MATCH (c:Committed) USING INDEX SEEK c:Committed(version) "
            "WHERE c.version > $since AND c.version <= $upto AND c.kinds IS NOT NULL "
            "UNWIND c.kinds + [null] AS kind "
            "RETURN count(DISTINCT c) AS commits, collect(DISTINCT kind) AS kinds",
            since=since,
            upto=upto,
        )[0]
        if found["commits"] < upto - since:
            schema = load_schema()
            return frozenset((*schema.nodes, *schema.edges))
        return frozenset(found["kinds"])

    def export_nodes(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """See the contract."""
        return export.export_nodes(self._connection, kind, since, upto)

    def export_keys(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """See the contract."""
        return export.export_keys(self._connection, kind, since, upto)

    def export_edges(
        self, edge_kind: str, since: int, upto: int, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """See the contract."""
        return export.export_edges(self._connection, edge_kind, since, upto, columns)

    def export_deleted(self, since: int, upto: int) -> Int64Array:
        """See the contract."""
        found = self._connection.read(
            "MATCH (e:Erased) WHERE e.seq > $since AND e.seq <= $upto "
            "WITH e ORDER BY e.nid RETURN collect(e.nid) AS nids",
            since=since,
            upto=upto,
        )
        return numbers(found[0]["nids"])

    def scores(self, nids: Int64Array) -> pa.Table:
        """See the contract."""
        return read_scores(self._connection, nids)
