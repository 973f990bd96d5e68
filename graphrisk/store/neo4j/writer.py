"""The writer of the contract: one transaction at a time under the lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import BatchInfo, Int64Array, UpsertResult
from graphrisk.store.neo4j import ledger, shapes, upsert
from graphrisk.store.neo4j.absence import close_absent
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.erase import erase
from graphrisk.store.neo4j.keys import resolve
from graphrisk.store.neo4j.lease import Lease
from graphrisk.store.neo4j.scores import write_scores
from graphrisk.store.neo4j.search import index_terms
from graphrisk.store.neo4j.transaction import Places, Transaction
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema


class Neo4jWriter:
    """``graphrisk.store.contract.Writer``; the lease is held within the ``with`` block."""

    def __init__(self, connection: Connection, owner: str) -> None:
        self._connection = connection
        self._owner = owner
        self._lease: Lease | None = None
        self._places = Places()
        self._open: Transaction | None = None

    def __enter__(self) -> Self:
        self._lease = Lease(self._connection, self._owner)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open is not None:
            self._open.rollback()
            self._open = None
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    def resolve(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """See the contract."""
        return resolve(self._transaction(), kind, keys)

    def upsert_nodes(self, kind: str, rows: pa.Table, batch: BatchInfo) -> UpsertResult:
        """See the contract."""
        tx = self._transaction()
        result, touched = upsert.upsert_states(tx, shapes.assertions(kind), rows, batch)
        if len(touched):
            index_terms(tx, kind, touched)
        if result.loaded:
            ledger.note_kind(tx, batch.source, kind)
        return result

    def upsert_edges(self, edge_kind: str, rows: pa.Table, batch: BatchInfo) -> UpsertResult:
        """See the contract."""
        shape = shapes.edges(edge_kind)
        if shape.nature is Nature.AGGREGATE:
            raise BadInput(f"{edge_kind} is a sum: merge_aggregates adds to it")
        tx = self._transaction()
        if shape.nature is not Nature.STATE:
            return upsert.add_events(tx, shape, rows, batch)
        result, _ = upsert.upsert_states(tx, shape, rows, batch)
        if result.loaded:
            ledger.note_kind(tx, batch.source, edge_kind)
        return result

    def merge_aggregates(self, edge_kind: str, rows: pa.Table, batch: BatchInfo) -> int:
        """See the contract."""
        shape = shapes.edges(edge_kind)
        if shape.nature is not Nature.AGGREGATE:
            raise BadInput(f"{edge_kind} is not a sum")
        return upsert.merge_aggregates(self._transaction(), shape, rows, batch)

    def close_absent(self, kind: str, source: str, akeys: Int64Array, batch: BatchInfo) -> int:
        """See the contract."""
        is_node = kind in load_schema().nodes
        shape = shapes.assertions(kind) if is_node else shapes.edges(kind)
        if shape.nature is not Nature.STATE:
            raise BadInput(f"{kind} has no validity to end")
        return close_absent(self._transaction(), shape, source, akeys, batch)

    def stated_kinds(self, source: str) -> list[str]:
        """See the contract."""
        return ledger.stated_kinds(self._transaction(), source)

    def add_parts(self, dataset: str, parts: Sequence[str]) -> None:
        """See the contract."""
        ledger.add_parts(self._transaction(), dataset, parts)

    def parts(self, dataset: str) -> list[str]:
        """See the contract."""
        return ledger.parts(self._transaction().run, dataset)

    def set_progress(self, source: str, delivery: str, rows: int) -> None:
        """See the contract."""
        ledger.set_progress(self._transaction(), source, delivery, rows)

    def progress(self, source: str, delivery: str, *, undisturbed: bool = False) -> int:
        """See the contract."""
        tx = self._transaction()
        return ledger.progress(tx, source, delivery, undisturbed=undisturbed)

    def add_key_marks(self, marks: Mapping[int, str]) -> None:
        """See the contract."""
        ledger.add_key_marks(self._transaction(), marks)

    def delete(self, nids: Int64Array) -> int:
        """See the contract."""
        return erase(self._transaction(), nids)

    def write_scores(
        self,
        model: str,
        run: str,
        nids: Int64Array,
        scores: npt.NDArray[np.float64],
        snapshot_version: int,  # noqa: ARG002 - nids are never reused: existence suffices
    ) -> int:
        """See the contract."""
        return write_scores(self._transaction(), model, run, nids, scores)

    def commit(self) -> None:
        """See the contract."""
        if self._open is not None:
            self._open.commit()
            self._open = None

    def _transaction(self) -> Transaction:
        if self._lease is None:
            raise RuntimeError("a writer works within its with block")
        if self._open is None:
            self._open = Transaction(self._connection, self._lease, self._places)
        return self._open
