"""CSR views kept beside the columns, so that processes share them without building them again.

A view is named by all it depends on; a file of that name is right for ever. At 10M edges building
one costs under two seconds, less than patching one costs in code, so there are no deltas here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphrisk.core.files import private_folder
from graphrisk.store.snapshot.files import map_columns, write_columns
from graphrisk.store.snapshot.manifest import exclusive
from graphrisk_algorithms.graph import EdgeColumns
from graphrisk_algorithms.kernels.csr import Csr, build_csr

_FOLDER = "views"


@dataclass(frozen=True, slots=True)
class View:
    """What a CSR view depends on."""

    edge_kind: str
    symmetric: bool
    weight: str | None  # numeric property; None: every edge weighs 1
    n: int
    content: int  # watermark of the last change to the kind, or to who is who
    latest: int  # the store's latest known time for states, else 0

    @property
    def stem(self) -> str:
        """Start of the names of all versions of this view."""
        shape = "both" if self.symmetric else "out"
        return f"{self.edge_kind}.{shape}.{self.weight or 'one'}."

    @property
    def name(self) -> str:
        """Start of the names of this version's files."""
        return f"{self.stem}{self.content}.{self.latest}.{self.n}"


def mapped(folder: Path, view: View, edges: Callable[[], EdgeColumns]) -> Csr:
    """The view from its files, made first when there are none; older versions are removed."""
    place = folder / _FOLDER
    entries, starts = place / f"{view.name}.entries", place / f"{view.name}.starts"
    found = _read(starts, entries)
    if found is not None:
        return found
    private_folder(place)
    with exclusive(place):
        found = _read(starts, entries)  # another process may have made it meanwhile
        if found is not None:
            return found
        columns = edges()
        weights = None if view.weight is None else columns.columns[view.weight].astype(np.float64)
        csr = build_csr(view.n, columns.src, columns.dst, weights, symmetric=view.symmetric)
        for path in place.glob(f"{view.stem}*"):
            path.unlink()
        named = {"neighbour": csr.indices, "weight": csr.weights, "position": csr.positions}
        _put(entries, pa.table(named))
        _put(starts, pa.table({"start": csr.indptr}))
        return csr


def _put(path: Path, table: pa.Table) -> None:
    """Write beside and rename, so that nobody maps half a file."""
    temporary = path.with_name(f"{path.name}.new")
    write_columns(temporary, table, one_batch=True)
    temporary.replace(path)


def _read(starts: Path, entries: Path) -> Csr | None:
    """The view from its files; ``None`` when they are not there, or not whole."""
    try:
        table, rows = map_columns(entries), map_columns(starts)
    except (FileNotFoundError, pa.ArrowInvalid):
        return None
    return Csr(
        indptr=rows.column("start").to_numpy(),
        indices=table.column("neighbour").to_numpy(),
        weights=table.column("weight").to_numpy(),
        positions=table.column("position").to_numpy(),
    )
