"""The full-text index of nodes: which terms each has, kept in step with the facts."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.columns import SEARCH, TEXT
from graphrisk.store.contract import NOW, Int64Array, Page
from graphrisk.store.search import query_terms, terms
from graphrisk.store.sqlite import nodes
from graphrisk.store.sqlite.rows import table
from graphrisk.store.sqlite.shapes import is_searchable, node_kind
from graphrisk.store.sqlite.transaction import Transaction


def index_new(tx: Transaction, kind: str, nids: Int64Array, keys: Sequence[str]) -> None:
    """Index nodes that were just mentioned, by their keys."""
    if node_kind(kind).key_search:
        tx.connection.executemany(
            f'INSERT INTO "{kind}_term" (rowid, terms) VALUES (?, ?)',
            ((nid, " ".join(terms(key))) for nid, key in zip(nids.tolist(), keys, strict=True)),
        )


def index_again(tx: Transaction, kind: str, nids: Int64Array) -> None:
    """Index nodes whose assertions changed, by their keys and what is told of them now."""
    if not _told(kind) or not len(nids):
        return
    rows = nodes.described(tx.connection, kind, np.unique(nids), NOW, tx.latest)
    tx.connection.executemany(
        f'INSERT OR REPLACE INTO "{kind}_term" (rowid, terms) VALUES (?, ?)',
        zip(rows.column("nid").to_pylist(), _joined(kind, rows), strict=True),
    )


def of_nodes(
    connection: apsw.Connection, kind: str, keys: pa.RecordBatch, latest: int
) -> pa.Array[pa.Scalar[pa.DataType]]:
    """The terms of nodes (``nid, key``, in nid order); null where the kind is not searched."""
    if not is_searchable(node_kind(kind)):
        return pa.array([None] * keys.num_rows, TEXT)
    rows = pa.Table.from_batches([keys])
    if _told(kind):
        rows = nodes.described(connection, kind, keys.column("nid").to_numpy(), NOW, latest)
    return pa.array(_joined(kind, rows), TEXT)


def _told(kind: str) -> list[str]:
    """The properties by which nodes of the kind are found."""
    return [p.name for p in node_kind(kind).properties if p.search]


def _joined(kind: str, rows: pa.Table) -> list[str]:
    """The terms of each row, from its key where that is searched and from its properties."""
    searched = _told(kind) + (["key"] if node_kind(kind).key_search else [])
    columns = [rows.column(name).to_pylist() for name in searched]
    texts = (" ".join(text for text in row if text) for row in zip(*columns, strict=True))
    return [" ".join(terms(text)) for text in texts]


def forget(tx: Transaction, kind: str, nids: Int64Array) -> None:
    """Drop nodes from the index."""
    if is_searchable(node_kind(kind)):
        tx.connection.executemany(
            f'DELETE FROM "{kind}_term" WHERE rowid = ?', ((nid,) for nid in nids.tolist())
        )


def search(connection: apsw.Connection, text: str, kinds: Sequence[str], limit: int) -> Page:
    """Nodes that have all terms of ``text``, in (kind, nid) order."""
    wanted = query_terms(text)
    pages: list[pa.Table] = []
    total, room = 0, limit
    for kind in sorted(set(kinds)):
        if not wanted or not is_searchable(node_kind(kind)):
            continue
        match = " AND ".join(f'"{term}"' for term in wanted)
        count = connection.execute(
            f'SELECT count(*) FROM "{kind}_term" WHERE "{kind}_term" MATCH ?', (match,)
        ).get
        rows = connection.execute(
            f"SELECT nid, '{kind}', key FROM \"{kind}\" WHERE nid IN (SELECT rowid FROM "
            f'"{kind}_term" WHERE "{kind}_term" MATCH ? ORDER BY rowid LIMIT ?) ORDER BY nid',
            (match, room),
        ).fetchall()
        pages.append(table(rows, SEARCH))
        total += count
        room -= len(rows)
    found = pa.concat_tables([SEARCH.empty_table(), *pages])
    return Page(found, total > found.num_rows, total)
