"""Follow events strictly forward or backward in time, layer by layer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.core.errors import BadInput
from graphrisk.store.columns import TRACE
from graphrisk.store.contract import NodeMask, Page, TraceQuery, held
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lists import Collected, batch, chunks, collect
from graphrisk.store.neo4j.shapes import BY_NID, edge_kind


def trace(connection: Connection, query: TraceQuery, through: NodeMask | None = None) -> Page:
    """Layers of events from an account on: from each node those after the earliest that led there.

    ``start`` is inside the window and ``until`` outside, in both directions. Cost: one statement a
    layer, which reads all events at its nodes.
    """
    layer = {query.nid: query.start - _forward(query)}
    found = TRACE.empty_table()
    truncated = False
    for number in range(1, query.max_hops + 1):
        events, capped = _events(connection, query, layer)
        truncated |= capped
        events = events.filter(~np.isin(events["eid"].to_numpy(), found["eid"].to_numpy()))
        numbers = pa.array(np.full(events.num_rows, number, np.int64))
        found = pa.concat_tables([found, events.set_column(0, "layer", numbers)])
        layer = _arrivals(query, events, through)
        if not layer or found.num_rows > query.limit:
            break
    truncated |= found.num_rows > query.limit
    rows = found.slice(0, query.limit)
    return Page(rows, truncated, rows.num_rows)


def _forward(query: TraceQuery) -> int:
    return 1 if query.direction == "out" else -1


def _arrivals(query: TraceQuery, events: pa.Table, through: NodeMask | None) -> dict[int, int]:
    """Per node at the far end the earliest (``in``: latest) of the events that led to it."""
    sign = _forward(query)
    far = "dst" if sign > 0 else "src"
    if through is not None:
        events = events.filter(held(through, events[far].to_numpy()))
    ends = events[far].to_numpy()
    layer: dict[int, int] = {}
    for nid, at in zip(ends.tolist(), events["at"].to_numpy().tolist(), strict=True):
        if nid not in layer or sign * at < sign * layer[nid]:
            layer[nid] = at
    return layer


def _events(
    connection: Connection, query: TraceQuery, layer: dict[int, int]
) -> tuple[pa.Table, bool]:
    """Events that lead on from the nodes of a layer, in (at, eid) order; were any capped?"""
    kind = edge_kind(query.edge_kind)
    if kind.time is None:
        raise BadInput(f"{query.edge_kind} has no time to trace")
    at, amount = f"f.`{kind.time}`", "f.`amount`"
    out = query.direction == "out"
    step = f"(n)-[f:`{query.edge_kind}`]->(m)" if out else f"(n)<-[f:`{query.edge_kind}`]-(m)"
    after, until, order = (">", "<", "") if out else ("<", ">", " DESC")
    bound = f" AND {at} {until} $until" if query.until is not None else ""
    ends = ("n.nid", "m.nid") if out else ("m.nid", "n.nid")
    values = ("0", "f.eid", *ends, at, amount)
    wanted = [
        Collected(field, value, field.name == "amount")
        for field, value in zip(TRACE, values, strict=True)
    ]
    nodes = sorted(layer)
    parts, capped = [], False
    for part in chunks(len(nodes)):
        record = connection.read(
            f"UNWIND range(0, size($nids) - 1) AS i MATCH (n:Node {{nid: $nids[i]}}) {BY_NID} "
            f"CALL {{ WITH n, i MATCH {step} WHERE {at} {after} $times[i]{bound} "
            f"WITH f, m ORDER BY {at}{order}, f.eid LIMIT $cap + 1 RETURN collect(f) AS fs }} "
            "WITH n, fs[..$cap] AS fs, size(fs) > $cap AS capped "
            "UNWIND fs AS f WITH n, f, capped, "
            f"{'endNode' if out else 'startNode'}(f) AS m "
            f"RETURN {collect(wanted)}, max(capped) AS capped",
            nids=nodes[part],
            times=[layer[nid] for nid in nodes[part]],
            until=query.until,
            cap=query.fan_out,
        )[0]
        parts.append(batch(record, wanted))
        capped |= bool(record["capped"])
    table = pa.Table.from_batches(parts, TRACE)
    return table.sort_by([("at", "ascending"), ("eid", "ascending")]), capped
