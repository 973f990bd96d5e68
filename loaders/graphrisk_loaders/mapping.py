"""Declarative mappings: which file, which columns, into which kinds. One YAML a source."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from graphrisk_schema.model import Nature, Property
from graphrisk_schema.reader import load_schema

Format = Literal["csv", "jsonl", "parquet"]
Mode = Literal["full", "delta", "events"]
#: Instead of columns: the row itself is the identity (a source without ids of its own).
ROW = "$row"
_CONVERSIONS = frozenset(
    {"text", "int", "float", "bool", "yuan", "time", "epoch_ms", "days_after", "map", "identity"}
)


class MappingError(Exception):
    """A mapping says something that cannot be; names the file and the key."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of the source and how its text becomes a value."""

    column: str
    conversion: str = "text"
    format: str = "%Y-%m-%d %H:%M:%S"  # of local times
    start: str = "1970-01-01"  # day zero of days_after
    values: Dict[str, str] = field(default_factory=dict)  # of map
    constant: str | None = None  # the same text in every row, no column


@dataclass(frozen=True, slots=True)
class End:
    """A node named by a column."""

    kind: str
    column: str
    prefix: str = ""  # sets numbers of one source apart from those of others


@dataclass(frozen=True, slots=True)
class Target:
    """Facts that each row states: a node's properties, or an edge.

    A node has one end, an edge two. An ``optional`` target is left out where an end is blank.
    """

    kind: str
    ends: tuple[End, ...]
    properties: Dict[str, ColumnSpec]
    optional: bool = False
    valid_from: ColumnSpec | None = None
    valid_to: ColumnSpec | None = None

    @property
    def is_edge(self) -> bool:
        """Two ends."""
        return len(self.ends) == 2


@dataclass(frozen=True, slots=True)
class Calls:
    """Single events kept as Parquet, with their sums per pair in the graph."""

    kind: str
    ends: tuple[End, End]
    at: ColumnSpec
    seconds: ColumnSpec


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

    def accepts(self, file: Path) -> bool:
        """Whether the file's name fits."""
        return any(fnmatchcase(file.name, pattern) for pattern in self.patterns)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the file must have, each once, in the order of use. No other is read."""
        used = [name for name in self.identity if name != ROW]
        for target in self.targets:
            used += [end.column for end in target.ends]
            specs = [*target.properties.values(), target.valid_from, target.valid_to]
            used += [spec.column for spec in specs if spec is not None and spec.constant is None]
        if self.calls is not None:
            used += [end.column for end in self.calls.ends]
            used += [self.calls.at.column, self.calls.seconds.column]
        return tuple(dict.fromkeys(used))


def builtin_mappings() -> list[Mapping]:
    """The mappings shipped with this package, in name order."""
    folder = files("graphrisk_loaders").joinpath("mappings")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [
        parse_mapping(entry.read_text(encoding="utf-8"), entry.name)
        for entry in entries
        if entry.name.endswith(".yaml")
    ]


def read_mappings(path: Path) -> list[Mapping]:
    """A mapping file, or all of a folder. ``MappingError`` names what is wrong."""
    found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not found:
        raise MappingError(f"{path}: no mapping (*.yaml) there")
    return [parse_mapping(file.read_text(encoding="utf-8"), file.name) for file in found]


def parse_mapping(text: str, file: str) -> Mapping:
    """Check one mapping against the vocabulary. ``MappingError`` names file and key."""
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MappingError(f"{file}: not YAML: {error}") from error
    try:
        return _Parser(file).mapping(said)
    except (KeyError, TypeError, AttributeError) as error:
        raise MappingError(f"{file}: missing or misplaced: {error}") from error


class _Parser:
    """Builds a mapping from YAML; every complaint begins with the file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def fail(self, where: str, what: str) -> MappingError:
        return MappingError(f"{self._file}: {where}: {what}")

    def mapping(self, said: dict[str, Any]) -> Mapping:
        known = {"name", "doc", "files", "format", "encoding", "delimiter", "mode", "time_zone"}
        known |= {"id", "nodes", "edges", "calls"}
        unknown = sorted(said.keys() - known)
        if unknown:
            raise self.fail(unknown[0], "no such key of a mapping")
        identity = said["id"]
        targets = [self.node(node) for node in said.get("nodes", ())]
        targets += [self.edge(edge) for edge in said.get("edges", ())]
        calls = self.calls(said["calls"]) if "calls" in said else None
        if not targets and calls is None:
            raise self.fail("nodes", "a mapping states nodes, edges or calls")
        mapping = Mapping(
            name=said["name"],
            patterns=tuple(said["files"]),
            format=self.one_of("format", said["format"], ("csv", "jsonl", "parquet")),
            encoding=self.encoding(said.get("encoding", "utf-8")),
            delimiter=said.get("delimiter", ","),
            mode=self.one_of("mode", said["mode"], ("full", "delta", "events")),
            time_zone=self.zone(said.get("time_zone", "Asia/Shanghai")),
            identity=tuple([identity] if isinstance(identity, str) else identity),
            targets=tuple(targets),
            calls=calls,
        )
        self.check_mode(mapping)
        return mapping

    def check_mode(self, mapping: Mapping) -> None:
        """Events are delivered as events, states as states."""
        schema = load_schema()
        for target in mapping.targets:
            event = target.is_edge and schema.edges[target.kind].nature is Nature.EVENT
            if event != (mapping.mode == "events") and (event or mapping.mode == "events"):
                raise self.fail("mode", f"{mapping.mode} does not fit {target.kind}")

    def one_of(self, key: str, value: str, allowed: tuple[Any, ...]) -> Any:
        if value not in allowed:
            raise self.fail(key, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def encoding(self, name: str) -> str:
        return str(self.one_of("encoding", name, ("utf-8", "gb18030")))

    def zone(self, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise self.fail("time_zone", f"{name!r} is not known") from error

    def node(self, said: dict[str, Any]) -> Target:
        kind = said["kind"]
        known = load_schema().nodes.get(kind)
        if known is None:
            raise self.fail(f"nodes.{kind}", "no such node kind")
        end = End(kind, said["key"], said.get("prefix", ""))
        return self.target(said, (end,), known.properties)

    def edge(self, said: dict[str, Any]) -> Target:
        kind = said["kind"]
        known = load_schema().edges.get(kind)
        if known is None:
            raise self.fail(f"edges.{kind}", "no such edge kind")
        if known.nature is Nature.AGGREGATE:
            raise self.fail(f"edges.{kind}", "sums are loaded as calls")
        return self.target(said, self.ends(said, kind), known.properties)

    def ends(self, said: dict[str, Any], kind: str) -> tuple[End, End]:
        known = load_schema().edges[kind]
        found = []
        for side, allowed in (("from", known.sources), ("to", known.targets)):
            end = End(said[side]["kind"], said[side]["key"], said[side].get("prefix", ""))
            if end.kind not in allowed:
                raise self.fail(f"{kind}.{side}", f"{end.kind} is none of {', '.join(allowed)}")
            found.append(end)
        return found[0], found[1]

    def target(
        self, said: dict[str, Any], ends: tuple[End, ...], known: tuple[Property, ...]
    ) -> Target:
        names = {p.name for p in known}
        properties = {}
        for name, spec in said.get("properties", {}).items():
            column = self.column(spec, f"{said['kind']}.{name}")
            if name not in names and column.conversion != "identity":
                raise self.fail(f"{said['kind']}.{name}", "no such property of the kind")
            properties[name] = column
        times = {
            name: self.column(said[name], f"{said['kind']}.{name}")
            for name in ("valid_from", "valid_to")
            if name in said
        }
        return Target(said["kind"], ends, properties, bool(said.get("optional", False)), **times)

    def calls(self, said: dict[str, Any]) -> Calls:
        kind = said["kind"]
        known = load_schema().edges.get(kind)
        if known is None or known.nature is not Nature.AGGREGATE:
            raise self.fail(f"calls.{kind}", "no such kind of sums")
        at = self.column(said["at"], "calls.at")
        return Calls(kind, self.ends(said, kind), at, self.column(said["seconds"], "calls.seconds"))

    def column(self, said: str | dict[str, Any], where: str) -> ColumnSpec:
        if isinstance(said, str):
            return ColumnSpec(said)
        if "constant" in said:
            return ColumnSpec("", constant=str(said["constant"]))
        conversion = said.get("as", "text")
        if conversion not in _CONVERSIONS:
            raise self.fail(where, f"no such conversion: {conversion!r}")
        extra = {key: said[key] for key in ("format", "start") if key in said}
        values = {str(key): str(value) for key, value in said.get("values", {}).items()}
        return ColumnSpec(said["column"], conversion, values=values, **extra)
