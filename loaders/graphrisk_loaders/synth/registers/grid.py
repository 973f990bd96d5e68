"""The grid and the public: who answers for a cell, snap reports, detectors' alarms."""

from __future__ import annotations

import hashlib

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import chinese_dates
from graphrisk_loaders.synth.model import DAY, NONE
from graphrisk_loaders.synth.registers.firms import firms_of
from graphrisk_loaders.synth.registers.office import Office, Places, picked
from graphrisk_loaders.synth.registers.platforms import platforms_of

_HELPERS = 2  # of a cell, beside its head and its worker
_PEOPLE_A_REPORT = 100
_ABOUT_A_PLATFORM = 0.4  # share of snap reports that show a platform's poster
_SENSORS_A_CELL = 1
_ALARMS = {"smoke": "烟雾报警", "water": "水位超限"}
_SIGHTS = ("路面积水", "占道经营", "井盖破损", "电动车楼道充电")


def grid(office: Office) -> None:
    """Write the four files."""
    _workers(office)
    _snap_reports(office)
    _sensors(office)


def _workers(office: Office) -> None:
    """A head, a worker and helpers of each cell; some have handed over to somebody else."""
    rng, cells = office.chance("grid_workers"), len(office.files.cell_codes)
    roles = ("网格长", "网格员", *["协管员"] * _HELPERS)
    cell = np.repeat(np.arange(cells), len(roles))
    since = office.city.start - rng.integers(1, 1000, len(cell)) * DAY
    left = rng.random(len(cell)) < 0.05
    until = chinese_dates(office.moments(rng, len(cell)))
    columns = {
        "网格编码": picked(office.files.cell_codes, cell),
        "人员": picked(
            office.files.person_ids, np.resize(rng.permutation(office.people.adults), len(cell))
        ),
        "职责": list(roles) * cells,
        "任职日期": chinese_dates(since),
        "离任日期": ["" if not gone else day for gone, day in zip(left, until, strict=True)],
    }
    office.csv("grid_workers.csv", rng, columns)


def _snap_reports(office: Office) -> None:
    """Ordinary sights, and posters of platforms, of dubious ones three times as often."""
    rng, firms, platforms = office.chance("snap_reports"), firms_of(office), platforms_of(office)
    count = max(len(office.city.persons) // _PEOPLE_A_REPORT, 10)
    places = office.places(rng, rng.integers(0, len(office.files.cell_codes), count))
    sender = picked(office.files.person_ids, rng.choice(office.people.adults, count))
    weight = np.array([3.0 if dubious else 1.0 for dubious in platforms.dubious])
    platform = rng.choice(len(platforms.key), count, p=weight / weight.sum())
    platform[rng.random(count) >= _ABOUT_A_PLATFORM] = NONE
    shop = rng.integers(0, len(firms.code), count)
    anybody = rng.choice(len(office.files.numbers), len(platforms.key))
    poster = np.where(platforms.poster == NONE, anybody, platforms.poster)
    at = np.sort(office.moments(rng, count)).tolist()
    names = ["", *platforms.name]
    rows = [
        {
            "report": f"SP{serial:012d}",
            "sender": sender[place],
            "text": f"门口贴着{names[of + 1]}的海报" if of != NONE else str(rng.choice(_SIGHTS)),
            "sent_at": at[place],
            "photo_sha256": hashlib.sha256(f"{office.seed} {serial}".encode()).hexdigest(),
            **_where(places, place),
            "shop": firms.code[shop[place]] if of != NONE else None,
            "platform": platforms.key[of] if of != NONE else None,
            "poster_phone": office.files.numbers[poster[of]] if of != NONE else None,
        }
        for place, (serial, of) in enumerate(
            zip(keys.distinct(rng, count, 12).tolist(), platform.tolist(), strict=True)
        )
    ]
    office.json_lines("snap_reports.jsonl", rows)


def _where(places: Places, place: int) -> dict[str, object]:
    return {
        "lon": float(places.lon[place]),
        "lat": float(places.lat[place]),
        "grid_code": places.code[place],
    }


def _sensors(office: Office) -> None:
    rng = office.chance("sensors")
    cells = np.repeat(np.arange(len(office.files.cell_codes)), _SENSORS_A_CELL)
    places = office.places(rng, cells)
    kind = rng.choice(list(_ALARMS), len(cells)).tolist()
    names = [f"GZ{serial:07d}" for serial in keys.distinct(rng, len(cells), 7).tolist()]
    columns = {
        "sensor_id": names,
        "type": kind,
        "lon": places.lon.tolist(),
        "lat": places.lat.tolist(),
        "grid_code": places.code,
    }
    office.csv("sensors.csv", rng, columns, "utf-8")
    _alarms(office, names, kind, places)


def _alarms(office: Office, names: list[str], kind: list[str], places: Places) -> None:
    rng = office.chance("sensor_events")
    of = np.repeat(np.arange(len(names)), rng.poisson(1.5, len(names)))
    at = np.sort(office.moments(rng, len(of))).tolist()
    of = rng.permutation(of)
    number = keys.distinct(rng, len(of), 10).tolist()
    rows = [
        {
            "event": f"BJ{number[place]:010d}",
            "sensor": names[sensor],
            "alarm": _ALARMS[kind[sensor]],
            "severity": int(rng.integers(1, 5)),
            "at": at[place],
            **_where(places, sensor),
        }
        for place, sensor in enumerate(of.tolist())
    ]
    office.json_lines("sensor_events.jsonl", rows)
