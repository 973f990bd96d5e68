"""Keys and nids: which node a text key names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from graphrisk.store.contract import Int64Array
from graphrisk.store.neo4j.lists import Column, numbers, parameter
from graphrisk.store.neo4j.search import joined_terms
from graphrisk.store.neo4j.shapes import node_kind
from graphrisk.store.neo4j.transaction import Transaction


def resolve(tx: Transaction, kind: str, keys: Sequence[str]) -> Int64Array:
    """``nid`` of each key; unknown ones become nodes, in order of first appearance."""
    node_kind(kind)
    if not keys:
        return np.empty(0, np.int64)
    encoded = pa.array(keys, pa.string()).dictionary_encode()
    distinct = pa.chunked_array([encoded.dictionary])
    nids = np.full(len(distinct), -1, np.int64)
    for found in tx.each(
        f"MATCH (n:`{kind}` {{key: $key[i]}}) USING INDEX SEEK n:`{kind}`(key) "
        "RETURN collect($chunk_start + i) AS position, "
        "collect(n.nid) AS nid, collect(id(n)) AS id",
        {"key": distinct},
    ):
        known = numbers(found["nid"])
        nids[numbers(found["position"])] = known
        tx.places.learn(known, numbers(found["id"]))
    unknown = np.flatnonzero(nids < 0)
    if len(unknown):
        nids[unknown] = tx.take("next_nid", len(unknown))
        _create(tx, kind, nids[unknown], distinct.take(unknown))
    found_nids: Int64Array = nids[encoded.indices.to_numpy()]
    return found_nids


def _create(tx: Transaction, kind: str, nids: Int64Array, keys: Column) -> None:
    """Add nodes, with the terms of their keys where keys are searched."""
    columns: dict[str, Column] = {"nid": nids, "key": keys}
    searched = ""
    if node_kind(kind).key_search:
        columns["terms"] = pa.chunked_array([[joined_terms([str(key)]) for key in parameter(keys)]])
        searched = ", terms: $terms[i]"
    for made in tx.each(
        f"CREATE (n:Node:`{kind}` {{nid: $nid[i], key: $key[i], seq: $seq{searched}}}) "
        "RETURN collect(n.nid) AS nid, collect(id(n)) AS id",
        columns,
        seq=tx.seq,
    ):
        tx.places.learn(numbers(made["nid"]), numbers(made["id"]))
    tx.note_change(kind)
