"""Which grid cell owns each position in the graph, as facts of the loader's own.

No source says it: it follows from positions and boundaries, and changes when either does. So it is
found anew after a load that changed one of them, and what no longer holds is closed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.core.geo import GridIndex
from graphrisk.ingest.hashing import fingerprints
from graphrisk.store.contract import BatchInfo, DeliveryMode, Int64Array, Reader, Writer
from graphrisk_loaders.boundaries import read_boundary
from graphrisk_schema.reader import load_schema

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
EDGE, CELL = "LOCATED_IN", "GridCell"
#: The source of these facts in provenance.
SOURCE = "grid"
#: Under this name the store keeps the version that was placed.
_PLACED = "placed up to"
_PAGE = 20_000


class Placing:
    """Brings ``LOCATED_IN`` up to date with positions and boundaries."""

    def __init__(self, reader: Reader, writer: Writer, known_at: int) -> None:
        self._reader = reader
        self._writer = writer
        self._known_at = known_at

    def run(self) -> None:
        """Place everything that has a position, unless nothing changed since the last time.

        A kill in between is mended by the next load. Cost: when something changed, one scan of the
        placed kinds and a microsecond a position.
        """
        version = self._reader.version()
        if not self._is_due(version):
            return
        cells, index = self._cells()
        nodes, owners = self._placed(index)
        found = pa.table({"src": nodes[owners >= 0], "dst": cells[owners[owners >= 0]]})
        content = hashlib.sha256(b"".join(column.to_numpy().tobytes() for column in found.columns))
        info = BatchInfo(SOURCE, content.hexdigest(), SOURCE, DeliveryMode.FULL, self._known_at)
        akeys = [np.empty(0, np.int64)]
        for start in range(0, len(found), _PAGE):
            part = _facts(found.slice(start, _PAGE))
            akeys.append(part["akey"].to_numpy())
            self._writer.upsert_edges(EDGE, part, info)
            self._writer.commit()
        self._writer.close_absent(EDGE, SOURCE, np.sort(np.concatenate(akeys)), info)
        self._writer.set_progress(SOURCE, _PLACED, version)
        self._writer.commit()

    def _is_due(self, version: int) -> bool:
        """Whether a position or a boundary changed since what was placed last."""
        since = self._writer.progress(SOURCE, _PLACED)
        return any(
            batch.num_rows
            for kind in (CELL, *_placed_kinds())
            for batch in self._reader.export_nodes(kind, since, version)
        )

    def _cells(self) -> tuple[Int64Array, GridIndex]:
        """The grid cells that have a boundary: their nids and an index of them."""
        rows = [row for page in self._pages(CELL) for row in page.to_pylist() if row["boundary"]]
        nids = np.array([row["nid"] for row in rows], np.int64)
        boundaries = [read_boundary(row["boundary"]) for row in rows]
        return nids, GridIndex([row["key"] for row in rows], boundaries)

    def _placed(self, index: GridIndex) -> tuple[Int64Array, Int64Array]:
        """All nodes of the placed kinds, in order of number, and the place of each one's cell."""
        nids, owners = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for kind in _placed_kinds():
            for page in self._pages(kind):
                lon, lat = (
                    page[name].to_numpy().astype(np.float64, copy=False) for name in ("lon", "lat")
                )
                nids.append(page["nid"].to_numpy())
                owners.append(index.owners(lon, lat))
        return np.concatenate(nids), np.concatenate(owners)

    def _pages(self, kind: str) -> Iterator[pa.Table]:
        after = -1
        while (page := self._reader.scan_nodes(kind, after, _PAGE)).num_rows:
            after = int(page["nid"][-1].as_py())
            yield page


def _placed_kinds() -> list[str]:
    """Kinds that lie in a grid cell and have a position to tell in which."""
    schema = load_schema()
    return [kind for kind in schema.edges[EDGE].sources if schema.nodes[kind].has_position]


def _facts(edges: pa.Table) -> pa.Table:
    """Assertions of the edges: one for each node that has a position."""
    named = pc.binary_join_element_wise(SOURCE, pc.cast(edges["src"], pa.string()), "\x1f")
    rows = len(edges)
    return pa.table(
        {
            "src": edges["src"],
            "dst": edges["dst"],
            "akey": fingerprints(named.combine_chunks()),
            "digest": fingerprints(pc.cast(edges["dst"], pa.string()).combine_chunks()),
            "row": np.zeros(rows, np.int64),
            "valid_from": np.full(rows, BEGIN),
            "valid_to": np.full(rows, OPEN),
        }
    )
