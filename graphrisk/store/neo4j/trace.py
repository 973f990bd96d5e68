"""Follow events strictly forward or backward in time."""

from __future__ import annotations

from graphrisk.store.columns import TRACE
from graphrisk.store.contract import Page, TraceQuery
from graphrisk.store.neo4j.connection import Connection


def trace(connection: Connection, query: TraceQuery) -> Page:
    """Layers."""
    return Page(TRACE.empty_table(), False, 0)
