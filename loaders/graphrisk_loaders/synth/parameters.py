"""What a preset says about a city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path

from graphrisk_loaders.yaml_text import YamlFault, read_yaml, shown

RING_KINDS = (
    "scam_cell",
    "laundering_cycle",
    "identity_ring",
    "laundering_flow",
    "mule_ladder",
    "fundraising",
    "fake_bids",
    "supply_cell",
    "covert_cell",
    "collusive_volunteers",
)
HARD_NEGATIVE_KINDS = (
    "courier",
    "market_stall",
    "savings_club",
    "shared_handset",
    "call_centre",
    "hospital",
    "school",
    "clan",
    "seasonal_workers",
    "courier_firm",
    "payroll",
    "landlord",
    "wedding",
    "red_packets",
    "treasury",
    "sales_team",
    "p2p_lender",
    "donation_drive",
    "wealth_product",
    "group_buy",
    "property_firm",
    "task_team",
    "loyal_reviewers",
)
#: Fewer members make no ring; fewer promoters bring nobody on.
_SMALLEST = 2
#: Fewer people or days hold no crew and no household to plant, or end before a ring has begun.
_LEAST = {"people": 500, "days": 14, "cells": 1, "communities": 1, "townships": 1}


class PresetError(ValueError):
    """A preset says something that cannot be, or does not say something; names file and key."""

    def __init__(self, file: str, key: str, what: str) -> None:
        self.file, self.key, self.what = file, key, what
        super().__init__(f"{file}: {key}: {what}")


Between = tuple[int, int]  # least and most


@dataclass(frozen=True, slots=True)
class Sizes:
    """Least and most of what the rings have, where their kind leaves it open."""

    callers: Between  # of a scam cell
    first_mules: Between  # whom victims of a scam cell or a ladder pay
    cell_mules: Between  # whom those of a scam cell pay
    ladder_mules: Between  # whom those of a ladder pay
    passers: Between  # of a laundering cycle
    flow: Between  # on the broad side of a laundering flow
    identities: Between  # of an identity ring
    victims: Between  # a week, of a scam cell or a ladder
    borrowers: Between  # of a platform with fake bids
    promoters: Between  # of a fundraising, before the last are brought
    brought: Between  # promoters whom one of them brings
    cell: Between  # members of the real networks that supply and covert cells are grown after


@dataclass(frozen=True, slots=True)
class Noise:
    """What is lost or wrong between what happened and what is delivered, as shares."""

    missing_calls: float  # calls that the operators never deliver
    unreported: float  # payments of victims that nobody tells the police
    miscategorised: float  # reports and listed numbers under another category of fraud
    unmerged: float  # people with two telephones or accounts who stand in the registers twice
    shared_numbers: float  # people whose identity number is another's
    false_tips: float  # tips and reports to the police that accuse somebody honest
    repeated_tips: float  # snap reports that somebody else sends in again
    late_labels: float  # scam numbers and police reports that come days late
    elsewhere: float  # groups half of whose accounts are kept in another city


@dataclass(frozen=True, slots=True)
class Faults:
    """How departments deliver, as shares; nothing planted: each source comes once and is right."""

    late: float  # sources whose last delivery comes one to ten days after it was due
    again: float  # sources that deliver their last file again under another name
    old_codes: float  # sources that write codes of divisions of earlier editions
    renamed: float  # sources that rename, move and add columns before their last delivery
    repeated: float  # rows that stand twice in their file
    mistaken: float  # rows that were wrong in the first delivery and are corrected in the last
    withdrawn: float  # rows more in the first delivery of a register, which the last lacks

    @property
    def are_planted(self) -> bool:
        """Whether there is any."""
        return any(getattr(self, one.name) > 0 for one in fields(self))


@dataclass(frozen=True, slots=True)
class Parameters:
    """Sizes and rates of a city; the presets' YAML files explain each."""

    people: int
    days: int
    start: date
    cells: int
    communities: int
    townships: int
    cells_beyond: int
    phones: tuple[float, ...]
    accounts: tuple[float, ...]
    rings: Mapping[str, int]
    sizes: Sizes
    hard_negatives: Mapping[str, int]
    levels: tuple[int, ...]
    calls_per_tie: float
    strangers: float
    purchases: float
    bills: float
    sweeps: float
    gifts: float
    noise: Noise
    deliveries: Faults

    @property
    def start_ms(self) -> int:
        """Midnight in Shanghai of the first day, epoch milliseconds UTC."""
        days = (self.start - date(1970, 1, 1)).days
        return (days * 24 - 8) * 3_600_000


def presets() -> list[str]:
    """Names of the presets that come with the package."""
    folder = files("graphrisk_loaders.synth").joinpath("presets")
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir())


def read_preset(name: str) -> Parameters:
    """A preset by name, or one's own by the path of its YAML file, which ends in ``.yaml``.

    Raises:
        PresetError: No such preset or file, or a key is wrong, missing or unknown.
    """
    if not name.endswith(".yaml"):
        if name not in presets():
            raise PresetError(name, "preset", f"unknown; there are {', '.join(presets())}")
        folder = files("graphrisk_loaders.synth").joinpath("presets")
        return _parameters(name, folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    try:
        return _parameters(Path(name).name, Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PresetError(Path(name).name, "preset", f"cannot be read: {error}") from error


def _parameters(file: str, text: str) -> Parameters:
    try:
        document = read_yaml(text)
    except YamlFault as fault:
        raise PresetError(file, fault.place or "preset", fault.what) from fault
    said = _Said(file, "", document, [field.name for field in fields(Parameters)])
    return Parameters(
        people=said.count("people"),
        days=said.count("days"),
        start=said.day("start"),
        cells=said.count("cells"),
        communities=said.at_most("communities", "cells"),
        townships=said.at_most("townships", "communities"),
        cells_beyond=said.some_of("cells_beyond", "cells"),
        phones=said.descending("phones"),
        accounts=said.descending("accounts"),
        rings=said.counts("rings", RING_KINDS),
        sizes=Sizes(**said.ranges("sizes", [field.name for field in fields(Sizes)])),
        hard_negatives=said.counts("hard_negatives", HARD_NEGATIVE_KINDS),
        levels=said.levels("levels"),
        calls_per_tie=said.rate("calls_per_tie"),
        strangers=said.rate("strangers"),
        purchases=said.rate("purchases"),
        bills=said.rate("bills"),
        sweeps=said.rate("sweeps"),
        gifts=said.rate("gifts"),
        noise=Noise(**said.shares("noise", [field.name for field in fields(Noise)])),
        deliveries=Faults(**said.shares("deliveries", [field.name for field in fields(Faults)])),
    )


class _Said:
    """Keys and values at one place of a preset: exactly the ``known`` keys."""

    def __init__(self, file: str, place: str, value: object, known: Iterable[str]) -> None:
        self._file, self._place = file, place
        if not isinstance(value, dict):
            raise self._fail("", f"must be keys with values, not {shown(value)}")
        self._values: dict[str, object] = value
        for key in self._values:
            if key not in known:
                name = key if isinstance(key, str) else shown(key)
                raise self._fail(name, f"no such key; known are {', '.join(known)}")
        for key in known:
            if key not in self._values:
                raise self._fail(key, "is missing")

    def count(self, key: str) -> int:
        value, least = self._values[key], _LEAST.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self._fail(key, f"{shown(value)} is no whole number from {least} up")
        return value

    def some_of(self, key: str, whole: str) -> int:
        value = self.count(key)
        if value >= self.count(whole):
            raise self._fail(key, f"{value!r} leaves none of the {whole}")
        return value

    def at_most(self, key: str, whole: str) -> int:
        value, most = self.count(key), self.count(whole)
        if value > most:
            raise self._fail(key, f"{value!r} are more than the {most!r} {whole}")
        return value

    def rate(self, key: str) -> float:
        value = self._values[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            raise self._fail(key, f"{shown(value)} is no number from 0 up")
        return float(value)

    def counts(self, key: str, kinds: Iterable[str]) -> dict[str, int]:
        part = _Said(self._file, key, self._values[key], kinds)
        return {kind: part.count(kind) for kind in kinds}

    def shares(self, key: str, names: Sequence[str]) -> dict[str, float]:
        part = _Said(self._file, key, self._values[key], names)
        return {name: part.share(name) for name in names}

    def share(self, key: str) -> float:
        value = self.rate(key)
        if value > 1:
            raise self._fail(key, f"{shown(value)} is no share from 0 to 1")
        return value

    def descending(self, key: str) -> tuple[float, ...]:
        """Shares of those who have one, two, three …: everybody who has two has one."""
        value = self._values[key]
        shares = value if isinstance(value, list) else []
        if not shares or not all(map(_is_share, shares)) or sorted(shares, reverse=True) != shares:
            raise self._fail(key, f"{value!r} is no list of shares, none above the one before")
        return tuple(map(float, shares))

    def ranges(self, key: str, names: Sequence[str]) -> dict[str, Between]:
        part = _Said(self._file, key, self._values[key], names)
        return {name: part.between(name) for name in names}

    def between(self, key: str) -> Between:
        value = self._values[key]
        pair = value if isinstance(value, list) and all(type(one) is int for one in value) else []
        if len(pair) != 2 or not _SMALLEST <= pair[0] <= pair[1]:
            what = f"{value!r} is no least and most, whole numbers from {_SMALLEST} up"
            raise self._fail(key, what)
        return pair[0], pair[1]

    def levels(self, key: str) -> tuple[int, ...]:
        value = self._values[key]
        if not isinstance(value, list) or not value or not all(map(_is_level, value)):
            raise self._fail(key, f"{shown(value)} is no list of levels from 0 to 3")
        return tuple(value)

    def day(self, key: str) -> date:
        try:
            return date.fromisoformat(str(self._values[key]))
        except ValueError as error:
            raise self._fail(
                key, f"{shown(self._values[key])} is no day like 2016-09-01"
            ) from error

    def _fail(self, key: str, what: str) -> PresetError:
        place = ".".join(part for part in (self._place, key) if part)
        return PresetError(self._file, place or "preset", what)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_level(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in range(4)
