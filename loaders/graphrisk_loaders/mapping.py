"""What a mapping says of a source: which file, which columns, into which kinds."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from graphrisk_loaders.coordinates import Crs

Format = Literal["csv", "jsonl", "parquet", "xlsx"]
Mode = Literal["full", "delta", "events"]
#: How far a source is believed: the letters of the Admiralty system (STANAG 2511), zh and en.
RELIABILITY = {
    "A": ("完全可靠", "completely reliable"),
    "B": ("通常可靠", "usually reliable"),
    "C": ("较为可靠", "fairly reliable"),
    "D": ("通常不可靠", "not usually reliable"),
    "E": ("不可靠", "unreliable"),
    "F": ("无法判断", "cannot be judged"),
}
#: Instead of columns: the row itself is the identity (a source without ids of its own).
ROW = "$row"
USUAL_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of the source and how its text becomes a value."""

    column: str
    conversion: str = "text"
    format: str = USUAL_TIME  # of local times
    start: str = "1970-01-01"  # day zero of days_after
    values: Dict[str, str] = field(default_factory=dict)  # of map
    crs: Crs = "wgs84"  # of boundary
    constant: str | None = None  # the same text in every row, no column


@dataclass(frozen=True, slots=True)
class Position:
    """Where a node is: two columns, and how the source writes positions."""

    lon: ColumnSpec
    lat: ColumnSpec
    crs: Crs


@dataclass(frozen=True, slots=True)
class End:
    """A node named by a column."""

    kind: str
    column: str
    prefix: str = ""  # sets numbers of one source apart from those of others
    conversion: str = "text"  # or credit_code, area_code


@dataclass(frozen=True, slots=True)
class Target:
    """Facts that each row states: a node's properties, or an edge.

    A node has one end, an edge two. An ``optional`` target is left out where an end is blank. The
    ``name`` tells targets of one kind apart that join the same kinds of nodes.
    """

    kind: str
    ends: tuple[End, ...]
    properties: Dict[str, ColumnSpec]
    optional: bool = False
    valid_from: ColumnSpec | None = None
    valid_to: ColumnSpec | None = None
    position: Position | None = None  # becomes the properties lon and lat, WGS-84
    name: str = ""

    @property
    def label(self) -> str:
        """What makes its facts the same facts when columns, sides or places in the mapping change.

        Each target of a mapping has another one.
        """
        return " ".join((self.kind, *sorted(end.kind for end in self.ends), self.name))

    @property
    def is_edge(self) -> bool:
        """Two ends."""
        return len(self.ends) == 2

    @property
    def specs(self) -> tuple[ColumnSpec, ...]:
        """Of all that a row says beside its ends."""
        bounds = [bound for bound in (self.valid_from, self.valid_to) if bound is not None]
        where = () if self.position is None else (self.position.lon, self.position.lat)
        return (*self.properties.values(), *where, *bounds)


@dataclass(frozen=True, slots=True)
class Calls:
    """Single events kept as Parquet, with their sums per pair in the graph."""

    kind: str
    ends: tuple[End, End]
    at: ColumnSpec
    seconds: ColumnSpec

    @property
    def specs(self) -> tuple[ColumnSpec, ...]:
        """Of all that a row says beside its ends."""
        return self.at, self.seconds


@dataclass(frozen=True, slots=True)
class About:
    """What it is, whose, and what they promise. None of it changes what a row says."""

    doc_zh: str = ""
    doc_en: str = ""
    owner_zh: str = ""
    owner_en: str = ""
    every_ms: int | None = None  # they deliver at least so often; None: no promise
    reliability: str = "F"  # a letter of RELIABILITY


@dataclass(frozen=True, slots=True)
class Mapping:
    """All that is said about one source."""

    name: str
    patterns: tuple[str, ...]
    format: Format
    encoding: str
    delimiter: str
    mode: Mode
    time_zone: str
    identity: tuple[str, ...]
    targets: tuple[Target, ...]
    calls: Calls | None
    sheet: str = ""  # of a workbook; empty: the only one that holds cells
    aliases: Dict[str, str] = field(default_factory=dict)  # other names of columns
    #: Outside the representation, by which a load knows a mapping again: a new owner is no change.
    about: About = field(default=About(), repr=False)

    def accepts(self, file: Path) -> bool:
        """Whether the file's name fits."""
        return any(fnmatchcase(file.name, pattern) for pattern in self.patterns)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the file must have, each once, in the order of use. No other is read."""
        used = [name for name in self.identity if name != ROW]
        for target in self.targets:
            used += [end.column for end in target.ends]
            used += [spec.column for spec in target.specs if spec.constant is None]
        if self.calls is not None:
            used += [end.column for end in self.calls.ends]
            used += [spec.column for spec in self.calls.specs]
        return tuple(dict.fromkeys(used))

    @property
    def has_identities(self) -> bool:
        """Whether it takes identity numbers, which become tokens and encrypted values."""
        specs = (spec for target in self.targets for spec in target.specs)
        return any(spec.conversion == "identity" for spec in specs)

    @property
    def area_columns(self) -> tuple[str, ...]:
        """Columns of codes of divisions, which come as of another year."""
        ends = (end for target in self.targets for end in target.ends)
        return tuple({end.column: None for end in ends if end.conversion == "area_code"})

    @property
    def time_forms(self) -> dict[str, str]:
        """How the times of each column are written."""
        specs = [spec for target in self.targets for spec in target.specs]
        specs += self.calls.specs if self.calls is not None else ()
        return {spec.column: spec.format for spec in specs if spec.conversion == "time"}
