"""temporary"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.store.columns import node_schema


def merged(kind: str, nodes: pa.Table, facts: pa.Table) -> pa.Table:
    """Temporary."""
    facts = facts.sort_by(
        [("nid", "ascending"), ("known_from", "ascending"), ("source", "ascending")]
    )
    fn = facts["nid"].to_numpy()
    nn = nodes["nid"].to_numpy()
    for field in node_schema(kind):
        if field.name in ("nid", "key"):
            continue
        col = facts[field.name].combine_chunks()
        told = np.flatnonzero(np.asarray(col.is_valid()))
        if not len(told):
            idx = pa.array(np.zeros(len(nn), np.int64), mask=np.ones(len(nn), bool))
        else:
            last = told[np.append(np.diff(fn[told]) != 0, True)]
            spot = np.minimum(np.searchsorted(fn[last], nn), len(last) - 1)
            idx = pa.array(last[spot], mask=fn[last][spot] != nn)
        nodes = nodes.append_column(field, col.take(idx))
    return nodes
