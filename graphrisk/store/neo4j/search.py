"""Find nodes by words and fragments, through the full-text index of their terms."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.store.columns import SEARCH
from graphrisk.store.contract import Page
from graphrisk.store.neo4j.connection import Connection


def search(connection: Connection, text: str, kinds: Sequence[str], limit: int) -> Page:
    """Nodes that have all terms of ``text``, in (kind, nid) order."""
    return Page(SEARCH.empty_table(), False, 0)
