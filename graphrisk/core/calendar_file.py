"""A deployment's own calendar: years that are not official yet, and its office hours.

office_hours: ["08:30-12:00", "14:00-17:30"]
years:
  2027:
    holidays: [2027-01-01, 2027-02-08]
    working: [2027-02-14]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

from graphrisk.core.calendar import OFFICE_HOURS, Calendar, OpenTime, Year
from graphrisk.core.errors import ConfigError, system_faults
from graphrisk_loaders.yaml_text import YamlFault, read_yaml, shown

_OPEN_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_KEYS = ("office_hours", "years")
_PARTS = ("holidays", "working")


def read_calendar(file: Path | None) -> Calendar:
    """The calendar of a deployment; the official one alone without a file.

    Raises:
        ConfigError: The file says something else than years and office hours; says what and where.
    """
    if file is None:
        return Calendar()
    with system_faults(file):
        text = file.read_text(encoding="utf-8")
    try:
        return calendar_of(read_yaml(text))
    except (YamlFault, _Malformed) as fault:
        raise ConfigError(f"{file}: {fault}") from fault


def calendar_of(said: object) -> Calendar:
    """The calendar that a document states."""
    table = _keys(said, _KEYS, "the calendar")
    open_times: Sequence[OpenTime] = OFFICE_HOURS
    if "office_hours" in table:
        open_times = _open_times(table["office_hours"])
    years = table.get("years", {})
    if not isinstance(years, dict) or not all(isinstance(year, int) for year in years):
        raise _Malformed("years is numbers of years with what differs in each")
    return Calendar({year: _year(year, parts) for year, parts in years.items()}, open_times)


class _Malformed(Exception):
    """A document of another form."""


def _year(year: int, said: object) -> Year:
    parts = _keys(said, _PARTS, f"years.{year}")
    holidays, working = (_days(year, parts.get(name, []), name) for name in _PARTS)
    if both := sorted(holidays & working):
        raise _Malformed(f"years.{year}: {both[0]} is both a holiday and a working day")
    return Year(holidays, working)


def _days(year: int, said: object, name: str) -> frozenset[date]:
    place = f"years.{year}.{name}"
    if not isinstance(said, list):
        raise _Malformed(f"{place} is a list of days")
    for day in said:
        if type(day) is not date or day.year != year:
            raise _Malformed(f"{place}: {shown(day)} is no day of {year}, like {year}-10-01")
    return frozenset(said)


def _open_times(said: object) -> Sequence[OpenTime]:
    if not isinstance(said, list) or not said:
        raise _Malformed("office_hours is a list like ['08:30-12:00', '14:00-17:30']")
    found: list[OpenTime] = []
    for text in said:
        parts = _OPEN_TIME.fullmatch(text) if isinstance(text, str) else None
        if parts is None:
            raise _Malformed(f"office_hours: {shown(text)} is not like '08:30-12:00'")
        one = OpenTime(time(int(parts[1]), int(parts[2])), time(int(parts[3]), int(parts[4])))
        if one.begin >= one.end or (found and one.begin < found[-1].end):
            raise _Malformed(f"office_hours: {shown(text)} ends before it begins or overlaps")
        found.append(one)
    return tuple(found)


def _keys(said: object, known: Sequence[str], place: str) -> dict[str, object]:
    if not isinstance(said, dict):
        raise _Malformed(f"{place} is keys with values")
    for key in said:
        if key not in known:
            raise _Malformed(f"{place}: {shown(key)} is none of {', '.join(known)}")
    return said
