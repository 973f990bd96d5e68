"""Edges by number and at a node."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.store.columns import COUNTS, edge_schema
from graphrisk.store.contract import AsOf, Int64Array, NeighbourQuery, Page
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lists import batch, chunks, collect, table
from graphrisk.store.neo4j.seen import columns, seen, times
from graphrisk.store.neo4j.shapes import BY_NID, edge_kind, edges
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

#: Ends of the fact ``f`` at the node ``n``, by direction.
_AT_NODE = {"out": "(n)-[f:`{kind}`]->()", "in": "()-[f:`{kind}`]->(n)"}


def get_edges(connection: Connection, eids: Int64Array, as_of: AsOf) -> dict[str, pa.Table]:
    """Per edge kind the edges with these eids. Cost: an index look-up per eid and kind."""
    known = times(connection.read, as_of)
    distinct = np.unique(eids)
    found: dict[str, pa.Table] = {}
    for kind in _kinds_of(connection, distinct):
        shape, schema = edges(kind), edge_schema(kind)
        wanted = columns(schema)
        parts = []
        for part in chunks(len(distinct)):
            record = connection.read(
                f"UNWIND $eids AS eid MATCH (a)-[f:`{kind}` {{eid: eid}}]->(b) "
                f"USING INDEX SEEK f:`{kind}`(eid) WHERE {seen(shape, as_of)} "
                f"RETURN {collect(wanted)}",
                eids=distinct[part].tolist(),
                **known,
            )[0]
            parts.append(batch(record, wanted))
        rows = pa.Table.from_batches(parts, schema)
        if rows.num_rows:
            found[kind] = rows.sort_by("eid")
    return found


def _kinds_of(connection: Connection, eids: Int64Array) -> list[str]:
    """Kinds that hold one of the eids, found in one round trip instead of one for each kind."""
    if not len(eids):
        return []
    asked = " UNION ALL ".join(
        f"MATCH ()-[f:`{kind}`]->() USING INDEX SEEK f:`{kind}`(eid) WHERE f.eid IN $eids "
        f"RETURN '{kind}' AS kind LIMIT 1"
        for kind in load_schema().edges
    )
    return sorted(record["kind"] for record in connection.read(asked, eids=eids.tolist()))


def neighbour_counts(connection: Connection, nid: int, as_of: AsOf) -> pa.Table:
    """How many edges of each kind and direction a node has.

    Kinds without validity cost one look at the node's degree, however many edges there are.
    """
    asked = [(kind, direction) for kind in load_schema().edges for direction in ("in", "out")]
    counts = ", ".join(
        f"COUNT {{ {_AT_NODE[direction].format(kind=kind)}{_where(seen(edges(kind), as_of))} }}"
        for kind, direction in asked
    )
    found = connection.read(
        f"MATCH (n:Node {{nid: $nid}}) {BY_NID} RETURN [{counts}] AS counts",
        nid=nid,
        **times(connection.read, as_of),
    )
    counted = found[0]["counts"] if found else [0] * len(asked)
    rows = [(*key, count) for key, count in zip(asked, counted, strict=True) if count]
    return table(rows, COUNTS)


def neighbours(connection: Connection, query: NeighbourQuery, as_of: AsOf) -> Page:
    """One page of the edges at a node in eid order, and how many there are in all."""
    shape, schema = edges(query.edge_kind), edge_schema(query.edge_kind)
    wanted = columns(schema)
    condition = _where(f"{seen(shape, as_of)}{_window(query)}")
    pattern = f"{_AT_NODE[query.direction].format(kind=query.edge_kind)}{condition}"
    after = "AND" if condition else "WHERE"
    found = connection.read(
        f"MATCH (n:Node {{nid: $nid}}) {BY_NID} WITH n, COUNT {{ {pattern} }} AS total "
        f"CALL {{ WITH n MATCH {pattern} {after} f.eid > $after "
        "WITH f ORDER BY f.eid LIMIT $limit "
        f"WITH f, startNode(f) AS a, endNode(f) AS b RETURN {collect(wanted)} }} "
        f"RETURN total, {', '.join(f'`{name}`' for name in schema.names)}",
        nid=query.nid,
        after=query.after_eid,
        limit=query.limit + 1,
        since=query.since,
        until=query.until,
        **times(connection.read, as_of),
    )
    if not found:
        return Page(schema.empty_table(), False, 0)
    rows = pa.Table.from_batches([batch(found[0], wanted)]).sort_by("eid")
    return Page(rows.slice(0, query.limit), rows.num_rows > query.limit, found[0]["total"])


def _window(query: NeighbourQuery) -> str:
    """Half-open time window on events or on the span of aggregates."""
    kind = edge_kind(query.edge_kind)
    if kind.nature is Nature.STATE:
        return ""
    first, last = ("first", "last") if kind.nature is Nature.AGGREGATE else (kind.time, kind.time)
    since = f" AND f.`{last}` >= $since" if query.since is not None else ""
    until = f" AND f.`{first}` < $until" if query.until is not None else ""
    return f"{since}{until}"


def _where(condition: str) -> str:
    """The condition as a clause; an edge count without one is read off the node's degree."""
    rest = condition.removeprefix("true AND ")
    return "" if rest == "true" else f" WHERE {rest}"
