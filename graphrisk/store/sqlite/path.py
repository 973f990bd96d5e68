"""A shortest chain between two nodes, ignoring direction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import apsw
import numpy as np

from graphrisk.store.contract import NOW, Int64Array, NodeMask, Path, held
from graphrisk.store.sqlite import shapes
from graphrisk.store.sqlite.rows import array, numbers
from graphrisk_schema.reader import load_schema


def shortest_path(graph: Graph, source: int, target: int, max_hops: int) -> Path | None:
    """Breadth-first from both ends, one statement a kind and layer, the smaller layer first.

    Cost: linear in the edges of the nodes within half the distance of either end.
    """
    if source == target:
        return Path((source,), (), ()) if graph.exists(source) else None
    ahead, back = [np.array([source])], [np.array([target])]
    while len(ahead) + len(back) - 2 < max_hops:
        side = ahead if len(ahead[-1]) <= len(back[-1]) else back
        side.append(graph.layer_after(side))
        if not len(side[-1]):
            return None
        if len(np.intersect1d(ahead[-1], back[-1])):
            return graph.smallest(_layers_between(graph, ahead, back))
    return None


def _layers_between(
    graph: Graph, ahead: list[Int64Array], back: list[Int64Array]
) -> list[Int64Array]:
    """Per distance from the source the nodes from which the target is near enough."""
    layers = [np.intersect1d(ahead[-1], back[-1])]
    for layer in reversed(ahead[:-1]):
        layers.insert(0, np.intersect1d(layer, graph.around(layers[0])))
    return layers + back[-2::-1]


class Graph:
    """The edges of some kinds that are seen now, without direction, through some nodes or all."""

    def __init__(
        self,
        connection: apsw.Connection,
        kinds: Sequence[str],
        latest: int,
        through: NodeMask | None = None,
    ) -> None:
        self._connection = connection
        self._kinds = sorted(set(kinds))
        self._facts = [shapes.edges(kind) for kind in self._kinds]
        self._moment = shapes.moment(NOW, latest)
        self._through = through

    def exists(self, nid: int) -> bool:
        """Whether there is such a node."""
        return any(
            self._connection.execute(f'SELECT 1 FROM "{kind}" WHERE nid = ?', (nid,)).get
            for kind in load_schema().nodes
        )

    def around(self, nids: Int64Array) -> Int64Array:
        """The nodes next to any of ``nids``, ascending."""
        parts = [np.empty(0, np.int64)]
        for facts in self._facts:
            for near, far in (("src", "dst"), ("dst", "src")):
                rows = self._connection.execute(
                    f"SELECT DISTINCT f.{far} FROM carray(:nids) CROSS JOIN {facts.table} f "
                    f"ON f.{near} = value WHERE {facts.seen(NOW)}",
                    {"nids": array(nids), **self._moment},
                )
                parts.append(numbers(rows)[:, 0])
        found = np.unique(np.concatenate(parts))
        return found if self._through is None else found[held(self._through, found)]

    def layer_after(self, layers: Sequence[Int64Array]) -> Int64Array:
        """The nodes one step from the last layer that are in none before."""
        found = np.setdiff1d(self.around(layers[-1]), layers[-1], assume_unique=True)
        if len(layers) > 1:
            found = np.setdiff1d(found, layers[-2], assume_unique=True)
        return found

    def smallest(self, layers: Sequence[Int64Array]) -> Path:
        """Through one node of each layer: smallest nids first, then smallest eids."""
        nids = [int(layers[0][0])]
        for layer in layers[1:]:
            steps = np.intersect1d(self.around(np.array(nids[-1:])), layer)
            nids.append(int(steps[0]))
        edges = [self._edge(a, b) for a, b in pairwise(nids)]
        return Path(tuple(nids), tuple(eid for eid, _ in edges), tuple(kind for _, kind in edges))

    def _edge(self, a: int, b: int) -> tuple[int, str]:
        """The edge with the smallest eid between two nodes."""
        found: list[tuple[int, str]] = []
        for kind, facts in zip(self._kinds, self._facts, strict=True):
            for src, dst in ((a, b), (b, a)):
                eid = self._connection.execute(
                    f"SELECT min(eid) FROM {facts.table} "
                    f"WHERE src = :src AND dst = :dst AND {facts.seen(NOW)}",
                    {"src": src, "dst": dst, **self._moment},
                ).get
                if eid is not None:
                    found.append((eid, kind))
        return min(found)
