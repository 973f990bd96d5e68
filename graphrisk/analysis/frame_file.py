"""A run's frame as two immutable files beside the scores: rows of nodes, and pairs.

Arrow IPC. Each names the run that wrote it, so that files of two runs are never taken together.
They are derived: a run that finds none, or none that it can use, begins afresh.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from graphrisk.analysis.frame import METHOD, Frame
from graphrisk.analysis.model import Run
from graphrisk.core.files import private_folder
from graphrisk.store.contract import History, Int64Array
from graphrisk_algorithms.communities.consensus import Communities
from graphrisk_algorithms.graph import Numbers
from graphrisk_algorithms.kernels.csr import Csr

NODES = "communities.arrow"
PAIRS = "pairs.arrow"
_CELLS = "run_"  # columns of each run's cells
_RUN, _METHOD, _DRIFT = b"run", b"method", b"drift"


def keep(folder: Path, run: Run, frame: Frame) -> None:
    """Write the frame of a run: a row a node in nid order, and a row a pair.

    ``communities.arrow`` has the community's id (null: tied to nobody), its ``stability`` and
    ``surprise``, the ``component`` (its smallest nid), ``ties`` and each run's cell (``run_0`` …).
    """
    drift = orjson.dumps(frame.drift)
    metadata = {_RUN: orjson.dumps(asdict(run)), _METHOD: _method(), _DRIFT: drift}
    found = frame.found
    names = pa.array([name or None for name in frame.ids], pa.string())
    cells = [pa.DictionaryArray.from_arrays(found.labels.astype(np.int32), names)]
    nodes = pa.table({"community": pa.chunked_array(cells)})
    numbers: dict[str, Numbers] = {
        "stability": found.stability[found.labels],
        "surprise": found.surprise[found.labels],
        "component": frame.component,
        "ties": frame.ties,
        **{f"{_CELLS}{number}": labels for number, labels in enumerate(found.runs)},
    }
    for name, column in numbers.items():
        nodes = nodes.append_column(name, pa.array(column))
    private_folder(folder)
    _write(folder / NODES, nodes.replace_schema_metadata(metadata))
    pairs = frame.pairs
    rows = np.repeat(np.arange(pairs.n, dtype=np.int32), np.diff(pairs.indptr))
    table = pa.table({"src": rows, "dst": pairs.indices, "events": pairs.weights})
    _write(folder / PAIRS, table.replace_schema_metadata(metadata))


def kept(folder: Path, graph: History) -> Frame | None:
    """The frame that the last run left, if it saw an earlier state of this graph; else ``None``."""
    try:
        nodes, pairs = (_read(folder / name) for name in (NODES, PAIRS))
        said = nodes.schema.metadata
        if said != pairs.schema.metadata or said[_METHOD] != _method():
            return None
        run = Run(**orjson.loads(said[_RUN]))
        if not graph.passed(run.store_id, run.snapshot_version, run.snapshot_stamp):
            return None
        return _frame(nodes, pairs, float(orjson.loads(said[_DRIFT])))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None


def _method() -> bytes:
    """What the frame was made by: files of another release's method are no start."""
    return orjson.dumps(asdict(METHOD))


def _write(file: Path, table: pa.Table) -> None:
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    with partial.open("wb") as out:
        partial.chmod(0o600)
        with pa.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)


def _read(file: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(file))).read_all()


def _frame(nodes: pa.Table, pairs: pa.Table, drift: float) -> Frame:
    (cells,) = nodes["community"].chunks
    if not isinstance(cells, pa.DictionaryArray):
        raise TypeError("communities are no dictionary")
    labels = cells.indices.to_numpy().astype(np.int64)
    first = np.unique(labels, return_index=True)[1]
    runs = [name for name in nodes.column_names if name.startswith(_CELLS)]
    found = Communities(
        labels=labels,
        sizes=np.bincount(labels),
        stability=nodes["stability"].to_numpy()[first],
        surprise=nodes["surprise"].to_numpy()[first],
        runs=tuple(_numbers(nodes, name) for name in runs),
    )
    starts = np.zeros(len(labels) + 1, np.int64)
    np.cumsum(np.bincount(pairs["src"].to_numpy(), minlength=len(labels)), out=starts[1:])
    return Frame(
        pairs=Csr(
            starts,
            np.array(pairs["dst"].to_numpy()),  # for mapped columns a kernel is compiled anew
            np.array(pairs["events"].to_numpy()),
            np.empty(0, np.int32),
        ),
        component=_numbers(nodes, "component"),
        ties=_numbers(nodes, "ties"),
        found=found,
        ids=tuple(name or "" for name in cells.dictionary.to_pylist()),
        drift=drift,
    )


def _numbers(table: pa.Table, name: str) -> Int64Array:
    return table[name].to_numpy().astype(np.int64)
