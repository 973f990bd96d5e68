"""Positions to grid cells."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from benchmarks.performance.work import Work, stopwatch
from graphrisk.core.geo import GridIndex
from graphrisk_loaders.boundaries import Boundary, read_boundary
from graphrisk_loaders.coordinates import to_wgs84
from graphrisk_loaders.synth.ground import Ground
from graphrisk_loaders.synth.model import stream

_CELLS = 701  # of the preset "town"
#: Corners on each side of a cell: as crooked as a surveyed boundary.
_CORNERS = 40


def measure(work: Work) -> None:
    """Index the cells of a town, ask for the owners of points all over it; undo GCJ-02."""
    points = work.size("points", 1_000_000)
    ground, rng = Ground(_CELLS, stream(1, "ground")), stream(1, "points")
    boundaries = [_bent(read_boundary(text)) for text in ground.boundaries()]
    work.sizes |= {"grid cells": _CELLS, "corners of each": 4 * _CORNERS}
    codes = [f"{number:06d}" for number in range(_CELLS)]
    within = rng.integers(0, _CELLS, points)
    lon, lat = ground.points(rng, within)
    index = GridIndex(codes, boundaries)
    assert (index.owners(lon, lat) == within).all()  # compiled before the clock runs
    for _ in range(work.rounds):
        with stopwatch() as seconds:
            index = GridIndex(codes, boundaries)
        work.add("grid-index", seconds() * 1_000)
        work.add_rate("grid-cells", points, partial(index.owners, lon, lat))
        work.add_rate("gcj02", points, partial(to_wgs84, lon, lat, "gcj02"))


def _bent(boundary: Boundary) -> Boundary:
    """More corners along each side; both neighbours have the same ones."""
    (ring,) = boundary
    share = np.linspace(0, 1, _CORNERS, endpoint=False)[:, None]
    sides = [start + (end - start) * share for start, end in pairwise(ring)]
    return (np.concatenate([*sides, ring[:1]]),)
