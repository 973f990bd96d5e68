"""The writer of the contract: one transaction at a time under the lease."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import apsw
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import BatchInfo, Int64Array, UpsertResult
from graphrisk.store.sqlite import ledger, shapes, terms, upsert
from graphrisk.store.sqlite.absence import close_absent
from graphrisk.store.sqlite.bulk import Bulk
from graphrisk.store.sqlite.connection import Connections, faults
from graphrisk.store.sqlite.erase import erase
from graphrisk.store.sqlite.keys import resolve
from graphrisk.store.sqlite.lease import Lease
from graphrisk.store.sqlite.scores import write_scores
from graphrisk.store.sqlite.transaction import Transaction
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema


class SqliteWriter:
    """``graphrisk.store.contract.Writer``; the lease is held within the ``with`` block."""

    def __init__(self, connections: Connections, owner: str) -> None:
        self._connections = connections
        self._owner = owner
        self._lease: Lease | None = None
        self._connection: apsw.Connection | None = None
        self._open: Transaction | None = None

    def __enter__(self) -> Self:
        self._lease = Lease(self._connections.file, self._owner)
        try:
            self._connection = self._connections.writer()
            with faults(self._connections.file):
                self._bulk = Bulk(self._connection)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with faults(self._connections.file):
                if self._connection is not None and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                self._bulk.finish()
        finally:
            self._leave()

    def _leave(self) -> None:
        self._open = None
        if self._connection is not None:
            self._connections.release(self._connection)
            self._connection = None
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    def resolve(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """See the contract."""
        with self._transaction() as tx:
            return resolve(tx, kind, keys)

    def upsert_nodes(self, kind: str, rows: pa.Table, batch: BatchInfo) -> UpsertResult:
        """See the contract."""
        with self._transaction() as tx:
            result, touched = upsert.upsert_states(tx, shapes.assertions(kind), rows, batch)
            terms.index_again(tx, kind, touched)
            if result.loaded:
                ledger.note_kind(tx, batch.source, kind)
            return result

    def upsert_edges(self, edge_kind: str, rows: pa.Table, batch: BatchInfo) -> UpsertResult:
        """See the contract."""
        facts = shapes.edges(edge_kind)
        if facts.nature is Nature.AGGREGATE:
            raise BadInput(f"{edge_kind} is a sum: merge_aggregates adds to it")
        with self._transaction() as tx:
            if facts.nature is Nature.STATE:
                result, _ = upsert.upsert_states(tx, facts, rows, batch)
                if result.loaded:
                    ledger.note_kind(tx, batch.source, edge_kind)
                return result
            return upsert.add_events(tx, facts, rows, batch, self._bulk)

    def merge_aggregates(self, edge_kind: str, rows: pa.Table, batch: BatchInfo) -> int:
        """See the contract."""
        facts = shapes.edges(edge_kind)
        if facts.nature is not Nature.AGGREGATE:
            raise BadInput(f"{edge_kind} is not a sum")
        with self._transaction() as tx:
            return upsert.merge_aggregates(tx, facts, rows, batch)

    def close_absent(self, kind: str, source: str, akeys: Int64Array, batch: BatchInfo) -> int:
        """See the contract."""
        is_node = kind in load_schema().nodes
        facts = shapes.assertions(kind) if is_node else shapes.edges(kind)
        if facts.nature is not Nature.STATE:
            raise BadInput(f"{kind} has no validity to end")
        with self._transaction() as tx:
            nids = close_absent(tx, facts, source, akeys, batch)
            if is_node:
                terms.index_again(tx, kind, nids)
            return len(nids)

    def stated_kinds(self, source: str) -> list[str]:
        """See the contract."""
        with self._transaction() as tx:
            return ledger.stated_kinds(tx, source)

    def add_parts(self, dataset: str, parts: Sequence[str]) -> None:
        """See the contract."""
        with self._transaction() as tx:
            ledger.add_parts(tx, dataset, parts)

    def parts(self, dataset: str) -> list[str]:
        """See the contract."""
        with self._transaction() as tx:
            return ledger.parts(tx.connection, dataset)

    def set_progress(self, source: str, delivery: str, rows: int) -> None:
        """See the contract."""
        with self._transaction() as tx:
            ledger.set_progress(tx, source, delivery, rows)

    def progress(self, source: str, delivery: str, *, undisturbed: bool = False) -> int:
        """See the contract."""
        with self._transaction() as tx:
            return ledger.progress(tx, source, delivery, undisturbed=undisturbed)

    def add_key_marks(self, marks: Mapping[int, str]) -> None:
        """See the contract."""
        with self._transaction() as tx:
            ledger.add_key_marks(tx, marks)

    def delete(self, nids: Int64Array) -> int:
        """See the contract."""
        with self._transaction() as tx:
            self._bulk.make(tx)
            return erase(tx, nids)

    def write_scores(
        self,
        model: str,
        run: str,
        nids: Int64Array,
        scores: npt.NDArray[np.float64],
        snapshot_version: int,  # noqa: ARG002 - nids are never reused: their existence suffices
    ) -> int:
        """See the contract."""
        with self._transaction() as tx:
            return write_scores(tx, model, run, nids, scores)

    def commit(self) -> None:
        """See the contract."""
        if self._open is not None:
            with faults(self._connections.file):
                self._open.commit()
            self._open = None

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        """The open transaction, begun if there is none; faults are translated."""
        if self._connection is None:
            raise RuntimeError("a writer works within its with block")
        with faults(self._connections.file):
            if self._open is None:
                self._open = Transaction(self._connection)
            yield self._open
