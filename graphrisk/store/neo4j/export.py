"""Columns out, in order, in bounded memory.

A full export walks the index of the number that orders the rows (``vid``, ``eid`` or ``nid``) in
ranges of ``CHUNK``, each a subquery whose lists are sent before the next begins: neither side
holds more than a few. Two sessions take the ranges in turns. Ends of edges travel as internal ids,
which cost no look at the nodes, and are named from a map of the nodes read before. That is safe
beside a writer: an edge up to the watermark joins nodes older than the map, and an id reused later
belongs to later edges only.

Rows changed since a watermark come through the index of ``seq``, unless they are very many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphrisk.store.columns import KEY_EXPORT, chosen, edge_export_schema, node_export_schema
from graphrisk.store.contract import Int64Array
from graphrisk.store.neo4j.connection import CHUNK, Connection
from graphrisk.store.neo4j.lists import Collected, batch, collect, numbers
from graphrisk.store.neo4j.seen import columns
from graphrisk.store.neo4j.shapes import BY_NID, assertions, edges, node_kind

#: Changed rows up to which the server may group them at once on its heap.
_FEW = 200_000
#: Sessions that share a full export: the server answers each on a core of its own.
_READERS = 2
_CHANGED = "f.seq > $since AND f.seq <= $upto"


@dataclass(frozen=True, slots=True)
class _Source:
    """What is exported: a pattern that binds ``f``, and the number that orders it."""

    pattern: str
    label: str
    number: str
    schema: pa.Schema

    def by(self, name: str) -> str:
        """The pattern, to be found by a property (see ``Shape.by``)."""
        return f"{self.pattern} USING INDEX SEEK f:`{self.label}`({name})"


def export_nodes(
    connection: Connection, kind: str, since: int, upto: int
) -> Iterator[pa.RecordBatch]:
    """Versions of assertions in vid order."""
    shape = assertions(kind)
    source = _Source(shape.pattern, f"{kind}Assertion", "vid", node_export_schema(kind))
    wanted = columns(source.schema)
    if _are_few(connection, source, since, upto):
        yield from _changed(connection, source, wanted, since, upto)
    else:
        yield from _walk(connection, source, wanted, since, upto)


def export_keys(
    connection: Connection, kind: str, since: int, upto: int
) -> Iterator[pa.RecordBatch]:
    """Keys of nodes first mentioned in the range, in nid order."""
    source = _Source(f"(f:`{node_kind(kind).name}`)", kind, "nid", KEY_EXPORT)
    wanted = columns(source.schema)
    if _are_few(connection, source, since, upto):
        yield from _changed(connection, source, wanted, since, upto)
    else:
        yield from _walk(connection, source, wanted, since, upto)


def export_edges(
    connection: Connection, kind: str, since: int, upto: int, names: Sequence[str] | None
) -> Iterator[pa.RecordBatch]:
    """Rows of an edge kind in vid order."""
    shape = edges(kind)
    number = f"f.{shape.number}"
    whole = edge_export_schema(kind)
    asked = chosen(whole, names)
    schema = chosen(whole, ["vid", *(name for name in asked.names if name != "vid")])
    source = _Source(f"(a)-[f:`{kind}`]->(b)", kind, shape.number, schema)
    if _are_few(connection, source, since, upto):
        wanted = columns(schema, vid=number)
        for rows in _changed(connection, source, wanted, since, upto):
            yield rows.select(asked.names)
        return
    nid_of = _nid_by_id(connection)
    wanted = columns(schema, vid=number, src="id(a)", dst="id(b)")
    for rows in _walk(connection, source, wanted, since, upto):
        for end in {"src", "dst"} & {*asked.names}:
            place = rows.schema.get_field_index(end)
            nids = nid_of[rows.column(place).to_numpy()]
            rows = rows.set_column(place, end, pa.array(nids))
        yield rows.select(asked.names)


def _are_few(connection: Connection, source: _Source, since: int, upto: int) -> bool:
    if since == 0:
        return False
    found = connection.read(
        f"MATCH {source.by('seq')} WHERE {_CHANGED} RETURN count(f) AS n", since=since, upto=upto
    )
    return bool(found[0]["n"] <= _FEW)


def _changed(
    connection: Connection, source: _Source, wanted: Sequence[Collected], since: int, upto: int
) -> Iterator[pa.RecordBatch]:
    """The changed rows by the index of ``seq``, grouped on the server, in order."""
    parts = connection.stream(
        f"MATCH {source.by('seq')} WHERE {_CHANGED} WITH f{_ends(source)}, "
        f"f.{source.number} / $chunk AS part WITH part, {collect(wanted)} "
        f"RETURN {_names(wanted)} ORDER BY part",
        since=since,
        upto=upto,
        chunk=CHUNK,
    )
    for record in parts:
        yield _ordered(batch(record, wanted))


def _walk(
    connection: Connection, source: _Source, wanted: Sequence[Collected], since: int, upto: int
) -> Iterator[pa.RecordBatch]:
    """All rows by ranges of their number, in order."""
    last = connection.read(f"MATCH {source.pattern} RETURN max(f.{source.number}) AS last")[0]
    if last["last"] is None:  # nothing of this kind, as of most in a small store
        return
    common = {
        "last": last["last"],
        "chunk": CHUNK,
        "step": _READERS * CHUNK,
        "since": since,
        "upto": upto,
    }
    parts = connection.stream_in_turns(
        "UNWIND range($first, $last, $step) AS start CALL { WITH start "
        f"MATCH {source.by(source.number)} WHERE f.{source.number} >= start "
        f"AND f.{source.number} < start + $chunk AND {_CHANGED} "
        f"RETURN {collect(wanted)} }} RETURN {_names(wanted)}",
        [{**common, "first": first} for first in range(0, last["last"] + 1, CHUNK)[:_READERS]],
    )
    for record in parts:
        rows = batch(record, wanted)
        if rows.num_rows:
            yield _ordered(rows)


def _nid_by_id(connection: Connection) -> Int64Array:
    """The nid of every node by internal id; about a second a million nodes."""
    nid_of = np.empty(0, np.int64)
    for record in connection.stream(
        "MATCH (s:Store) UNWIND range(0, s.next_nid, $chunk) AS start CALL { WITH start "
        f"MATCH (n:Node) {BY_NID} WHERE n.nid >= start AND n.nid < start + $chunk "
        "RETURN collect(n.nid) AS nid, collect(id(n)) AS id } RETURN nid, id",
        chunk=CHUNK,
    ):
        ids = numbers(record["id"])
        if len(ids) and ids.max() >= len(nid_of):
            nid_of = np.pad(nid_of, (0, max(int(ids.max()) + 1 - len(nid_of), len(nid_of))))
        nid_of[ids] = numbers(record["nid"])
    return nid_of


def _ordered(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows by their first column, the number that orders them."""
    numbers_ = rows.column(0).to_numpy()
    if (numbers_[1:] > numbers_[:-1]).all():
        return rows
    return rows.take(np.argsort(numbers_))


def _ends(source: _Source) -> str:
    return ", a, b" if source.pattern.startswith("(a)") else ""


def _names(wanted: Sequence[Collected]) -> str:
    return ", ".join(f"`{column.field.name}`" for column in wanted)
