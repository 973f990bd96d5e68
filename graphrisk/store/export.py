"""The whole graph as Parquet files, for notebooks and for leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.store.contract import Reader
from graphrisk_schema.model import Property, PropertyType
from graphrisk_schema.reader import load_schema

_PAGE_ROWS = 50_000
#: Identity numbers never leave the store, not even encrypted.
_KEPT_INSIDE = frozenset({PropertyType.TOKEN, PropertyType.CIPHER})


def export_parquet(
    reader: Reader, out: Path, progress: Callable[[str, int, int], None]
) -> dict[str, int]:
    """Write ``nodes/KIND.parquet`` (merged, as of now) and ``edges/KIND.parquet`` (all versions).

    Returns rows per file. Memory: one page of 50,000 rows, or one batch of the store. A file is
    complete or absent: it is renamed into place at its end.
    """
    vocabulary = load_schema()
    upto = reader.version()
    rows: dict[str, int] = {}
    total = len(vocabulary.nodes) + len(vocabulary.edges)
    for kind, node in vocabulary.nodes.items():
        file = f"nodes/{kind}.parquet"
        rows[file] = _write(out / file, _node_pages(reader, kind), _hidden(node.properties))
        progress("export", len(rows), total)
    for kind, edge in vocabulary.edges.items():
        file = f"edges/{kind}.parquet"
        batches = (pa.Table.from_batches([b]) for b in reader.export_edges(kind, 0, upto))
        rows[file] = _write(out / file, batches, _hidden(edge.properties))
        progress("export", len(rows), total)
    return rows


def _node_pages(reader: Reader, kind: str) -> Iterator[pa.Table]:
    after = -1
    while (page := reader.scan_nodes(kind, after, _PAGE_ROWS)).num_rows:
        yield page
        after = int(page["nid"][-1].as_py())


def _hidden(properties: tuple[Property, ...]) -> list[str]:
    return [p.name for p in properties if p.type in _KEPT_INSIDE]


def _write(file: Path, tables: Iterator[pa.Table], hidden: list[str]) -> int:
    """Stream ``tables`` into ``file``; no rows, no file. Returns the number of rows."""
    partial = file.with_suffix(".partial")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    rows = 0
    writer: pq.ParquetWriter | None = None
    for table in tables:
        visible = table.drop_columns(hidden)
        writer = writer or pq.ParquetWriter(partial, visible.schema)
        writer.write_table(visible)
        rows += table.num_rows
    if writer is not None:
        writer.close()
        partial.rename(file)
    return rows
