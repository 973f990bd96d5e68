"""The ground of the city: crooked grid cells that tile it."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.boundaries import write_boundary
from graphrisk_loaders.synth.model import FloatArray, IntArray

_WEST, _SOUTH, _SIDE = 118.08, 24.48, 0.004  # centre of the first cell, distance of centres
_CROOKED = 0.0008  # how far a corner lies off the lattice
_MARGIN = 0.03  # share of a cell along its border where no point is drawn
_DECIMALS = 6


class Ground:
    """Cells numbered row by row from the south-west."""

    def __init__(self, cells: int, rng: np.random.Generator) -> None:
        self.cells = cells
        self._across = int(np.ceil(np.sqrt(cells)))
        number = np.arange(cells)
        self._place = number % self._across, number // self._across
        self._corners = self._crooked(rng)

    def centres(self) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude of each cell's centre, degrees of WGS-84."""
        columns, rows = self._place
        lon = np.round(_WEST + columns * _SIDE, _DECIMALS)
        return lon, np.round(_SOUTH + rows * _SIDE, _DECIMALS)

    def boundaries(self) -> list[str]:
        """Quadrangles that share their corners, as well-known text."""
        columns, rows = self._place
        around = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
        rings = np.stack([self._corners[columns + i, rows + j] for i, j in around], axis=1)
        return [write_boundary((ring,)) for ring in rings]

    def points(self, rng: np.random.Generator, cells: IntArray) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude of a point in each of the cells, some metres off its border."""
        u, v = rng.uniform(_MARGIN, 1 - _MARGIN, (2, len(cells), 1))
        columns, rows = (place[cells] for place in self._place)
        at = self._corners
        low = (1 - u) * at[columns, rows] + u * at[columns + 1, rows]
        high = (1 - u) * at[columns, rows + 1] + u * at[columns + 1, rows + 1]
        point: FloatArray = (1 - v) * low + v * high
        return point[:, 0], point[:, 1]

    def _crooked(self, rng: np.random.Generator) -> FloatArray:
        """Corners ``(columns + 1, rows + 1, 2)``; those within the city lie off the lattice."""
        columns, rows = self._across, -(-self.cells // self._across)
        lattice = np.moveaxis(np.mgrid[0 : columns + 1, 0 : rows + 1], 0, -1) - 0.5
        moved = rng.uniform(-_CROOKED, _CROOKED, lattice.shape)
        number = np.arange(columns * rows).reshape(rows, columns).T
        there = np.pad(number < self.cells, 1)
        within = there[1:, 1:] & there[:-1, 1:] & there[1:, :-1] & there[:-1, :-1]
        corners: FloatArray = lattice * _SIDE + (_WEST, _SOUTH) + moved * within[..., None]
        return np.round(corners, _DECIMALS)
