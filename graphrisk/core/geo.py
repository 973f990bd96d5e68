"""Which grid cell owns a position: exactly one, borders and corners included.

Coordinates are WGS-84 degrees, rounded to ``1e-9`` (a tenth of a millimetre); on them all
comparisons are exact, in integers. The owner of a position is

1. of the cells that hold it, border included, the one whose code comes first;
2. where no cell does, of the cells less than ``1e-7`` degrees (a centimetre) away, the one whose
   code comes first: neighbours that were surveyed apart leave slivers between them;
3. otherwise nobody.

What it cannot see: that cells overlap (then the first code owns all of the overlap), or that a
wider gap lies between them (then nobody owns it).
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from graphrisk.core.errors import BadInput

FloatArray = npt.NDArray[np.float64]
Int64Array = npt.NDArray[np.int64]
#: Rings of a cell, each ``(points, 2)`` of lon and lat, the first point again at the end. A point
#: is inside when it lies in an odd number of them, so holes and separate parts are rings as well.
Rings = Sequence[FloatArray]

_SCALE = 1e9
_SLIVER = 100  # in units of 1 / _SCALE degrees
#: Products of two differences must fit 64 bits.
WIDEST_DEGREES = 2.1
_BUCKETS_A_CELL = 4


class GridIndex:
    """An index of grid cells, built once and asked whole arrays at a time.

    Memory: 32 bytes a corner and about 100 a cell. Cost: linear in the corners; a position costs
    the corners of the one to three cells whose extent it lies in.
    """

    def __init__(self, codes: Sequence[str], cells: Sequence[Rings]) -> None:
        """Index the cells.

        Raises:
            BadInput: a cell spans more than ``WIDEST_DEGREES``.
        """
        order = sorted(range(len(codes)), key=lambda cell: codes[cell])
        self._order = np.array([*order, -1], np.int64)  # the last one: nobody
        edges = [_edges(cells[cell]) for cell in order]
        self._starts = np.cumsum([0, *map(len, edges)])
        self._edges = np.concatenate([np.empty((0, 4), np.int64), *edges])
        self._boxes = np.array([_box(one) for one in edges], np.int64).reshape(-1, 4)
        wide = (self._boxes[:, 2:] - self._boxes[:, :2]).max(axis=1, initial=0)
        if wide.max(initial=0) > WIDEST_DEGREES * _SCALE:
            code = codes[order[int(wide.argmax())]]
            raise BadInput(f"grid cell {code} spans more than {WIDEST_DEGREES} degrees")
        self._buckets = _Buckets(self._boxes)

    def owners(self, lon: FloatArray, lat: FloatArray) -> Int64Array:
        """For each position the place of its cell in the order handed in, -1 where there is none.

        Args:
            lon: Degrees WGS-84; NaN belongs to nobody.
            lat: As long as ``lon``.
        """
        if not len(self._boxes):
            return np.full(len(lon), -1)
        known = (np.abs(lon) <= 360) & (np.abs(lat) <= 360)
        x, y = (_units(np.where(known, degrees, 0)) for degrees in (lon, lat))
        buckets = self._buckets
        found = _owners(
            *(x, y, known, self._starts, self._edges, self._boxes),
            *(buckets.corner, buckets.size, buckets.side, buckets.starts, buckets.cells),
        )
        owners: Int64Array = self._order[found]
        return owners


class _Buckets:
    """A raster over all cells: which of them a position can lie in."""

    def __init__(self, boxes: Int64Array) -> None:
        self.side = max(int(np.ceil(np.sqrt(len(boxes) * _BUCKETS_A_CELL))), 1)
        self.corner = boxes[:, :2].min(axis=0, initial=2**62) - _SLIVER
        span = boxes[:, 2:].max(axis=0, initial=-(2**62)) + _SLIVER - self.corner
        self.size = np.maximum(span, 0) // self.side + 1
        first = (boxes[:, :2] - _SLIVER - self.corner) // self.size
        last = (boxes[:, 2:] + _SLIVER - self.corner) // self.size
        pairs = [
            (row * self.side + column, cell)
            for cell, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True))
            for row in range(low[1], high[1] + 1)
            for column in range(low[0], high[0] + 1)
        ]
        listed = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        self.cells = listed[:, 1].copy()
        self.starts = np.searchsorted(listed[:, 0], np.arange(self.side**2 + 1))


def _units(degrees: FloatArray) -> Int64Array:
    return np.rint(degrees * _SCALE).astype(np.int64)


def _edges(rings: Rings) -> Int64Array:
    """``x, y`` of both ends of each side of the rings."""
    points = [_units(ring) for ring in rings]
    return np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in points])


def _box(edges: Int64Array) -> Int64Array:
    """Least x and y, greatest x and y."""
    return np.concatenate([edges[:, :2].min(axis=0), edges[:, :2].max(axis=0)])


@numba.njit(cache=True, nogil=True)
def _owners(xs, ys, known, starts, edges, boxes, corner, size, side, first, cells):  # type: ignore[no-untyped-def]
    found = np.full(len(xs), -1, np.int64)
    for point in range(len(xs)):
        x, y = xs[point], ys[point]
        column, row = (x - corner[0]) // size[0], (y - corner[1]) // size[1]
        if not known[point] or not (0 <= column < side and 0 <= row < side):
            continue
        bucket = row * side + column
        for place in range(first[bucket], first[bucket + 1]):
            cell = cells[place]
            box = boxes[cell]
            if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
                continue
            if _holds(edges[starts[cell] : starts[cell + 1]], x, y):
                found[point] = cell
                break
        if found[point] >= 0:
            continue
        for place in range(first[bucket], first[bucket + 1]):
            cell = cells[place]
            if _is_near(edges[starts[cell] : starts[cell + 1]], x, y):
                found[point] = cell
                break
    return found


@numba.njit(cache=True, nogil=True)
def _holds(edges, x, y):  # type: ignore[no-untyped-def]
    """Whether the point lies on a side, or right of an odd number of them."""
    inside = False
    for edge in range(len(edges)):
        y1, y2 = edges[edge, 1], edges[edge, 3]
        if y < min(y1, y2) or y > max(y1, y2):
            continue
        x1, x2 = edges[edge, 0], edges[edge, 2]
        if (y1 > y) != (y2 > y):
            turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            if turn == 0:
                return True
            if (turn > 0) == (y2 > y1):
                inside = not inside
        elif (y1 == y and x1 == x) or (y1 == y and y2 == y and min(x1, x2) <= x <= max(x1, x2)):
            return True
    return inside


@numba.njit(cache=True, nogil=True)
def _is_near(edges, x, y):  # type: ignore[no-untyped-def]
    """Whether a side is less than a sliver away."""
    for edge in range(len(edges)):
        x1, y1, x2, y2 = edges[edge, 0], edges[edge, 1], edges[edge, 2], edges[edge, 3]
        if x < min(x1, x2) - _SLIVER or x > max(x1, x2) + _SLIVER:
            continue
        if y < min(y1, y2) - _SLIVER or y > max(y1, y2) + _SLIVER:
            continue
        along_x, along_y = float(x2 - x1), float(y2 - y1)
        square = along_x * along_x + along_y * along_y
        share = 0.0
        if square > 0:
            share = ((x - x1) * along_x + (y - y1) * along_y) / square
            share = min(max(share, 0.0), 1.0)
        off_x, off_y = x - x1 - share * along_x, y - y1 - share * along_y
        if off_x * off_x + off_y * off_y < _SLIVER * _SLIVER:
            return True
    return False
