"""Every position of the city has one grid cell; the slow reference computes in fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput
from graphrisk.core.geo import WIDEST_DEGREES, GridIndex
from graphrisk_loaders.boundaries import MOST_DEGREES

Point = tuple[Fraction, Fraction]
Ring = list[tuple[int, int]]
#: Corners lie on a lattice of this many degrees, some steps apart and moved about a little.
UNIT = Fraction(1, 10_000)
STEP, MOVED = 10, 3
SLIVER = Fraction(1, 10**7) / UNIT
WEST, SOUTH = 1_180_000, 244_000


@dataclass(frozen=True)
class Tiling:
    """Cells as rings of lattice corners; some have been merged with a neighbour."""

    codes: list[str]
    rings: list[list[Ring]]

    def index(self) -> GridIndex:
        return GridIndex(self.codes, [[degrees(ring) for ring in cell] for cell in self.rings])


def degrees(ring: Ring) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[float(x * UNIT), float(y * UNIT)] for x, y in [*ring, ring[0]]])


@st.composite
def tilings(draw: st.DrawFn) -> Tiling:
    """A rectangle cut into crooked quadrangles that share their corners."""
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    moves = st.integers(-MOVED, MOVED)
    corner = {}
    for i in range(columns + 1):
        for j in range(rows + 1):
            x = i * STEP + (draw(moves) if 0 < i < columns else 0)
            y = j * STEP + (draw(moves) if 0 < j < rows else 0)
            corner[i, j] = (WEST + x, SOUTH + y)
    rings = [
        [corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]]
        for i in range(columns)
        for j in range(rows)
    ]
    turned = [ring[::-1] if draw(st.booleans()) else ring for ring in rings]
    codes = draw(st.permutations([f"{n:03d}" for n in range(len(rings))]))
    merged = draw(st.booleans()) and len(rings) > 1
    cells = [[ring] for ring in turned]
    if merged:  # a cell of two parts, wherever they lie
        last = cells.pop()
        codes = codes[:-1]
        cells[0] = cells[0] + last
    return Tiling(list(codes), cells)


def holds(cell: list[Ring], point: Point) -> bool:
    """Whether the closed cell holds the point: on a side, or wound round by its rings."""
    x, y = point
    winding = 0
    for ring in cell:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
                return True
            if y1 <= y < y2 and turn > 0:
                winding += 1
            elif y2 <= y < y1 and turn < 0:
                winding -= 1
    return winding != 0


def distance(cell: list[Ring], point: Point) -> Fraction:
    """Square of the distance to the nearest side."""
    x, y = point
    found = []
    for ring in cell:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            square = (x2 - x1) ** 2 + (y2 - y1) ** 2
            share = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / square
            share = min(max(share, Fraction(0)), Fraction(1))
            off = x1 + share * (x2 - x1) - x, y1 + share * (y2 - y1) - y
            found.append(off[0] ** 2 + off[1] ** 2)
    return min(found)


def expected(tiling: Tiling, point: Point) -> str:
    """The first code of those that hold the point, else of those a centimetre away, else none."""
    cells = dict(zip(tiling.codes, tiling.rings, strict=True))
    holding = [code for code, cell in cells.items() if holds(cell, point)]
    near = [code for code, cell in cells.items() if distance(cell, point) < SLIVER**2]
    return min(holding or near, default="")


def owners(tiling: Tiling, points: list[Point]) -> list[str]:
    lon = np.array([float(x * UNIT) for x, _ in points])
    lat = np.array([float(y * UNIT) for _, y in points])
    return [
        tiling.codes[cell] if cell >= 0 else "" for cell in tiling.index().owners(lon, lat).tolist()
    ]


def corners(tiling: Tiling) -> list[Point]:
    return [(Fraction(x), Fraction(y)) for cell in tiling.rings for ring in cell for x, y in ring]


@settings(deadline=None)  # the first call compiles
@given(tilings(), st.data())
def test_owners_are_those_of_exact_arithmetic(tiling: Tiling, data: st.DataObject) -> None:
    """Anywhere, on corners, and in the middle of sides (which the lattice of 1e-9 still holds)."""
    steps = st.integers(-50_000, 500_000) | st.integers(-15, 15)
    anywhere = data.draw(st.lists(st.tuples(steps, steps), max_size=20))
    points = [(WEST + Fraction(x, 10_000), SOUTH + Fraction(y, 10_000)) for x, y in anywhere]
    points += corners(tiling)
    points += [
        ((Fraction(x1) + x2) / 2, (Fraction(y1) + y2) / 2)
        for cell in tiling.rings
        for ring in cell
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    assert owners(tiling, points) == [expected(tiling, point) for point in points]


@settings(deadline=None)  # the first call compiles
@given(tilings(), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1))
def test_no_position_of_the_city_is_lost_and_none_outside_is_taken(
    tiling: Tiling, places: list[tuple[float, float]]
) -> None:
    """Also where a side passes between two of the numbers that floating point knows."""
    far = [max(axis) for axis in zip(*corners(tiling), strict=True)]
    lon = np.array([float(WEST * UNIT) + u * float((far[0] - WEST) * UNIT) for u, _ in places])
    lat = np.array([float(SOUTH * UNIT) + v * float((far[1] - SOUTH) * UNIT) for _, v in places])
    index = tiling.index()
    assert (index.owners(lon, lat) >= 0).all()
    assert (index.owners(lon, lat + 1) == -1).all()
    assert (index.owners(lon - 1, lat) == -1).all()


@settings(deadline=None)  # the first call compiles
@given(tilings())
def test_a_border_belongs_to_the_first_code_whatever_the_order_of_cells(tiling: Tiling) -> None:
    points = corners(tiling)
    turned = Tiling(tiling.codes[::-1], tiling.rings[::-1])
    assert owners(tiling, points) == owners(turned, points)


SQUARE: Ring = [(0, 0), (10, 0), (10, 10), (0, 10)]


@pytest.mark.parametrize(
    ("lon", "lat", "owner"),
    [
        (0.0005, 0.0005, "a"),
        (0.001, 0.0005, "a"),  # the common border
        (0.00100002, 0.0005, "a"),  # in the sliver, two millimetres wide
        (0.00100004, 0.0001, "b"),
        (0.0015, 0.0005, "b"),
        (-0.00000009, 0.0005, "a"),  # outside the city by less than a centimetre
        (-0.0000002, 0.0005, ""),  # by two
        (0.0015, 0.00110, ""),
        (float("nan"), 0.0005, ""),
        (0.0005, float("inf"), ""),
    ],
)
def test_slivers_between_cells_that_were_surveyed_apart(lon: float, lat: float, owner: str) -> None:
    left = np.array([[0, 0], [0.001, 0], [0.001, 0.001], [0, 0.001], [0, 0]])
    right = np.array(
        [[0.001, 0], [0.002, 0], [0.002, 0.001], [0.001, 0.001], [0.00100005, 0.0005], [0.001, 0]]
    )
    index = GridIndex(["b", "a"], [[right], [left]])
    (found,) = index.owners(np.array([lon]), np.array([lat])).tolist()
    assert {0: "b", 1: "a", -1: ""}[found] == owner


def test_a_cell_within_a_hole_of_another() -> None:
    """A school's cell in the middle of a quarter's."""
    hole: Ring = [(4, 4), (6, 4), (6, 6), (4, 6)]
    index = GridIndex(["1", "2"], [[degrees(SQUARE), degrees(hole)], [degrees(hole)]])
    lon = np.array([0.0002, 0.0005, 0.0004, 0.0005])
    lat = np.array([0.0002, 0.0005, 0.0005, 0.0006])
    assert index.owners(lon, lat).tolist() == [0, 1, 0, 0]


def test_where_cells_overlap_the_first_code_owns_all_of_it() -> None:
    moved: Ring = [(5, 0), (15, 0), (15, 10), (5, 10)]
    index = GridIndex(["z", "y"], [[degrees(SQUARE)], [degrees(moved)]])
    lon = np.array([0.0002, 0.0007, 0.0012])
    assert index.owners(lon, np.full(3, 0.0005)).tolist() == [0, 1, 1]


def test_a_city_without_cells_owns_nothing() -> None:
    assert GridIndex([], []).owners(np.array([118.0]), np.array([24.0])).tolist() == [-1]


def test_a_cell_as_wide_as_a_country_is_refused_by_its_code() -> None:
    wide: Ring = [(0, 0), (30_000, 0), (30_000, 10)]
    with pytest.raises(BadInput, match=r"grid cell G1 spans more than 2\.1 degrees"):
        GridIndex(["G0", "G1"], [[degrees(SQUARE)], [degrees(wide)]])


def test_boundaries_that_are_read_are_narrow_enough_also_after_a_shift() -> None:
    assert MOST_DEGREES + 0.05 < WIDEST_DEGREES
