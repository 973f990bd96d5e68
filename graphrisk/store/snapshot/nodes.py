"""Nodes as a reader sees them: the assertions of all sources merged to one row per nid."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.store.contract import Int64Array
from graphrisk.store.snapshot.layer import Layer
from graphrisk.store.snapshot.shapes import part_schema

_HEAD = ("vid", "nid", "source", "valid_from", "valid_to", "known_from")


def merged_nodes(keys: Layer, facts: Layer, latest: int) -> pa.Table:
    """``nid, key`` and properties in nid order; per property the last known non-null value.

    Args:
        keys: All nodes of the kind.
        facts: Their assertions that are believed now.
        latest: The store's latest known time; assertions that ended by then do not count.
    """
    nodes = keys.table()
    rows = facts.table()
    begins, ends = (rows.column(name).to_numpy() for name in ("valid_from", "valid_to"))
    rows = rows.filter((begins <= latest) & (ends > latest)).sort_by(
        [("nid", "ascending"), ("known_from", "ascending"), ("source", "ascending")]
    )
    nids = rows.column("nid").to_numpy()
    wanted = nodes.column("nid").to_numpy()
    for field in part_schema(facts.part):
        if field.name in _HEAD:
            continue
        column = rows.column(field.name).combine_chunks()
        told = np.flatnonzero(np.asarray(column.is_valid()))
        nodes = nodes.append_column(field, column.take(_last_rows(nids, told, wanted)))
    return nodes


def _last_rows(nids: Int64Array, told: Int64Array, wanted: Int64Array) -> pa.Int64Array:
    """Per wanted nid the last of the rows ``told`` (ascending, grouped by nid), null if none."""
    if not len(told):
        return pa.array(np.zeros(len(wanted), np.int64), mask=np.ones(len(wanted), np.bool_))
    last = told[np.append(np.diff(nids[told]) != 0, True)]
    spot = np.minimum(np.searchsorted(nids[last], wanted), len(last) - 1)
    return pa.array(last[spot], mask=nids[last][spot] != wanted)
