"""Shortest chains, deterministically: breadth-first from both ends, in layers.

Neo4j's own ``shortestPath`` finds some shortest path; the contract wants the smallest. Each layer
is one statement that expands the smaller frontier; its edges are kept, so that the path is read
off them without asking again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from graphrisk.store.contract import NOW, Int64Array, NodeMask, Path, held
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lists import chunks, numbers
from graphrisk.store.neo4j.seen import seen, times
from graphrisk.store.neo4j.shapes import BY_NID, edges


@dataclass(frozen=True, slots=True)
class _Steps:
    """Edges between two layers; arrays of one length."""

    near: Int64Array
    far: Int64Array
    eid: Int64Array
    kind: Int64Array  # place among the edge kinds asked for

    def where(self, chosen: npt.NDArray[np.bool_]) -> _Steps:
        """Those of the edges."""
        return _Steps(self.near[chosen], self.far[chosen], self.eid[chosen], self.kind[chosen])

    def turned(self) -> _Steps:
        """The same edges, seen from the other layer."""
        return _Steps(self.far, self.near, self.eid, self.kind)


@dataclass(slots=True)
class _Side:
    """Search from one end: the last layer, all nodes met, and the steps between layers."""

    layer: Int64Array
    met: Int64Array
    steps: list[_Steps] = field(default_factory=list)


def shortest_path(
    connection: Connection,
    ends: tuple[int, int],
    edge_kinds: Sequence[str],
    max_hops: int,
    through: NodeMask | None = None,
) -> Path | None:
    """The shortest chain with the smallest nids, then eids. Cost: the edges of the layers."""
    source, target = ends
    both = np.array(ends)
    if connection.read(
        f"MATCH (n:Node) {BY_NID} WHERE n.nid IN $nids RETURN count(n) AS n", nids=both.tolist()
    )[0]["n"] < len(np.unique(both)):
        return None
    if source == target:
        return Path((source,), (), ())
    known = times(connection.read, NOW)
    forward, backward = (_Side(both[i : i + 1], both[i : i + 1]) for i in (0, 1))
    for _ in range(max_hops):
        side, other = forward, backward
        if len(backward.layer) < len(forward.layer):
            side, other = backward, forward
        steps = _expand(connection, side.layer, edge_kinds, known)
        if through is not None:
            steps = steps.where(held(through, steps.far))
        side.layer = np.setdiff1d(steps.far, side.met)
        if not len(side.layer):
            return None
        side.met = np.union1d(side.met, side.layer)
        side.steps.append(steps.where(np.isin(steps.far, side.layer)))
        if len(np.intersect1d(side.layer, other.layer)):
            return _smallest(forward, backward, source, edge_kinds)
    return None


def _smallest(forward: _Side, backward: _Side, source: int, edge_kinds: Sequence[str]) -> Path:
    """The smallest chain through the layers: all steps that lead on, then greedily."""
    layers = forward.steps + [steps.turned() for steps in reversed(backward.steps)]
    wanted = backward.layer if not backward.steps else None
    useful: list[_Steps] = []
    for steps in reversed(layers):
        led = steps if wanted is None else steps.where(np.isin(steps.far, wanted))
        useful.append(led)
        wanted = np.unique(led.near)
    nids, eids, kinds = [source], [], []
    for steps in reversed(useful):
        here = steps.where(steps.near == nids[-1])
        best = np.lexsort((here.kind, here.eid, here.far))[0]
        nids.append(int(here.far[best]))
        eids.append(int(here.eid[best]))
        kinds.append(edge_kinds[here.kind[best]])
    return Path(tuple(nids), tuple(eids), tuple(kinds))


def _expand(
    connection: Connection,
    layer: Int64Array,
    edge_kinds: Sequence[str],
    known: Mapping[str, int | None],
) -> _Steps:
    """All edges at the nodes of a layer, whatever their direction."""
    columns: list[list[Int64Array]] = [[], [], [], []]
    for place, kind in enumerate(edge_kinds):
        condition = seen(edges(kind), NOW)
        for part in chunks(len(layer)):
            found = connection.read(
                f"UNWIND $nids AS nid MATCH (n:Node {{nid: nid}})-[f:`{kind}`]-(m) {BY_NID} "
                f"WHERE {condition} RETURN collect(nid) AS near, collect(m.nid) AS far, "
                "collect(f.eid) AS eid",
                nids=layer[part].tolist(),
                **known,
            )[0]
            arrays = [numbers(found[name]) for name in ("near", "far", "eid")]
            arrays.append(np.full(len(arrays[0]), place, np.int64))
            for column, array in zip(columns, arrays, strict=True):
                column.append(array)
    empty = [np.empty(0, np.int64)]
    return _Steps(*(np.concatenate(column or empty) for column in columns))
