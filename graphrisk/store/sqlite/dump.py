"""Everything a store keeps, as columns, for a copy into another engine.

Not a read for anybody: no scope, no purpose and no masking, since no row leaves the stores.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pyarrow as pa

from graphrisk.store.columns import BATCHES, NUMBER, TEXT, edge_schema, node_export_schema
from graphrisk.store.contract import Int64Array
from graphrisk.store.level import check
from graphrisk.store.sqlite import export, shapes, terms
from graphrisk.store.sqlite.connection import Connections, faults
from graphrisk.store.sqlite.ledger import key_marks
from graphrisk.store.sqlite.rows import table
from graphrisk.store.sqlite.scores import read_scores
from graphrisk.store.sqlite.transaction import counters
from graphrisk_schema.model import Nature

_IDENTITY = [pa.field(name, NUMBER) for name in ("akey", "digest")]
_CHANGED = pa.field("changed_seq", NUMBER)
_LEDGER = {
    "batch": (BATCHES, "SELECT batch_id, source, delivery, file, mode, known_at FROM batch"),
    "stated": (
        pa.schema([pa.field(n, TEXT) for n in ("source", "kind")]),
        "SELECT source, kind FROM stated",
    ),
    "erased": (
        pa.schema([pa.field("nid", NUMBER), _CHANGED]),
        "SELECT nid, changed_seq FROM erased",
    ),
    "part": (
        pa.schema(
            [*(pa.field(n, TEXT) for n in ("dataset", "name")), pa.field("position", NUMBER)]
        ),
        "SELECT dataset, name, row_number() OVER (PARTITION BY dataset ORDER BY number) - 1 "
        "FROM part",
    ),
    "progress": (
        pa.schema(
            [
                *(pa.field(n, TEXT) for n in ("source", "delivery")),
                *(pa.field(n, NUMBER) for n in ("rows", "batch_id")),
            ]
        ),
        "SELECT source, delivery, done, batch_id FROM progress",
    ),
}


class Dump:
    """One moment of a store, in batches of at most 50,000 rows; see ``dumped``."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.counters = counters(connection)
        self.key_marks = key_marks(dict(connection.execute("SELECT name, value FROM identity")))
        self.models = [
            str(name)
            for (name,) in connection.execute("SELECT DISTINCT model FROM score ORDER BY model")
        ]

    def nodes(self, kind: str) -> Iterator[pa.RecordBatch]:
        """``nid, key, changed_seq, terms``; terms are null where the kind is not searched."""
        for keys in self._all(export.keys(kind)):
            found = terms.of_nodes(self._connection, kind, keys, self.counters["latest"])
            yield keys.append_column("terms", found)

    def assertions(self, kind: str) -> Iterator[pa.RecordBatch]:
        """Versions of assertions: ``akey, digest, batch_id, row``, then as they are exported."""
        numbers = [pa.field(name, NUMBER) for name in ("batch_id", "row")]
        schema = pa.schema([*_IDENTITY, *numbers, *node_export_schema(kind)])
        return self._facts(shapes.assertions(kind), schema)

    def edges(self, kind: str) -> Iterator[pa.RecordBatch]:
        """All an edge kind's rows: ``akey, digest`` (not of sums), ``changed_seq``, ``vid`` of
        states, then as they are read.
        """
        facts, schema = shapes.edges(kind), edge_schema(kind)
        identity = [*_IDENTITY, _CHANGED]
        if facts.nature is Nature.AGGREGATE:
            identity, schema = [_CHANGED], schema.remove(schema.get_field_index("row"))
        elif facts.nature is Nature.STATE:
            identity.append(pa.field("vid", NUMBER))
        return self._facts(facts, pa.schema([*identity, *schema]))

    def ledger(self) -> dict[str, pa.Table]:
        """``batch``, ``stated``, ``erased``, ``part`` (its place in its dataset), ``progress``."""
        return {
            name: table(self._connection.execute(sql).fetchall(), schema)
            for name, (schema, sql) in _LEDGER.items()
        }

    def scores(self, nids: Int64Array) -> pa.Table:
        """``nid, model, score, run`` of the nodes."""
        return read_scores(self._connection, nids)

    def _facts(self, facts: shapes.Facts, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        return self._all(
            export.Source(facts.table, facts.number, facts.expressions(schema), schema)
        )

    def _all(self, source: export.Source) -> Iterator[pa.RecordBatch]:
        return export.export(self._connection, source, 0, self.counters["version"])


@contextmanager
def dumped(file: Path) -> Iterator[Dump]:
    """A store as it is now: what others write meanwhile is not seen.

    Raises:
        StoreError: The file cannot be read, or another version wrote it in another way.
    """
    connections = Connections(file)
    try:
        with faults(file):
            connection = connections.reader()
            connection.execute("BEGIN")
            level = "SELECT value FROM identity WHERE name = 'schema_level'"
            check(int(connection.execute(level).get))
            yield Dump(connection)
    finally:
        connections.close()
