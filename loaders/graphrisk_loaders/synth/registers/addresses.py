"""Housing and households: the register of addresses, and who is registered at which."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.coordinates import from_wgs84
from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.model import NONE, City, FloatArray, IntArray
from graphrisk_loaders.synth.registers.office import Office, picked

#: Shares of addresses whose position is missing, is the map service's "not found", or is wrong.
_UNKNOWN, _NOT_FOUND, _WRONG = 0.004, 0.002, 0.004
_HOUSES, _ROOMS = 200, 200


def addresses(office: Office) -> None:
    """Write both files.

    A household lives at an address of its own. Who was planted into the city gave the address of
    somebody else in the grid cell.
    """
    rng = office.chance("addresses")
    home, cell_of = _homes(office.city, rng)
    codes = [f"D{number:012d}" for number in keys.distinct(rng, len(cell_of), 12).tolist()]
    house, room = rng.integers(1, (_HOUSES, _ROOMS), (len(cell_of), 2)).T.tolist()
    places = [f"湖里区第{int(c[6:9])}街道第{int(c[9:12])}社区" for c in office.files.cell_codes]
    lon, lat = _positions(office, rng, cell_of)
    register = {
        "address_code": codes,
        "address": [
            f"{place}{number}号{door}室"
            for place, number, door in zip(picked(places, cell_of), house, room, strict=True)
        ],
        "lon": _written(lon),
        "lat": _written(lat),
    }
    office.csv("addresses.csv", rng, register, "utf-8")
    there = np.flatnonzero(home != NONE)
    registered = {
        "person_id": picked(office.files.person_ids, there),
        "address_code": picked(codes, home[there]),
    }
    office.csv("households.csv", rng, registered)


def _homes(city: City, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Number of each person's home (-1 where a cell has none), and the cell of each home."""
    household, cell = city.persons.column("household"), city.persons.column("cell")
    resident = household < city.homes
    cell_of = np.empty(city.homes, np.int64)
    cell_of[household[resident]] = cell[resident]
    order = np.argsort(cell_of, kind="stable")
    low = np.searchsorted(cell_of[order], cell)
    high = np.searchsorted(cell_of[order], cell, "right")
    drawn = low + (rng.random(len(cell)) * (high - low)).astype(np.int64)
    other = np.where(high > low, order[np.minimum(drawn, city.homes - 1)], NONE)
    return np.where(resident, household, other), cell_of


def _positions(
    office: Office, rng: np.random.Generator, cell_of: IntArray
) -> tuple[FloatArray, FloatArray]:
    """GCJ-02, as map services write it, faults included; NaN: not said."""
    ground, count = office.files.ground, len(cell_of)
    kind = rng.random(count)
    wrong = rng.integers(0, ground.cells, count)
    cell = np.where(kind > 1 - _WRONG, wrong, cell_of)
    lon, lat = from_wgs84(*ground.points(rng, cell), "gcj02")
    lon, lat = (np.where(kind < _UNKNOWN + _NOT_FOUND, 0.0, degrees) for degrees in (lon, lat))
    lon, lat = (np.where(kind < _UNKNOWN, np.nan, degrees) for degrees in (lon, lat))
    return lon, lat


def _written(degrees: FloatArray) -> list[str]:
    return ["" if np.isnan(one) else f"{one:.6f}" for one in degrees.tolist()]
