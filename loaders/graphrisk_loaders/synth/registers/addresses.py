"""Housing and households: the register of addresses, and who is registered at which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.coordinates import from_wgs84
from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.counties import county_of
from graphrisk_loaders.synth.formats import chinese_dates, yuan
from graphrisk_loaders.synth.model import DAY, NONE, City, FloatArray, IntArray
from graphrisk_loaders.synth.registers.office import Office, picked

#: Shares of addresses whose position is missing, is the map service's "not found", or is wrong.
_UNKNOWN, _NOT_FOUND, _WRONG = 0.004, 0.002, 0.004
_ADULTS_A_TENANCY = 15
_HOUSES, _ROOMS = 200, 200


@dataclass(frozen=True, slots=True)
class Homes:
    """One row an address of the register."""

    code: list[str]
    cell: IntArray


def addresses(office: Office) -> None:
    """Write the registers of addresses, households and tenancies.

    A household lives at an address of its own. Who was planted into the city gave the address of
    somebody else in the grid cell.
    """
    rng, home, homes = _drawn(office)
    cell_of, codes = homes.cell, homes.code
    house, room = rng.integers(1, (_HOUSES, _ROOMS), (len(cell_of), 2)).T.tolist()
    places = [
        f"{county_of(c).name}第{int(c[6:9])}街道第{int(c[9:12])}社区"
        for c in office.files.cell_codes
    ]
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
    _tenancies(office, codes)


def homes_of(office: Office) -> Homes:
    """The addresses of the city, the same every time they are asked for."""
    return _drawn(office)[2]


def _drawn(office: Office) -> tuple[np.random.Generator, IntArray, Homes]:
    """The register's stream as far as it was used, each person's home, and the homes."""
    rng = office.chance("addresses")
    home, cell = _homes(office.city, rng)
    codes = [f"D{number:012d}" for number in keys.distinct(rng, len(cell), 12).tolist()]
    return rng, home, Homes(codes, cell)


def _tenancies(office: Office, codes: list[str]) -> None:
    """Rented rooms; some leases have ended."""
    rng, adults = office.chance("tenancies"), office.people.adults
    count = max(len(adults) // _ADULTS_A_TENANCY, 2)
    begun = office.city.start - rng.integers(30, 700, count) * DAY
    ended = np.minimum(begun + rng.integers(200, 1100, count) * DAY, office.city.end)
    columns = {
        "合同备案号": [f"ZL{serial:09d}" for serial in keys.distinct(rng, count, 9).tolist()],
        "承租人": picked(office.files.person_ids, rng.choice(adults, count)),
        "地址编码": picked(codes, rng.integers(0, len(codes), count)),
        "月租金": yuan(rng.integers(5, 60, count) * 100 * 100),
        "起租日期": chinese_dates(begun),
        "到期日期": [
            "" if end == office.city.end else day
            for end, day in zip(ended.tolist(), chinese_dates(ended), strict=True)
        ],
    }
    office.csv("tenancies.csv", rng, columns)


def _homes(city: City, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Number of each person's home (-1 where a cell has none), and the cell of each home."""
    household, cell = city.persons.column("household"), city.persons.column("cell")
    resident = household < city.homes
    cell_of = np.empty(city.homes, np.int64)
    cell_of[household[resident]] = cell[resident]
    order = np.argsort(cell_of, kind="stable")
    low = np.searchsorted(cell_of[order], cell)
    high = np.searchsorted(cell_of[order], cell, "right")
    lot = rng.random(int(household.max()) + 1)[household]  # who is planted together lives together
    drawn = low + (lot * (high - low)).astype(np.int64)
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
