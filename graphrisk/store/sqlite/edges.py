"""Edges by number and at a node."""

from __future__ import annotations

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.columns import COUNTS, edge_schema
from graphrisk.store.contract import AsOf, Int64Array, NeighbourQuery, Page
from graphrisk.store.sqlite import shapes
from graphrisk.store.sqlite.rows import array, table
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

_END = {"out": "src", "in": "dst"}
#: Edges from which a node is a hub.
_HUB = 5_000


def get_edges(
    connection: apsw.Connection, eids: Int64Array, as_of: AsOf, latest: int
) -> dict[str, pa.Table]:
    """Per edge kind the edges with these eids; kinds without any are left out."""
    wanted = np.unique(eids)
    found: dict[str, pa.Table] = {}
    for kind in load_schema().edges if len(wanted) else ():
        facts, schema = shapes.edges(kind), edge_schema(kind)
        rows = connection.execute(
            f"SELECT {facts.columns(schema)} FROM carray(:eids) CROSS JOIN {facts.table} f "
            f"ON f.eid = value WHERE {facts.seen(as_of)} ORDER BY f.eid",
            {"eids": array(wanted), **shapes.moment(as_of, latest)},
        ).fetchall()
        if rows:
            found[kind] = table(rows, schema)
    return found


def neighbour_counts(connection: apsw.Connection, nid: int, as_of: AsOf, latest: int) -> pa.Table:
    """How many edges of each kind and direction a node has; counted on the index alone."""
    bindings = {"nid": nid, **shapes.moment(as_of, latest)}
    rows: list[apsw.SQLiteValues] = []
    for kind in load_schema().edges:
        facts = shapes.edges(kind)
        for direction in ("in", "out"):
            count = connection.execute(
                f"SELECT count(*) FROM {facts.table} f "
                f"WHERE {_END[direction]} = :nid AND {facts.seen(as_of)}",
                bindings,
            ).get
            if count:
                rows.append((kind, direction, count))
    return table(rows, COUNTS)


def neighbours(
    connection: apsw.Connection, query: NeighbourQuery, as_of: AsOf, latest: int
) -> Page:
    """One page of the edges at a node in eid order, and how many there are in all.

    The index is in the order of time, so a page of it costs a look at all edges of the node. Those
    of a hub lie close together: its page is looked for first among the next rows of the table, as
    many as the hub has edges.
    """
    facts, schema = shapes.edges(query.edge_kind), edge_schema(query.edge_kind)
    matching = (
        f"FROM {facts.table} f WHERE {_END[query.direction]} = :nid "
        f"AND {facts.seen(as_of)}{_window(query)}"
    )
    bindings = {
        "nid": query.nid,
        "since": query.since,
        "until": query.until,
        "after": query.after_eid,
        "limit": query.limit + 1,
        **shapes.moment(as_of, latest),
    }
    total = connection.execute(f"SELECT count(*) {matching}", bindings).get
    rows: list[apsw.SQLiteValues] = []
    if total > _HUB and facts.number == "eid":
        rows = connection.execute(
            f"SELECT {facts.columns(schema)} {matching.replace('WHERE ', 'WHERE +')} "
            "AND eid > :after AND eid <= :after + :near ORDER BY eid LIMIT :limit",
            {**bindings, "near": total},
        ).fetchall()
    if len(rows) <= query.limit:
        rows = connection.execute(
            f"SELECT {facts.columns(schema)} FROM {facts.table} f WHERE f.{facts.number} IN "
            f"(SELECT f.{facts.number} {matching} AND eid > :after ORDER BY eid LIMIT :limit) "
            "ORDER BY f.eid",
            bindings,
        ).fetchall()
    found = table(rows[: query.limit], schema)
    return Page(found, len(rows) > query.limit, total)


def _window(query: NeighbourQuery) -> str:
    """Half-open time window on events or on the span of aggregates."""
    kind = shapes.edge_kind(query.edge_kind)
    if kind.nature is Nature.STATE:
        return ""
    first, last = ("first", "last") if kind.nature is Nature.AGGREGATE else (kind.time, kind.time)
    since = f' AND "{last}" >= :since' if query.since is not None else ""
    until = f' AND "{first}" < :until' if query.until is not None else ""
    return f"{since}{until}"
