"""Write and map the snapshot's Arrow files; a file once written is never changed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

from graphrisk.store.contract import Int64Array
from graphrisk.store.snapshot.layer import Layer
from graphrisk.store.snapshot.manifest import Files
from graphrisk.store.snapshot.shapes import Part, part_schema

SUFFIX = ".arrow"
_BATCH_ROWS = 1 << 20


def write_columns(path: Path, table: pa.Table, *, one_batch: bool) -> None:
    """Write ``table`` durably. ``one_batch`` lets every column be mapped as one array."""
    whole = table.combine_chunks()
    rows = max(whole.num_rows, 1) if one_batch else _BATCH_ROWS
    with path.open("wb") as file:
        with ipc.new_file(file, whole.schema) as writer:
            writer.write_table(whole, max_chunksize=rows)
        file.flush()
        os.fsync(file.fileno())


def map_columns(path: Path) -> pa.Table:
    """The table of a file, memory-mapped: nothing is read until it is looked at."""
    with pa.memory_map(str(path)) as source:
        return ipc.open_file(source).read_all()


def write_layer(
    folder: Path, old: Layer, new: Layer, files: Files, stamp: tuple[int, int]
) -> Files:
    """Write what differs between ``old`` (lying in ``files``) and ``new``; names of the result.

    ``stamp`` is (generation, watermark) of the commit under way.
    """
    generation, watermark = stamp
    if new is old:
        return files
    stem = f"{new.part.name}.{generation}"
    base, delta, dead = files.base, None, None
    if new.base is not old.base:
        base = f"{stem}.base{SUFFIX}" if new.base.num_rows else None
    if base is not None and new.base is not old.base:
        write_columns(folder / base, _canonical(new.base), one_batch=True)
    if new.delta.num_rows:
        delta = f"{stem}.delta{SUFFIX}"
        write_columns(folder / delta, new.delta, one_batch=True)
    if len(new.dead):
        dead = f"{stem}.dead{SUFFIX}"
        write_columns(folder / dead, pa.table({"position": new.dead}), one_batch=True)
    return Files(base, delta, dead, watermark)


def _canonical(table: pa.Table) -> pa.Table:
    """The same rows in freshly laid out buffers, so that equal rows give equal bytes."""
    nullable = any(field.nullable for field in table.schema)
    return table.take(np.arange(table.num_rows)) if nullable else table


def map_layer(folder: Path, part: Part, files: Files) -> Layer:
    """The layer that lies in ``files``."""
    schema = part_schema(part)
    base, delta = (
        schema.empty_table() if name is None else map_columns(folder / name)
        for name in (files.base, files.delta)
    )
    dead: Int64Array = np.empty(0, np.int64)
    if files.dead is not None:
        dead = map_columns(folder / files.dead).column("position").to_numpy()
    return Layer(part, base, delta, dead)


def sweep(folder: Path, wanted: set[str]) -> None:
    """Remove the snapshot's files that are not ``wanted``: of older versions, or left by a kill.

    Processes that have them mapped keep them until they let go.
    """
    for path in folder.glob(f"*{SUFFIX}"):
        if path.name not in wanted:
            path.unlink(missing_ok=True)
