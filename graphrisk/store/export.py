"""The whole graph as Parquet files, for notebooks and for leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.access.masking import mask
from graphrisk.store.contract import Reader
from graphrisk_schema.model import Property, PropertyType, Sensitivity
from graphrisk_schema.reader import load_schema

_PAGE_ROWS = 50_000
#: Identity numbers never leave the store, not even encrypted.
_KEPT_INSIDE = frozenset({PropertyType.TOKEN, PropertyType.CIPHER})


def export_parquet(
    reader: Reader,
    out: Path,
    sees: Callable[[Sensitivity], bool],
    progress: Callable[[str, int, int], None],
) -> dict[str, int]:
    """Write ``nodes/KIND.parquet`` (merged, as of now) and ``edges/KIND.parquet`` (all versions).

    What the reader may not see (``sees`` tells by class) is masked: texts are shortened, other
    values null. Returns rows per file. Memory: one page of 50,000 rows, or one batch of the store.
    A file is complete or absent, renamed into place at its end, and for its owner alone.
    """
    vocabulary = load_schema()
    upto = reader.version()
    rows: dict[str, int] = {}
    total = len(vocabulary.nodes) + len(vocabulary.edges)
    for kind, node in vocabulary.nodes.items():
        file = f"nodes/{kind}.parquet"
        classes = {"key": node.key_sensitivity, **_classes(node.properties)}
        pages = (_seen(page, classes, sees) for page in _node_pages(reader, kind))
        rows[file] = _write(out / file, pages, _hidden(node.properties))
        progress("export", len(rows), total)
    for kind, edge in vocabulary.edges.items():
        file = f"edges/{kind}.parquet"
        batches = (pa.Table.from_batches([b]) for b in reader.export_edges(kind, 0, upto))
        pages = (_seen(batch, _classes(edge.properties), sees) for batch in batches)
        rows[file] = _write(out / file, pages, _hidden(edge.properties))
        progress("export", len(rows), total)
    return rows


def _node_pages(reader: Reader, kind: str) -> Iterator[pa.Table]:
    after = -1
    while (page := reader.scan_nodes(kind, after, _PAGE_ROWS)).num_rows:
        yield page
        after = int(page["nid"][-1].as_py())


def _classes(properties: tuple[Property, ...]) -> dict[str, Sensitivity]:
    return {one.name: one.sensitivity for one in properties}


def _seen(
    table: pa.Table, classes: Mapping[str, Sensitivity], sees: Callable[[Sensitivity], bool]
) -> pa.Table:
    """The table with the columns masked whose class the reader does not see."""
    for place, field in enumerate(table.schema):
        if field.name in classes and not sees(classes[field.name]):
            values = table[field.name].to_pylist()
            told = [mask(value) if isinstance(value, str) else None for value in values]
            table = table.set_column(place, field, pa.array(told, field.type))
    return table


def _hidden(properties: tuple[Property, ...]) -> list[str]:
    return [p.name for p in properties if p.type in _KEPT_INSIDE]


def _write(file: Path, tables: Iterator[pa.Table], hidden: list[str]) -> int:
    """Stream ``tables`` into ``file``; no rows, no file. Returns the number of rows."""
    partial = file.with_suffix(".partial")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    partial.unlink(missing_ok=True)
    partial.touch(0o600)
    rows = 0
    writer: pq.ParquetWriter | None = None
    for table in tables:
        visible = table.drop_columns(hidden)
        writer = writer or pq.ParquetWriter(partial, visible.schema)
        writer.write_table(visible)
        rows += table.num_rows
    if writer is None:
        partial.unlink()
        return 0
    writer.close()
    partial.rename(file)
    return rows
