"""Small worlds and streams of events, and what the engine needs of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from tests.analysis.rules.reference import Event, World


def facts_of(world: World) -> GraphFacts:
    n = max(world.kinds) + 1
    scores = np.array([world.scores.get(nid, 0.0) for nid in range(n)])
    return GraphFacts(graph_of(world), scores)


def graph_of(world: World) -> RiskGraph:
    nodes = {}
    for kind in sorted(set(world.kinds.values())):
        nids = sorted(nid for nid, one in world.kinds.items() if one == kind)
        columns = {"nid": pa.array(nids), "key": pa.array([world.keys[nid] for nid in nids])}
        if kind == "Phone":
            listed = ["police" if nid in world.flagged else None for nid in nids]
            columns["scam_category"] = pa.array(listed, pa.string())
        nodes[kind] = pa.table(columns)
    edges = {}
    for kind in sorted({edge.kind for edge in world.edges}):
        ours = world.of_kind(kind)
        time = {"CALLED": "first", "TRANSFERRED": "at"}.get(kind)
        edges[kind] = EdgeColumns(
            eid=np.arange(len(ours)),
            src=np.array([edge.src for edge in ours]),
            dst=np.array([edge.dst for edge in ours]),
            columns={} if time is None else {time: np.array([edge.at for edge in ours])},
        )
    return RiskGraph(n=max(world.kinds) + 1, nodes=nodes, edges=edges)


def batch_of(events: Sequence[Event]) -> EventBatch:
    kinds = event_kinds()
    numbers = {name for kind in kinds.values() for name in kind.numbers}
    texts = {name for kind in kinds.values() for name in kind.texts}
    return EventBatch(
        kind=np.array([kinds[event.kind].place for event in events], np.int8),
        key=np.arange(len(events)),
        at=np.array([event.at for event in events], np.int64),
        src=np.array([event.src for event in events], np.int64),
        dst=np.array([event.dst for event in events], np.int64),
        eid=np.full(len(events), -1),
        numbers={
            name: np.array([event.numbers.get(name, 0.0) for event in events]) for name in numbers
        },
        texts={name: [event.texts.get(name, "") for event in events] for name in texts},
    )
