"""Nodes and the merge of what is asserted about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from graphrisk.store.columns import node_export_schema, node_schema
from graphrisk.store.contract import NOW, AsOf, Int64Array
from graphrisk.store.merge import merged
from graphrisk.store.neo4j.connection import Connection, Read
from graphrisk.store.neo4j.lists import batch, chunks, collect, numbers
from graphrisk.store.neo4j.seen import columns, seen, times
from graphrisk.store.neo4j.shapes import BY_NID, assertions, edges, node_kind
from graphrisk_schema.reader import load_schema


def counts(connection: Connection) -> dict[str, int]:
    """Nodes per kind (a look at the counts store) and edges seen now (states: one pass)."""
    vocabulary = load_schema()
    parts = [f"COUNT {{ (:`{kind}`) }}" for kind in vocabulary.nodes]
    for kind in vocabulary.edges:
        condition = seen(edges(kind), NOW)
        where = "" if condition == "true" else f" WHERE {condition}"
        parts.append(f"COUNT {{ ()-[f:`{kind}`]->(){where} }}")
    counted = connection.read(f"RETURN [{', '.join(parts)}] AS n", **times(connection.read, NOW))
    return dict(zip((*vocabulary.nodes, *vocabulary.edges), counted[0]["n"], strict=True))


def lookup(connection: Connection, kind: str, keys: Sequence[str]) -> Int64Array:
    """``nid`` of each key, -1 where unknown."""
    node_kind(kind)
    nids = np.full(len(keys), -1, np.int64)
    for part in chunks(len(keys)):
        found = connection.read(
            "UNWIND range(0, size($keys) - 1) AS i "
            f"MATCH (n:`{kind}` {{key: $keys[i]}}) USING INDEX SEEK n:`{kind}`(key) "
            "RETURN collect($start + i) AS position, collect(n.nid) AS nid",
            keys=list(keys[part]),
            start=part.start,
        )[0]
        nids[numbers(found["position"])] = numbers(found["nid"])
    return nids


def get_nodes(connection: Connection, nids: Int64Array, as_of: AsOf) -> dict[str, pa.Table]:
    """Per kind the nodes with these nids, merged."""
    found: dict[str, list[pa.Table]] = {}
    distinct = np.unique(nids)
    for part in chunks(len(distinct)):
        for record in connection.read(
            f"UNWIND $nids AS nid MATCH (n:Node {{nid: nid}}) {BY_NID} UNWIND labels(n) AS kind "
            "WITH n, kind WHERE kind <> 'Node' "
            "RETURN kind, collect(n.nid) AS nid, collect(n.key) AS key",
            nids=distinct[part].tolist(),
        ):
            kind = record["kind"]
            nodes = keys_table(kind, record["nid"], record["key"])
            found.setdefault(kind, []).append(described(connection.read, kind, nodes, as_of))
    return {kind: pa.concat_tables(found[kind]) for kind in sorted(found)}


def scan_nodes(connection: Connection, kind: str, after_nid: int, limit: int) -> pa.Table:
    """One page of a kind in nid order, merged."""
    node_kind(kind)
    record = connection.read(
        f"MATCH (n:`{kind}`) USING INDEX SEEK n:`{kind}`(nid) WHERE n.nid > $after "
        "WITH n ORDER BY n.nid LIMIT $limit RETURN collect(n.nid) AS nid, collect(n.key) AS key",
        after=after_nid,
        limit=limit,
    )[0]
    return described(connection.read, kind, keys_table(kind, record["nid"], record["key"]), NOW)


def described(read: Read, kind: str, nodes: pa.Table, as_of: AsOf) -> pa.Table:
    """The nodes (``nid, key``, in nid order) with what is asserted of them, merged."""
    shape = assertions(kind)
    known = times(read, as_of)
    wanted = columns(node_export_schema(kind))
    nids = nodes["nid"].to_numpy()
    facts = [
        batch(
            read(
                f"UNWIND $nids AS nid MATCH {shape.by('nid')} "
                f"WHERE f.nid = nid AND {seen(shape, as_of)} RETURN {collect(wanted)}",
                nids=nids[part].tolist(),
                **known,
            )[0],
            wanted,
        )
        for part in chunks(len(nids))
    ]
    told = pa.Table.from_batches(facts, node_export_schema(kind)).sort_by("vid")
    return merged(nodes, told, shape.properties)


def keys_table(kind: str, nids: list[int], keys: list[str]) -> pa.Table:
    """``nid, key`` in nid order."""
    schema = pa.schema([node_schema(kind).field("nid"), node_schema(kind).field("key")])
    return pa.table([nids, keys], schema=schema).sort_by("nid")
