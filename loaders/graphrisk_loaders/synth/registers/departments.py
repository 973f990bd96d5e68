"""What other departments share: civil affairs, fishery, health, education, cameras."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import chinese_dates, yuan
from graphrisk_loaders.synth.model import DAY, IntArray
from graphrisk_loaders.synth.registers.office import Office, picked

_ELDERLY = 65
_HAS_CARD = 0.8
_PEOPLE_AN_ALLOWANCE = 200
_PEOPLE_A_VESSEL = 400
_PEOPLE_A_CLINIC = 1000
_PEOPLE_A_SCHOOL = 1500
_CAMERAS_A_CELL = 2
_CLINICS = ("社区卫生服务中心", "诊所", "医院")
_SCHOOLS = ("小学", "幼儿园", "中学")
_GEAR = ("刺网", "拖网", "钓具", "笼壶")


@dataclass(frozen=True, slots=True)
class Sites:
    """One row a place."""

    code: list[str]
    cell: IntArray


def departments(office: Office) -> None:
    """Write the files of five departments."""
    _elderly_cards(office)
    _allowances(office)
    _vessels(office)
    clinics = max(len(office.city.persons) // _PEOPLE_A_CLINIC, 2)
    _facilities(office, "health_facilities", "YL", _CLINICS, clinics)
    count = max(len(office.city.persons) // _PEOPLE_A_SCHOOL, 2)
    _cameras(office, _facilities(office, "schools", "XX", _SCHOOLS, count))


def _elderly_cards(office: Office) -> None:
    rng, city = office.chance("elderly_cards"), office.city
    year = 1970 + city.start // (365 * DAY)
    old = np.flatnonzero(city.persons.column("birth_year") <= year - _ELDERLY)
    holders = old[rng.random(len(old)) < _HAS_CARD]
    count = len(holders)
    columns = {
        "证号": [f"LN{serial:08d}" for serial in keys.distinct(rng, count, 8).tolist()],
        "持证人": picked(office.files.person_ids, holders),
        "发证日期": chinese_dates(city.start - rng.integers(1, 1500, count) * DAY),
    }
    office.csv("elderly_cards.csv", rng, columns)


def _allowances(office: Office) -> None:
    rng, city = office.chance("allowances"), office.city
    count = max(len(city.persons) // _PEOPLE_AN_ALLOWANCE, 2)
    granted = city.start - rng.integers(1, 360, count) * DAY
    columns = {
        "证号": [f"DB{serial:08d}" for serial in keys.distinct(rng, count, 8).tolist()],
        "持证人": picked(
            office.files.person_ids, rng.choice(office.people.adults, count, replace=False)
        ),
        "月补助金额": yuan(rng.integers(200, 700, count) * 100),
        "发证日期": chinese_dates(granted),
        "有效期至": chinese_dates(granted + 365 * DAY),
    }
    office.xlsx("allowances.xlsx", "低保证", columns)


def _vessels(office: Office) -> None:
    rng = office.chance("vessels")
    count = max(len(office.city.persons) // _PEOPLE_A_VESSEL, 2)
    serials = keys.distinct(rng, count, 5).tolist()
    columns = {
        "渔船编号": [f"3502{serial:05d}" for serial in serials],
        "船名": [f"闽厦渔{serial:05d}" for serial in serials],
        "作业类型": [_GEAR[one] for one in rng.integers(0, len(_GEAR), count).tolist()],
        "总吨位": np.round(rng.lognormal(2.5, 0.8, count), 1).tolist(),
        "船主": picked(office.files.person_ids, rng.choice(office.people.adults, count)),
    }
    office.csv("vessels.csv", rng, columns)


def _facilities(
    office: Office, register: str, head: str, kinds: tuple[str, ...], count: int
) -> Sites:
    """A register of places of one department; the most frequent kind comes first."""
    rng = office.chance(register)
    places = office.places(rng, rng.integers(0, len(office.files.cell_codes), count))
    codes = [f"{head}{serial:06d}" for serial in keys.distinct(rng, count, 6).tolist()]
    kind = [kinds[one] for one in (rng.integers(0, 6, count) // 2).tolist()]
    columns = {
        "机构代码": codes,
        "机构名称": [f"厦门市第{number + 1}{one}" for number, one in enumerate(kind)],
        "类别": kind,
        "电话": [f"0592-{number:07d}" for number in keys.distinct(rng, count, 7).tolist()],
        "经度": places.lon.tolist(),
        "纬度": places.lat.tolist(),
        "网格编码": places.code,
    }
    office.csv(f"{register}.csv", rng, columns)
    return Sites(codes, places.cell)


def _cameras(office: Office, schools: Sites) -> None:
    """Two a cell in the streets, and one at the gate of each school."""
    rng = office.chance("cameras")
    streets = np.repeat(np.arange(len(office.files.cell_codes)), _CAMERAS_A_CELL)
    places = office.places(rng, np.concatenate([streets, schools.cell]))
    count = len(places.code)
    columns = {
        "camera_id": [f"SX{serial:07d}" for serial in keys.distinct(rng, count, 7).tolist()],
        "lon": places.lon.tolist(),
        "lat": places.lat.tolist(),
        "grid_code": places.code,
        "facility": [*[""] * len(streets), *schools.code],
    }
    office.csv("cameras.csv", rng, columns, "utf-8")
