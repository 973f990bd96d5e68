"""What a reader of the graph sees after a load, by keys instead of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from graphrisk.store.contract import NOW, AsOf, NeighbourQuery
from tests.ingest.factory import Desk
from tests.ingest.sources.samples import Sample

_SHANGHAI = timezone(timedelta(hours=8))


def deliver(desk: Desk, samples: Mapping[str, Sample]) -> None:
    """Load all of the samples."""
    for sample in samples.values():
        sample.deliver(desk)
    desk.load()


def local(text: str) -> int:
    """Epoch milliseconds of a Shanghai time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=_SHANGHAI).timestamp() * 1000)


def ends(desk: Desk, kind: str, key: str, edge_kind: str, as_of: AsOf = NOW) -> set[str]:
    """Keys of the nodes that the node's edges lead to."""
    (nid,) = desk.reader.lookup(kind, [key]).tolist()
    page = desk.reader.neighbours(NeighbourQuery(nid, edge_kind, "out"), as_of)
    tables = desk.reader.get_nodes(np.asarray(page.rows.column("dst"))).values()
    return {str(found) for one in tables for found in one.column("key").to_pylist()}


def ties(desk: Desk, kind: str, key: str, edge_kind: str) -> list[dict[str, Any]]:
    """The edges of a kind that begin at the node, as rows."""
    (nid,) = desk.reader.lookup(kind, [key]).tolist()
    rows = desk.reader.neighbours(NeighbourQuery(nid, edge_kind, "out")).rows
    return [dict(row) for row in rows.to_pylist()]


def told(desk: Desk, kind: str, key: str) -> dict[str, object]:
    """The properties of a node that are known."""
    node = desk.node(kind, key)
    assert node is not None, (kind, key)
    return {name: value for name, value in node.items() if value is not None}
