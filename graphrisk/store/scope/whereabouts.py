"""Where one node lies: the codes of the cells and areas that ``Places`` would see it in."""

from __future__ import annotations

import numpy as np

from graphrisk.access.model import prefix_of
from graphrisk.store.contract import Direction, NeighbourQuery, Reader
from graphrisk.store.scope.places import FLOWS, ends

_MOST = 1_000


def areas_of(reader: Reader, nid: int) -> tuple[str, ...]:
    """Codes of where a node lies now, sorted; none for what has no place and is the city's.

    ``reader`` sees everything. The ways of ``FLOWS`` are gone back, the last one first. Cost: one
    read of neighbours for each of them and each node on the way.
    """
    own = _codes(reader, {nid})
    if own:
        return own
    reached = {nid}
    for kind, receiver in reversed(FLOWS):
        for taker in sorted(reached):
            direction: Direction = "out" if receiver == "src" else "in"
            asked = NeighbourQuery(taker, kind, direction, limit=_MOST)
            src, dst = ends(reader.neighbours(asked).rows)
            reached.update((dst if receiver == "src" else src).tolist())
    return _codes(reader, reached)


def _codes(reader: Reader, nids: set[int]) -> tuple[str, ...]:
    found = reader.get_nodes(np.array(sorted(nids), np.int64))
    cells = found["GridCell"]["key"].to_pylist() if "GridCell" in found else []
    areas = found["Area"]["key"].to_pylist() if "Area" in found else []
    return tuple(sorted({*map(str, cells), *(prefix_of(str(one)) for one in areas)}))
