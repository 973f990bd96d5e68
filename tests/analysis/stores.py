"""A hand-built town put into a graph store through the contract."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.columns import property_fields
from graphrisk.store.contract import BatchInfo, DeliveryMode, Store
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

_BATCH = BatchInfo("town", "delivery", "town.csv", DeliveryMode.DELTA, known_at=1)


def fill(store: Store, graph: RiskGraph, first: int = 0) -> None:
    """Assert all nodes and edges of ``graph``; keys are those of its tables.

    Assertions are numbered from ``first``: with another one a second delivery adds to the first.
    """
    nids = np.full(graph.n, -1, np.int64)
    with store.writer("test") as writer:
        for kind, table in graph.nodes.items():
            own = table.column("nid").to_numpy()
            nids[own] = writer.resolve(kind, [str(key) for key in table.column("key").to_pylist()])
            rows = _assertions(len(table), first).append_column("nid", pa.array(nids[own]))
            for field in property_fields(load_schema().nodes[kind].properties):
                if field.name in table.column_names:
                    rows = rows.append_column(field, table.column(field.name))
            writer.upsert_nodes(kind, rows, _BATCH)
        for kind, edges in graph.edges.items():
            rows = _edge_rows(kind, edges, nids, first)
            if load_schema().edges[kind].nature is Nature.AGGREGATE:
                writer.merge_aggregates(kind, rows, _BATCH)
            else:
                writer.upsert_edges(kind, rows, _BATCH)
        writer.commit()


def _assertions(count: int, first: int) -> pa.Table:
    number = pa.array(np.arange(count) + first)
    columns = {"akey": number, "digest": number, "row": number}
    validity = {"valid_from": pa.array([BEGIN] * count), "valid_to": pa.array([OPEN] * count)}
    return pa.table({**columns, **validity})


def _edge_rows(
    kind: str, edges: EdgeColumns, nids: np.ndarray[tuple[int], np.dtype[np.int64]], first: int
) -> pa.Table:
    ends = {"src": pa.array(nids[edges.src]), "dst": pa.array(nids[edges.dst])}
    own = {name: pa.array(column) for name, column in edges.columns.items()}
    nature = load_schema().edges[kind].nature
    if nature is Nature.AGGREGATE:
        return pa.table({**ends, **own})
    marks = _assertions(len(edges), first)
    if nature is Nature.EVENT:
        marks = marks.drop_columns(["valid_from", "valid_to"])
    return pa.table({**ends, **own, **{name: marks.column(name) for name in marks.column_names}})
