"""Keys and nids: which node a text key names."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite import terms
from graphrisk.store.sqlite.rows import Column, numbers, texts
from graphrisk.store.sqlite.shapes import node_kind
from graphrisk.store.sqlite.transaction import Transaction


def lookup(connection: apsw.Connection, kind: str, keys: Sequence[str]) -> Int64Array:
    """``nid`` of each key, -1 where unknown. A left join on an array keeps the array's order."""
    node_kind(kind)
    if not keys:
        return np.empty(0, np.int64)
    found = connection.execute(
        f'SELECT coalesce(n.nid, -1) FROM carray(?) LEFT JOIN "{kind}" n ON n.key = value',
        (texts(keys),),
    )
    return numbers(found)[:, 0]


def resolve(tx: Transaction, kind: str, keys: Sequence[str]) -> Int64Array:
    """``nid`` of each key; unknown ones become nodes, in order of first appearance."""
    encoded = pa.array(keys, pa.string()).dictionary_encode()
    distinct: list[str] = encoded.dictionary.to_numpy(zero_copy_only=False).tolist()
    nids = lookup(tx.connection, kind, distinct)
    unknown = np.flatnonzero(nids < 0)
    if len(unknown):
        nids[unknown] = tx.take("next_nid", len(unknown))
        new = encoded.dictionary.take(unknown)
        columns: dict[str, Column | int] = {"nid": nids[unknown], "key": pa.chunked_array([new])}
        tx.insert(f'"{kind}"', columns | {"changed_seq": tx.seq})
        terms.index_new(tx, kind, nids[unknown], new.to_numpy(zero_copy_only=False).tolist())
    resolved: Int64Array = nids[encoded.indices.to_numpy()]
    return resolved
