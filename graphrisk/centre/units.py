"""Who is responsible for an area: data of the deployment.

    - {unit: huli-fraud, zh: 湖里反诈中心, en: Huli anti-fraud desk, area: "350206"}

The unit of the longest prefix answers for an area. Where none is stated, the level itself does,
named by its code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graphrisk.core.errors import BadInput, ConfigError, system_faults
from graphrisk_loaders.yaml_text import YamlFault, read_yaml, shown

#: An area code or a prefix of one: the division of 2 to 12 digits, then the grid's own signs.
AREA = re.compile(r"\d{2}(\d{2}){0,2}|\d{9}|\d{12}[0-9A-Za-z-]{0,20}", re.ASCII)
_KEYS = {"unit", "zh", "en", "area"}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is responsible for an area."""

    unit: str
    zh: str
    en: str
    area: str


class Units:
    """The units of a deployment."""

    def __init__(self, units: Sequence[Unit] = ()) -> None:
        self._by_area = {one.area: one for one in units}
        self._by_name = {one.unit: one for one in units}

    def responsible(self, area: str) -> Unit:
        """The unit that answers for an area: the one stated for its longest prefix."""
        for length in range(len(area), 0, -1):
            found = self._by_area.get(area[:length])
            if found is not None:
                return found
        return self._level(area)

    def named(self, name: str) -> Unit:
        """The unit of that name, or the level of that code; ``BadInput`` when there is none."""
        found = self._by_name.get(name)
        if found is None and AREA.fullmatch(name):
            return self._level(name)
        if found is None:
            raise BadInput(f"no unit is called {name[:40]!r}")
        return found

    def _level(self, area: str) -> Unit:
        return Unit(area, f"{area} 责任单位", f"unit of {area}", area)


def read_units(file: Path | None) -> Units:
    """The units that a file states; none without a file. ``ConfigError`` says what is wrong."""
    if file is None:
        return Units()
    with system_faults(file):
        text = file.read_text(encoding="utf-8")
    try:
        said = read_yaml(text)
    except YamlFault as fault:
        raise ConfigError(f"{file}: {fault}") from fault
    if not isinstance(said, list):
        raise ConfigError(f"{file}: a list of units, each with unit, zh, en, area")
    units = [_unit(one, f"{file}: unit {place}") for place, one in enumerate(said, start=1)]
    for key in ("unit", "area"):
        values = [getattr(one, key) for one in units]
        if twice := [value for value in values if values.count(value) > 1]:
            raise ConfigError(f"{file}: the {key} {twice[0]} stands twice")
    return Units(units)


def _unit(said: object, place: str) -> Unit:
    if not isinstance(said, dict) or said.keys() != _KEYS:
        raise ConfigError(f"{place}: has unit, zh, en and area, nothing else")
    for key, value in said.items():
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"{place}: {key} is a text in quotes, not {shown(value)}")
    if not _NAME.fullmatch(said["unit"]) or not AREA.fullmatch(said["area"]):
        raise ConfigError(f"{place}: unit is a short name like huli-fraud, area a code of digits")
    return Unit(**said)
