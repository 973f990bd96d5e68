"""Edges by number and at a node."""

from __future__ import annotations

from dataclasses import dataclass

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.columns import COUNTS, edge_schema
from graphrisk.store.contract import AsOf, Direction, Int64Array, NeighbourQuery, Page
from graphrisk.store.sqlite import shapes
from graphrisk.store.sqlite.rows import array, table
from graphrisk.store.sqlite.totals import HUB, HubTotals
from graphrisk.store.sqlite.transaction import newest_stamp
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

_END = {"out": "src", "in": "dst"}
_DIRECTIONS: tuple[Direction, ...] = ("in", "out")


@dataclass(frozen=True, slots=True)
class Counted:
    """Edges of one kind at one node, and the moment and window in which they are counted."""

    nid: int
    edge_kind: str
    direction: Direction
    as_of: AsOf
    since: int | None = None
    until: int | None = None

    @property
    def matching(self) -> str:
        """The table and the condition, for ``bindings``."""
        facts = shapes.edges(self.edge_kind)
        return (
            f"FROM {facts.table} f WHERE {_END[self.direction]} = :nid "
            f"AND {facts.seen(self.as_of)}{self._window()}"
        )

    def bindings(self, latest: int) -> dict[str, int | None]:
        """What the condition names."""
        own = {"nid": self.nid, "since": self.since, "until": self.until}
        return own | shapes.moment(self.as_of, latest)

    def total(self, connection: apsw.Connection, latest: int, totals: HubTotals) -> int:
        """How many there are; counted on the index alone, hubs' once a commit."""
        commit = newest_stamp(connection)
        found = totals.find(commit, self)
        if found is None:
            found = connection.execute(
                f"SELECT count(*) {self.matching}", self.bindings(latest)
            ).get
            totals.keep(commit, self, found)
        return found

    def _window(self) -> str:
        """Half-open time window on events or on the span of aggregates."""
        kind = shapes.edge_kind(self.edge_kind)
        if kind.nature is Nature.STATE:
            return ""
        is_span = kind.nature is Nature.AGGREGATE
        first, last = ("first", "last") if is_span else (kind.time, kind.time)
        since = f' AND "{last}" >= :since' if self.since is not None else ""
        until = f' AND "{first}" < :until' if self.until is not None else ""
        return f"{since}{until}"


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


def neighbour_counts(
    connection: apsw.Connection,
    nid: int,
    as_of: AsOf,
    latest: int,
    totals: HubTotals,
) -> pa.Table:
    """How many edges of each kind and direction a node has."""
    every = (
        Counted(nid, kind, direction, as_of)
        for kind in load_schema().edges
        for direction in _DIRECTIONS
    )
    counts = [(c.edge_kind, c.direction, c.total(connection, latest, totals)) for c in every]
    return table([row for row in counts if row[2]], COUNTS)


def neighbours(
    connection: apsw.Connection,
    query: NeighbourQuery,
    as_of: AsOf,
    latest: int,
    totals: HubTotals,
) -> Page:
    """One page of the edges at a node in eid order, and how many there are in all.

    The index is in the order of time, so a page of it costs a look at all edges of the node. Those
    of a hub lie close together: its page is looked for first among the next rows of the table, as
    many as the hub has edges.
    """
    facts, schema = shapes.edges(query.edge_kind), edge_schema(query.edge_kind)
    counted = Counted(query.nid, query.edge_kind, query.direction, as_of, query.since, query.until)
    total = counted.total(connection, latest, totals)
    matching = counted.matching
    bindings = {
        **counted.bindings(latest),
        "after": query.after_eid,
        "limit": query.limit + 1,
    }
    rows: list[apsw.SQLiteValues] = []
    if total > HUB and facts.number == "eid":
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
