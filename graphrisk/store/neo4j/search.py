"""Find nodes by words and fragments, through the full-text index of their terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from graphrisk.store.columns import SEARCH
from graphrisk.store.contract import AsOf, Int64Array, Page
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.lists import parameter, table
from graphrisk.store.neo4j.node_reads import described, keys_table
from graphrisk.store.neo4j.shapes import BY_NID, node_kind
from graphrisk.store.neo4j.transaction import Transaction
from graphrisk.store.search import query_terms, terms


def search(connection: Connection, text: str, kinds: Sequence[str], limit: int) -> Page:
    """Nodes that have all terms of ``text``, in (kind, nid) order. Cost: the nodes that match."""
    asked = query_terms(text)
    if not asked or not kinds:
        return Page(SEARCH.empty_table(), False, 0)
    # A term is letters and digits: quoted, nothing in it is syntax of the index.
    found = connection.read(
        "CALL db.index.fulltext.queryNodes('node_terms', $query) YIELD node AS n "
        "WITH n, [kind IN labels(n) WHERE kind IN $kinds | kind] AS kind WHERE size(kind) > 0 "
        "WITH kind[0] AS kind, n.nid AS nid, n.key AS key ORDER BY kind, nid "
        "WITH collect([nid, kind, key]) AS rows RETURN size(rows) AS total, rows[..$limit] AS rows",
        query=" AND ".join(f'"{term}"' for term in asked),
        kinds=[node_kind(kind).name for kind in kinds],
        limit=limit,
    )[0]
    return Page(table(found["rows"], SEARCH), found["total"] > limit, found["total"])


def index_terms(tx: Transaction, kind: str, nids: Int64Array) -> None:
    """Renew the terms of nodes whose assertions changed, from their keys and what is told now."""
    searched = [p.name for p in node_kind(kind).properties if p.search]
    if not searched:
        return
    searched += ["key"] if node_kind(kind).key_search else []
    for found in tx.each(
        f"MATCH (n:Node {{nid: $nid[i]}}) {BY_NID} "
        "RETURN collect(n.nid) AS nid, collect(n.key) AS key",
        {"nid": np.unique(nids)},
    ):
        nodes = keys_table(kind, found["nid"], found["key"])
        nodes = described(tx.run, kind, nodes, AsOf(valid_at=tx.latest))
        told = zip(*(parameter(nodes[name]) for name in searched), strict=True)
        texts = [joined_terms(str(text) for text in texts if text is not None) for texts in told]
        tx.run(
            f"UNWIND range(0, size($nid) - 1) AS i MATCH (n:Node {{nid: $nid[i]}}) {BY_NID} "
            "SET n.terms = $terms[i]",
            nid=parameter(nodes["nid"]),
            terms=texts,
        )


def joined_terms(texts: Iterable[str]) -> str:
    """The terms of all texts, as the property that the index reads."""
    return " ".join(sorted({term for text in texts for term in terms(text)}))
