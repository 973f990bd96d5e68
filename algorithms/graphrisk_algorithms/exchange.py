"""The graph in the types of other libraries, for what they do best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import igraph
    import networkx


def to_networkx(nodes: pa.Table, edges: Mapping[str, pa.Table]) -> networkx.MultiDiGraph[int]:
    """A directed multigraph: node ``nid``, edge key ``eid``, all else as attributes.

    Args:
        nodes: ``nid`` and attributes, a row a node.
        edges: By kind: ``eid, src, dst`` and attributes; the ends are rows of ``nodes``.

    Cost: Python objects, about 1 kB a node or edge; for some hundred thousand edges at most.
    """
    import networkx as nx

    graph: networkx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from((row.pop("nid"), row) for row in nodes.to_pylist())
    for kind, table in edges.items():
        for row in table.to_pylist():
            graph.add_edge(row.pop("src"), row.pop("dst"), key=row.pop("eid"), kind=kind, **row)
    return graph


def to_igraph(nodes: pa.Table, edges: Mapping[str, pa.Table]) -> igraph.Graph:
    """A directed graph; nodes in the rows' order, ``nid``, ``eid``, ``kind`` and all else as
    attributes. Attributes that a kind of edge lacks are ``None`` there. Arguments as above.

    Cost: the structure from arrays; attributes are Python lists, about 100 bytes a value.
    """
    import igraph

    graph = igraph.Graph(n=nodes.num_rows, directed=True)
    for name in nodes.column_names:
        graph.vs[name] = nodes[name].to_pylist()
    kinds = pa.concat_tables(
        [_with_kind(kind, table) for kind, table in edges.items()], promote_options="default"
    )
    numbers = nodes["nid"].to_numpy()
    order = np.argsort(numbers, kind="stable")
    ends = [
        order[np.searchsorted(numbers, kinds[end].to_numpy(), sorter=order)]
        for end in ("src", "dst")
    ]
    graph.add_edges(np.column_stack(ends))
    for name in kinds.column_names:
        if name not in ("src", "dst"):
            graph.es[name] = kinds[name].to_pylist()
    return graph


def _with_kind(kind: str, table: pa.Table) -> pa.Table:
    return table.append_column("kind", pa.array([kind] * table.num_rows, pa.string()))
