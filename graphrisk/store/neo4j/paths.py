"""Shortest chains."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.store.contract import Path
from graphrisk.store.neo4j.connection import Connection


def shortest_path(
    connection: Connection, source: int, target: int, edge_kinds: Sequence[str], max_hops: int
) -> Path | None:
    """Shortest."""
    return None
