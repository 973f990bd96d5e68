"""Nodes by number or in order, with the merge of what is asserted about them."""

from __future__ import annotations

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.columns import node_export_schema, node_schema
from graphrisk.store.contract import NOW, AsOf, Int64Array
from graphrisk.store.merge import merged
from graphrisk.store.sqlite.rows import array, table
from graphrisk.store.sqlite.shapes import assertions, moment, node_kind
from graphrisk_schema.reader import load_schema


def get_nodes(
    connection: apsw.Connection, nids: Int64Array, as_of: AsOf, latest: int
) -> dict[str, pa.Table]:
    """Per kind the nodes with these nids, merged; kinds without any are left out."""
    wanted = np.unique(nids)
    found: dict[str, pa.Table] = {}
    for kind in load_schema().nodes if len(wanted) else ():
        keys = _keys(connection, kind, wanted)
        if keys:
            found[kind] = _told(connection, kind, keys, as_of, latest)
    return found


def described(
    connection: apsw.Connection, kind: str, nids: Int64Array, as_of: AsOf, latest: int
) -> pa.Table:
    """Those of the nids (ascending) that are of the kind: key and merged properties."""
    keys = _keys(connection, kind, nids)
    return _told(connection, kind, keys, as_of, latest) if keys else node_schema(kind).empty_table()


def _keys(connection: apsw.Connection, kind: str, nids: Int64Array) -> list[apsw.SQLiteValues]:
    """``nid, key`` of those of the nids that are of the kind, in nid order."""
    return connection.execute(
        f'SELECT nid, key FROM "{kind}" WHERE nid IN (SELECT value FROM carray(?)) ORDER BY nid',
        (array(nids),),
    ).fetchall()


def _told(
    connection: apsw.Connection,
    kind: str,
    keys: list[apsw.SQLiteValues],
    as_of: AsOf,
    latest: int,
) -> pa.Table:
    """The nodes with what is asserted of them, merged."""
    schema = node_schema(kind)
    nodes = table(keys, pa.schema([schema.field("nid"), schema.field("key")]))
    facts = assertions(kind)
    wanted = node_export_schema(kind)
    told = connection.execute(
        f"SELECT {facts.columns(wanted)} FROM carray(:nids) CROSS JOIN {facts.table} f "
        f"ON f.nid = value WHERE {facts.seen(as_of)} ORDER BY vid",
        {"nids": array(nodes.column("nid").to_numpy()), **moment(as_of, latest)},
    ).fetchall()
    return merged(nodes, table(told, wanted), facts.properties)


def scan_nodes(
    connection: apsw.Connection, kind: str, after_nid: int, limit: int, latest: int
) -> pa.Table:
    """One page of a kind in nid order, merged."""
    node_kind(kind)
    found = connection.execute(
        f'SELECT nid FROM "{kind}" WHERE nid > ? ORDER BY nid LIMIT ?', (after_nid, limit)
    ).fetchall()
    if not found:
        return node_schema(kind).empty_table()
    return described(connection, kind, np.array(found, np.int64)[:, 0], NOW, latest)
