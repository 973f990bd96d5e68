"""How long what is kept: data of the release, and what a deployment says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from graphrisk.core.errors import ConfigError, system_faults
from graphrisk_loaders.yaml_text import YamlFault, read_yaml, shown

_KEYS: Final = {"days", "zh", "en", "law"}
_MOST_DAYS: Final = 36_600


@dataclass(frozen=True, slots=True)
class Period:
    """How many days rows are kept after they ended, in words, and the law it rests on."""

    days: int
    zh: str
    en: str
    law: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """Periods by what they are of, and numbers of cases of which nothing is deleted."""

    periods: Mapping[str, Period]
    holds: frozenset[str]


def read_keeping(file: Path | None) -> Keeping:
    """The release's periods, with a deployment's file over them.

    ``ConfigError`` names file and value of what is wrong.
    """
    shipped = files(__package__).joinpath("periods.yaml").read_text(encoding="utf-8")
    ours = _read(shipped, "periods.yaml")
    if file is None:
        return ours
    with system_faults(file):
        text = file.read_text(encoding="utf-8")
    theirs = _read(text, str(file))
    if strange := sorted(theirs.periods.keys() - ours.periods.keys()):
        known = ", ".join(ours.periods)
        raise ConfigError(f"{file}: periods are of {known}, not of {strange[0][:40]!r}")
    return Keeping({**ours.periods, **theirs.periods}, ours.holds | theirs.holds)


def _read(text: str, place: str) -> Keeping:
    try:
        said = read_yaml(text)
    except YamlFault as fault:
        raise ConfigError(f"{place}: {fault}") from fault
    if not isinstance(said, dict) or not said.keys() <= {"periods", "holds"}:
        raise ConfigError(f"{place}: has periods and holds, nothing else")
    periods, holds = said.get("periods") or {}, said.get("holds") or []
    if not isinstance(periods, dict):
        raise ConfigError(f"{place}: periods have names, not {shown(periods)}")
    if not isinstance(holds, list) or not all(isinstance(one, str) and one for one in holds):
        raise ConfigError(f"{place}: holds is a list of case numbers in quotes, not {shown(holds)}")
    return Keeping(
        {str(name): _period(one, f"{place}: {name}") for name, one in periods.items()},
        frozenset(holds),
    )


def _period(said: object, place: str) -> Period:
    if not isinstance(said, dict) or said.keys() != _KEYS:
        raise ConfigError(f"{place}: has days, zh, en and law, nothing else")
    days = said["days"]
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _MOST_DAYS:
        raise ConfigError(f"{place}: days is a number from 1 to {_MOST_DAYS}, not {shown(days)}")
    for key in ("zh", "en", "law"):
        if not isinstance(said[key], str) or not said[key].strip():
            raise ConfigError(f"{place}: {key} is a text, not {shown(said[key])}")
    return Period(days, said["zh"], said["en"], said["law"])
