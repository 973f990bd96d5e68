"""The ground of the city: cells that tile it exactly once, addresses in the right cell."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from graphrisk.core.geo import GridIndex
from graphrisk_loaders.boundaries import read_boundary
from graphrisk_loaders.coordinates import to_wgs84
from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.counties import Grid
from graphrisk_loaders.synth.ground import Ground
from graphrisk_loaders.synth.model import stream
from graphrisk_loaders.synth.parameters import read_preset
from tests.loaders.synth.raw import RawCity

Corner = tuple[Fraction, Fraction]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    folder = tmp_path_factory.mktemp("city")
    write_city("small", 2, folder, lambda *_: None)
    return RawCity(folder)


def _ring(text: str) -> list[Corner]:
    (ring,) = read_boundary(text)
    return [(Fraction(str(lon)), Fraction(str(lat))) for lon, lat in ring.tolist()]


def _area(ring: list[Corner]) -> Fraction:
    return (
        sum(
            (x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)),
            Fraction(0),
        )
        / 2
    )


def test_a_town_has_201_communities_and_500_units_in_15_townships() -> None:
    town = read_preset("town")
    grid = Grid(town.cells, town.communities, town.townships, town.cells_beyond)
    codes, units = grid.codes(), grid.are_units()
    assert len(set(codes)) == 701
    assert Counter(units) == {False: 201, True: 500}
    # A village is a community cell and the units beside it; a township some such villages.
    assert len({code[:12] for code in codes}) == 201
    assert Counter(code[:12] for code, unit in zip(codes, units, strict=True) if not unit) == {
        code[:12]: 1 for code in codes
    }
    assert len({code[:9] for code in codes}) == 15
    sizes = Counter(code[:9] for code in codes).values()
    assert max(sizes) - min(sizes) <= 4


def test_the_register_of_cells_names_their_kind_and_village(city: RawCity) -> None:
    cells, areas = city.rows("grid_cells.csv"), city.rows("areas.csv")
    assert Counter(row["kind"] for row in cells) == {"community": 20, "unit": 50}
    above = {row["code"]: row["parent"] for row in areas}
    assert all(above[row["area_code"]] == row["code"][:9] for row in cells)
    assert len({row["code"][:9] for row in cells}) == 5


@pytest.mark.parametrize("cells", [1, 7, 70, 701])
def test_cells_tile_the_city_exactly_once(cells: int) -> None:
    """Each side within the city is shared by two cells, once each way, and none overlap."""
    rings = [_ring(text) for text in Ground(cells, stream(1, "ground")).boundaries()]
    assert len(rings) == cells
    assert all(_area(ring) > 0 for ring in rings)
    sides = Counter(side for ring in rings for side in pairwise(ring))
    assert set(sides.values()) == {1}
    outline = [side for side in sides if side[::-1] not in sides]
    # The city is squares of the lattice, so its area is known: the cells have it all, once.
    assert sum(map(_area, rings)) == cells * Fraction("0.004") ** 2
    assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in outline) / 2 == sum(map(_area, rings))
    assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in outline)
    crooked = [s for s in sides if s[::-1] in sides and s[0][0] != s[1][0] and s[0][1] != s[1][1]]
    assert len(crooked) > cells or cells < 70


def test_people_live_in_the_cell_that_owns_their_address(city: RawCity) -> None:
    """But for the few whose position is missing, unknown to the map service, or wrong."""
    cells = city.rows("grid_cells.csv")
    index = GridIndex([c["code"] for c in cells], [read_boundary(c["boundary"]) for c in cells])
    addresses = city.rows("addresses.csv")
    degrees = [np.array([float(a[name] or "nan") for a in addresses]) for name in ("lon", "lat")]
    owners = index.owners(*to_wgs84(degrees[0], degrees[1], "gcj02")).tolist()
    owner_of = {
        address["address_code"]: cells[owner]["code"] if owner >= 0 else ""
        for address, owner in zip(addresses, owners, strict=True)
    }
    grid_of = {row["person_id"]: row["grid_code"] for row in city.rows("persons.csv")}
    at = {row["person_id"]: owner_of[row["address_code"]] for row in city.rows("households.csv")}
    assert at.keys() == grid_of.keys()
    same = sum(at[person] == grid for person, grid in grid_of.items()) / len(at)
    assert 0.98 < same < 0.998
    assert {"", *(a["lon"] for a in addresses)} >= {"", "0.000000"}
    as_if_wgs84 = index.owners(degrees[0], degrees[1])
    assert np.mean(as_if_wgs84 != owners) > 0.5, "half of the city lies in the next cell on a map"


def test_an_address_is_a_household_s(city: RawCity) -> None:
    """Made-up identities of one hand, and those whose names stand on fake bids, share one too."""
    rows = list(city.rows("households.csv"))
    assert {row["address_code"] for row in rows} == {
        row["address_code"] for row in city.rows("addresses.csv")
    }
    kinds = {row["ring_id"]: row["kind"] for row in city.rows("truth/rings.csv")}
    sharers = {
        row["key"]
        for row in city.rows("truth/members.csv")
        if kinds[row["ring_id"]] in ("identity_ring", "fake_bids") and row["node_kind"] == "Person"
    }
    residents = Counter(row["address_code"] for row in rows if row["person_id"] not in sharers)
    assert 2 < np.mean([*residents.values()]) < 3.5
    assert max(residents.values()) <= 9


def test_the_ground_draws_from_a_stream_of_its_own() -> None:
    """Its random numbers are no part of what the rest of the city is made of."""
    first, again, other = (Ground(70, stream(*s)) for s in ((1, "a"), (1, "a"), (1, "b")))
    assert first.boundaries() == again.boundaries() != other.boundaries()
