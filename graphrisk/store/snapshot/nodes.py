"""Nodes as a reader sees them: the assertions of all sources merged to one row per nid."""

from __future__ import annotations

import pyarrow as pa

from graphrisk.store.contract import Int64Array
from graphrisk.store.merge import merged
from graphrisk.store.snapshot.layer import Layer
from graphrisk.store.snapshot.shapes import part_schema

_HEAD = ("vid", "nid", "source", "valid_from", "valid_to", "known_from")


def merged_nodes(keys: Layer, facts: Layer, latest: int, same_as: Int64Array) -> pa.Table:
    """``nid, key`` and properties in nid order; per property the last known non-null value.

    Args:
        keys: All nodes of the kind.
        facts: Their assertions that are believed now.
        latest: The store's latest known time; assertions that ended by then do not count.
        same_as: The record that stands for each, which then has the facts of all; empty: itself.
    """
    told = facts.table()
    begins, ends = (told.column(name).to_numpy() for name in ("valid_from", "valid_to"))
    held = told.filter(pa.array((begins <= latest) & (ends > latest)))
    properties = [name for name in part_schema(facts.part).names if name not in _HEAD]
    nodes = keys.table()
    if len(same_as):
        nids = nodes.column("nid").to_numpy()
        nodes = nodes.filter(pa.array(same_as[nids] == nids))
        stands = pa.array(same_as[held.column("nid").to_numpy()])
        held = held.set_column(held.schema.get_field_index("nid"), "nid", stands)
    return merged(nodes, held, properties)
