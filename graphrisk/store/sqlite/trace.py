"""Follow events strictly forward or backward in time."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import numpy as np

from graphrisk.core.errors import BadInput
from graphrisk.store.columns import TRACE
from graphrisk.store.contract import NodeMask, Page, TraceQuery, held
from graphrisk.store.sqlite import shapes
from graphrisk.store.sqlite.rows import table

Hop = tuple[int, int, int, int, int | None]  # at, eid, src, dst, amount


def trace(connection: apsw.Connection, query: TraceQuery, through: NodeMask | None = None) -> Page:
    """Layer after layer: from each node the hops after the earliest that led to it there.

    ``start`` is inside the window and ``until`` outside, in both directions. Cost: one index walk
    of at most ``fan_out`` edges per node and layer.
    """
    walk = _Walk(connection, query, through)
    found: dict[int, tuple[int, Hop]] = {}  # eid -> layer and hop
    frontier = {query.nid: query.start - walk.sign}
    for layer in range(1, query.max_hops + 1):
        new: dict[int, Hop] = {}
        for nid in sorted(frontier):
            for hop in walk.hops(nid, frontier[nid]):
                if hop[1] not in found:
                    new[hop[1]] = hop
        found |= {eid: (layer, hop) for eid, hop in new.items()}
        frontier = walk.reached(new.values())
        if not frontier or len(found) > query.limit:
            break
    rows = sorted((layer, *hop) for layer, hop in found.values())
    listed = [(layer, eid, src, dst, at, amount) for layer, at, eid, src, dst, amount in rows]
    truncated = walk.truncated or len(listed) > query.limit
    kept = listed[: query.limit]
    return Page(table(kept, TRACE), truncated, len(kept))


class _Walk:
    """The statement of one hop, and whether a cap cut anything."""

    def __init__(
        self, connection: apsw.Connection, query: TraceQuery, through: NodeMask | None
    ) -> None:
        kind = shapes.edge_kind(query.edge_kind)
        if kind.time is None:
            raise BadInput(f"{kind.name} has no time to follow")
        self._connection = connection
        self._query = query
        self._through = through
        self.truncated = False
        #: 1 when time runs forward, -1 backward.
        self.sign = 1 if query.direction == "out" else -1
        self._near, self._far = ("src", 3) if self.sign == 1 else ("dst", 2)
        after, until, order = (">", "<", "") if self.sign == 1 else ("<", ">", "DESC")
        amount = "amount" if any(p.name == "amount" for p in kind.properties) else "NULL"
        end = "" if query.until is None else f'AND "{kind.time}" {until} :until '
        self._sql = (
            f'SELECT "{kind.time}", eid, src, dst, {amount} FROM "{kind.name}" '
            f'WHERE {self._near} = :nid AND "{kind.time}" {after} :bound {end}'
            f'ORDER BY "{kind.time}" {order}, eid LIMIT :most'
        )

    def hops(self, nid: int, bound: int) -> list[Hop]:
        """The first ``fan_out`` hops from a node strictly after (before) ``bound``."""
        bindings = {
            "nid": nid,
            "bound": bound,
            "until": self._query.until,
            "most": self._query.fan_out + 1,
        }
        rows: list[Hop] = list(self._connection.execute(self._sql, bindings))
        self.truncated |= len(rows) > self._query.fan_out
        return rows[: self._query.fan_out]

    def reached(self, hops: Iterable[Hop]) -> dict[int, int]:
        """Per node at the far end the earliest (latest) time of the hops that led to it."""
        bounds: dict[int, int] = {}
        for hop in hops:
            nid, at = hop[self._far], hop[0]
            assert nid is not None
            if nid not in bounds or (at - bounds[nid]) * self.sign < 0:
                bounds[nid] = at
        if self._through is None:
            return bounds
        inside = held(self._through, np.fromiter(bounds, np.int64, len(bounds))).tolist()
        return {nid: at for (nid, at), seen in zip(bounds.items(), inside, strict=True) if seen}
