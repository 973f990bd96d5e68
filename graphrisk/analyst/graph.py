"""The graph as an analyst sees it: Arrow columns, and the types of other libraries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa

from graphrisk.access.model import AuditPort
from graphrisk.analysis.entities import Viewer
from graphrisk.analyst.seen import seen_edges, seen_nodes
from graphrisk.core.errors import BadInput, ConfigError, LimitExceeded
from graphrisk.core.ids import OpaqueIds
from graphrisk.store.contract import Int64Array
from graphrisk_algorithms.algorithm import Algorithm, NodeValues, Partition
from graphrisk_algorithms.exchange import to_igraph, to_networkx
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.csr import build_csr
from graphrisk_algorithms.kernels.joins import entries_of
from graphrisk_algorithms.kernels.pairs import all_ends
from graphrisk_algorithms.registry import FINDERS, MEASURES, PARTITIONS

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas

ResultT = TypeVar("ResultT")
RowsT = TypeVar("RowsT", pa.Table, EdgeColumns)
_SHIPPED = frozenset([*PARTITIONS.values(), *MEASURES.values(), *FINDERS.values()])
#: Objects of Python that networkx and igraph may be given without freezing a notebook.
_MOST_OBJECTS = 2_000_000


class Graph:
    """Nodes and edges as columns; ``nid`` and ``eid`` join them, ``id`` is the one of the API.

    What the viewer may not see is masked or missing. Records of one person are one node.
    """

    def __init__(self, whole: RiskGraph, viewer: Viewer, ids: OpaqueIds, audit: AuditPort) -> None:
        self._whole = whole
        self._viewer = viewer
        self._ids = ids
        self._audit = audit

    @property
    def n(self) -> int:
        """Node numbers are ``0 … n-1``."""
        return self._whole.n

    @property
    def counts(self) -> dict[str, int]:
        """Number of nodes and edges of each kind that there is any of."""
        nodes = {kind: len(rows) for kind, rows in self._whole.nodes.items()}
        edges = {kind: len(rows) for kind, rows in self._whole.edges.items()}
        return {kind: count for kind, count in {**nodes, **edges}.items() if count}

    def __repr__(self) -> str:
        return f"<graph {', '.join(f'{count:,} {kind}' for kind, count in self.counts.items())}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(kind)}</td><td style='text-align:right'>{count:,}</td></tr>"
            for kind, count in self.counts.items()
        )
        return f"<table><tr><th>kind</th><th>rows</th></tr>{rows}</table>"

    def nodes(self, kind: str) -> pa.Table:
        """``nid, id, key`` and properties in nid order. Cost: four hashes a node for its id."""
        table = self._of(self._whole.nodes, kind)
        self._told("nodes", len(table))
        seen = seen_nodes(kind, table, self._viewer)
        ids = pa.array(self._public(kind, seen["nid"].to_numpy().tolist()), pa.string())
        return seen.add_column(1, "id", ids)

    def edges(self, kind: str) -> pa.Table:
        """``eid, src, dst`` and the numeric properties in eid order."""
        columns = self._of(self._whole.edges, kind)
        self._told("edges", len(columns))
        return seen_edges(kind, columns, self._viewer)

    def to_arrow(self) -> dict[str, pa.Table]:
        """All kinds that there is any of, by name."""
        return {
            kind: self.nodes(kind) if kind in self._whole.nodes else self.edges(kind)
            for kind in self.counts
        }

    def to_pandas(self, kind: str) -> pandas.DataFrame:
        """One kind of nodes (indexed by ``nid``) or edges (by ``eid``).

        ``ConfigError``: pandas is not installed.
        """
        try:
            import pandas  # noqa: F401 - pyarrow needs it
        except ImportError as error:
            raise ConfigError("pip install 'graphrisk[notebooks]' brings pandas") from error
        if kind in self._whole.nodes:
            return self.nodes(kind).to_pandas().set_index("nid")
        return self.edges(kind).to_pandas().set_index("eid")

    def to_networkx(self, *edge_kinds: str) -> networkx.MultiDiGraph[int]:
        """Edges of these kinds (none named: all) and the nodes they join.

        ``LimitExceeded`` above two million; take a part first: ``around``, ``among``.
        """
        return to_networkx(*self._exchanged(edge_kinds))

    def to_igraph(self, *edge_kinds: str) -> igraph.Graph:
        """The same for igraph; ``vs["nid"]`` and ``es["eid"]`` lead back."""
        return to_igraph(*self._exchanged(edge_kinds))

    def run(self, algorithm: Algorithm[ResultT]) -> ResultT:
        """What the algorithm makes of the graph.

        Those that we ship see all; one of your own sees what you see.
        """
        shipped = type(algorithm) in _SHIPPED
        self._told(f"run {algorithm.name}", sum(self.counts.values()))
        return algorithm.run(self._whole if shipped else self.columns)

    @cached_property
    def columns(self) -> RiskGraph:
        """What algorithms take, masked as for this viewer."""
        nodes = {
            kind: seen_nodes(kind, table, self._viewer, times=False)
            for kind, table in self._whole.nodes.items()
        }
        return replace(self._whole, nodes=nodes)

    def with_result(self, kind: str, **results: Partition | NodeValues) -> pa.Table:
        """The nodes of a kind with a column for each result of ``run``."""
        table = self.nodes(kind)
        nids = table["nid"].to_numpy()
        for name, result in results.items():
            values = result.labels if isinstance(result, Partition) else result.values
            table = table.append_column(name, pa.array(values[nids]))
        return table

    def nids(self, ids: Iterable[str]) -> Int64Array:
        """Node numbers of ids of the API; ``BadInput`` for one that is none."""
        return np.array([self._ids.decode(one)[1] for one in ids], np.int64)

    def among(self, nids: Iterable[int]) -> Graph:
        """Only these nodes and the edges between them."""
        wanted = np.zeros(self.n, np.bool_)
        chosen = np.fromiter(nids, np.int64)
        if len(chosen) and not 0 <= int(chosen.min()) <= int(chosen.max()) < self.n:
            raise BadInput(f"a node number is not within 0..{self.n - 1}")
        wanted[chosen] = True
        nodes = {
            kind: table.filter(pa.array(wanted[table["nid"].to_numpy()]))
            for kind, table in self._whole.nodes.items()
        }
        edges = {kind: _between(edges, wanted) for kind, edges in self._whole.edges.items()}
        part = RiskGraph(self.n, nodes, edges, self._whole.same_as)
        return Graph(part, self._viewer, self._ids, self._audit)

    def around(
        self, nids: Iterable[int], *edge_kinds: str, hops: int = 1, most: int = 500
    ) -> Graph:
        """These nodes with all within ``hops`` edges of the kinds (none named: all kinds).

        ``LimitExceeded`` when they are more than ``most``: a hub has neighbours without end.
        Cost: one pass over the edges.
        """
        view = build_csr(self.n, *all_ends(self._whole, edge_kinds), symmetric=True)
        found = np.unique(np.fromiter(nids, np.int64))
        for hop in range(1, hops + 1):
            found = np.union1d(found, entries_of(view, found)[1])
            if len(found) > most:
                raise LimitExceeded(f"{len(found):,} nodes within {hop} hops, more than {most:,}")
        return self.among(found.tolist())

    def _exchanged(self, edge_kinds: tuple[str, ...]) -> tuple[pa.Table, dict[str, pa.Table]]:
        kinds = edge_kinds or tuple(kind for kind in self._whole.edges if kind in self.counts)
        size = sum(len(self._of(self._whole.edges, kind)) for kind in kinds)
        if size > _MOST_OBJECTS:
            raise LimitExceeded(f"{size:,} edges are too many objects: around() or among() first")
        edges = {kind: self.edges(kind) for kind in kinds}
        touched = np.zeros(self.n, np.bool_)
        for table in edges.values():
            touched[table["src"].to_numpy()] = touched[table["dst"].to_numpy()] = True
        return self._named(touched), edges

    def _named(self, wanted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Table:
        """``nid, kind, id`` of nodes, in nid order: enough to draw them and to ask for the rest."""
        nids, kinds = [np.empty(0, np.int64)], list[str]()
        for kind, table in self._whole.nodes.items():
            own = table["nid"].to_numpy()
            nids.append(own[wanted[own]])
            kinds += [kind] * len(nids[-1])
        numbers = np.concatenate(nids)
        named = zip(kinds, numbers.tolist(), strict=True)
        ids = [self._ids.encode(kind.lower(), nid) for kind, nid in named]
        texts = (pa.array(column, pa.string()) for column in (kinds, ids))
        table = pa.Table.from_arrays([pa.array(numbers), *texts], names=["nid", "kind", "id"])
        return table.sort_by("nid")

    def _public(self, kind: str, nids: Iterable[int]) -> list[str]:
        return [self._ids.encode(kind.lower(), nid) for nid in nids]

    def _of(self, kinds: Mapping[str, RowsT], kind: str) -> RowsT:
        if kind not in kinds:
            raise BadInput(f"{kind!r} is not one of {', '.join(kinds)}")
        return kinds[kind]

    def _told(self, action: str, count: int) -> None:
        self._audit.record(self._viewer.principal, action, self._viewer.purpose, count)


def _between(edges: EdgeColumns, wanted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> EdgeColumns:
    kept = np.flatnonzero(wanted[edges.src] & wanted[edges.dst])
    columns = {name: values[kept] for name, values in edges.columns.items()}
    return EdgeColumns(edges.eid[kept], edges.src[kept], edges.dst[kept], columns)
