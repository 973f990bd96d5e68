"""The grid and the public: who answers for a cell, snap reports, detectors' alarms."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.formats import chinese_dates
from graphrisk_loaders.synth.model import DAY
from graphrisk_loaders.synth.registers.office import Office, Places, picked
from graphrisk_loaders.synth.registers.tips import snap_reports

_HELPERS = 2  # of a cell, beside its head and its worker
_SENSORS_A_CELL = 1
_ALARMS = {"smoke": "烟雾报警", "water": "水位超限"}


def grid(office: Office) -> None:
    """Write the four files."""
    _workers(office)
    snap_reports(office)
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
            **places.told(sensor),
        }
        for place, sensor in enumerate(of.tolist())
    ]
    office.json_lines("sensor_events.jsonl", rows)
