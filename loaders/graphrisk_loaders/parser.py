"""Mappings from YAML, checked against the vocabulary before a row is read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from graphrisk_loaders.conversions import is_known_zone
from graphrisk_loaders.coordinates import CRS, Crs
from graphrisk_loaders.mapping import (
    RELIABILITY,
    USUAL_TIME,
    About,
    Calls,
    ColumnSpec,
    End,
    Format,
    Mapping,
    Mode,
    Position,
    Target,
)
from graphrisk_loaders.said import MappingError, Said, read_yaml
from graphrisk_schema.model import EdgeKind, Nature, Property, PropertyType
from graphrisk_schema.reader import load_schema

#: All keys of the language, by place; docs/loading.md explains each.
KEYS = {
    "mapping": (
        *("name", "doc", "files", "format", "sheet", "encoding", "delimiter", "mode", "time_zone"),
        *("id", "aliases", "nodes", "edges", "calls"),
        *("owner", "every", "reliability"),
    ),
    "owner": ("zh", "en"),
    "node": (
        *("kind", "name", "key", "as", "prefix", "properties", "position"),
        *("optional", "valid_from", "valid_to"),
    ),
    "edge": ("kind", "name", "from", "to", "properties", "optional", "valid_from", "valid_to"),
    "position": ("lon", "lat", "crs"),
    "calls": ("kind", "from", "to", "at", "seconds"),
    "end": ("kind", "key", "as", "prefix"),
    "column": ("column", "as", "format", "start", "values", "crs", "constant"),
}
#: Types of properties that each conversion gives.
CONVERSIONS = {
    "text": (PropertyType.TEXT,),
    "int": (PropertyType.INT, PropertyType.MONEY),
    "float": (PropertyType.FLOAT,),
    "bool": (PropertyType.BOOL,),
    "yuan": (PropertyType.MONEY,),
    "time": (PropertyType.TIME,),
    "epoch_ms": (PropertyType.TIME,),
    "days_after": (PropertyType.TIME,),
    "map": (PropertyType.TEXT,),
    "boundary": (PropertyType.TEXT,),
    "credit_code": (PropertyType.TEXT,),
    "identity": (PropertyType.TOKEN,),
}
#: Conversions of columns that name nodes.
KEY_CONVERSIONS = ("text", "credit_code", "area_code")
#: What an identity number becomes: properties named after it.
IDENTITY_PARTS = ("token", "halves", "cipher")
#: Keys that only one conversion knows.
_OWN_KEYS = {"format": "time", "start": "days_after", "values": "map", "crs": "boundary"}
#: Any afternoon: a form that cannot tell it from a morning cannot be read back.
_SAMPLE = datetime(2024, 11, 23, 13, 45, 56)  # noqa: DTZ001 - local time of nowhere
_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"


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
    mappings: dict[str, Mapping] = {}
    for file in found:
        try:
            mapping = parse_mapping(file.read_text(encoding="utf-8"), file.name)
        except (OSError, UnicodeDecodeError) as error:
            raise MappingError(f"{file}: cannot be read: {error}") from error
        if mapping.name in mappings:
            raise MappingError(f"{file.name}: name: {mapping.name!r} is another mapping's name")
        mappings[mapping.name] = mapping
    return list(mappings.values())


def parse_mapping(text: str, file: str) -> Mapping:
    """Check one mapping against the vocabulary. ``MappingError`` names file and key."""
    try:
        said = Said.of(file, "", read_yaml(text), KEYS["mapping"])
    except yaml.YAMLError as error:
        raise MappingError(f"{file}: not YAML: {error}") from error
    identity = said.values.get("id")
    form = cast("Format", said.one_of("format", get_args(Format)))
    if "sheet" in said and form != "xlsx":
        raise said.fail("sheet", "belongs to xlsx")
    mapping = Mapping(
        name=name_of(said),
        patterns=said.texts("files"),
        format=form,
        encoding=said.one_of("encoding", ("utf-8", "gb18030"), "utf-8"),
        delimiter=_delimiter(said),
        mode=cast("Mode", said.one_of("mode", ("full", "delta", "events"))),
        time_zone=_zone(said),
        identity=said.texts("id") if isinstance(identity, list) else (said.text("id"),),
        targets=(*map(_node, said.parts("nodes", KEYS["node"])), *_edges(said)),
        calls=_calls(said.part("calls", KEYS["calls"])) if "calls" in said else None,
        sheet=said.text("sheet", ""),
        aliases=_aliases(said.part("aliases")) if "aliases" in said else {},
        about=_about(said),
    )
    _check_whole(said, mapping)
    return mapping


def name_of(said: Said) -> str:
    """The name of a thing that folders are called by."""
    name = said.text("name")
    if not re.fullmatch(_NAME, name):
        raise said.fail("name", "letters, digits, _ and - only: folders are called by it")
    return name


def _delimiter(said: Said) -> str:
    delimiter = said.text("delimiter", ",")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        raise said.fail("delimiter", "must be one ASCII sign, neither quote nor line end")
    return delimiter


def _zone(said: Said) -> str:
    name = said.text("time_zone", "Asia/Shanghai")
    try:
        zone = ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise said.fail("time_zone", f"{name!r} is not known") from error
    if not is_known_zone(zone):
        raise said.fail("time_zone", f"{name!r} is not known")
    return zone


def _aliases(said: Said) -> dict[str, str]:
    """What the mapping calls each other name of a column."""
    found: dict[str, str] = {}
    for column in map(str, said.values):
        for other in said.texts(column):
            if other in found:
                raise said.fail(column, f"{other!r} stands twice")
            found[other] = column
    return found


def _about(said: Said) -> About:
    owner = said.part("owner", KEYS["owner"]) if "owner" in said else None
    both = isinstance(said.values.get("doc"), dict)
    doc = said.part("doc", KEYS["owner"]) if both else None
    return About(
        doc_zh="" if doc is None else doc.text("zh"),
        doc_en=said.text("doc", "") if doc is None else doc.text("en"),
        owner_zh="" if owner is None else owner.text("zh"),
        owner_en="" if owner is None else owner.text("en"),
        every_ms=said.span("every"),
        reliability=said.one_of("reliability", tuple(RELIABILITY), "F"),
    )


def _check_whole(said: Said, mapping: Mapping) -> None:
    """What single keys cannot tell: events are delivered as events, states as states."""
    if not mapping.targets and mapping.calls is None:
        raise said.fail("nodes", "a mapping states nodes, edges or calls")
    if mapping.targets and mapping.calls is not None:
        raise said.fail("calls", "stand alone: nodes and edges take a mapping of their own")
    if mapping.calls is not None and mapping.mode != "events":
        raise said.fail("mode", f"{mapping.mode} does not fit calls: they are events")
    if mapping.targets and mapping.targets[0].optional:
        raise said.fail(mapping.targets[0].kind, "the first of a mapping is not optional")
    for target in mapping.targets:
        event = target.is_edge and load_schema().edges[target.kind].nature is Nature.EVENT
        if event != (mapping.mode == "events"):
            raise said.fail("mode", f"{mapping.mode} does not fit {target.kind}")
    for other, column in mapping.aliases.items():
        if column not in mapping.columns or other in mapping.columns:
            raise said.fail("aliases", f"{column} is no column, or {other} is one as well")
    labels = [target.label for target in mapping.targets]
    for target in mapping.targets:
        if labels.count(target.label) > 1:
            raise said.fail(target.kind, "stands twice for the same kinds: give one of them a name")


def _node(said: Said) -> Target:
    known = load_schema().nodes.get(said.text("kind"))
    if known is None:
        raise said.fail("kind", "no such node kind")
    end = _named(said, known.name)
    target = _target(said, (end,), known.name, known.properties)
    if known.has_position and target.properties.keys() & {"lon", "lat"}:
        raise said.fail("properties", "lon and lat are said by position, with their crs")
    if "position" not in said:
        return target
    if not known.has_position:
        raise said.fail("position", f"{target.kind} has none")
    return replace(target, position=_position(said))


def _position(said: Said) -> Position:
    where = said.part("position", KEYS["position"])
    lon, lat = (ColumnSpec(where.text(name), "float") for name in ("lon", "lat"))
    return Position(lon, lat, _crs(where))


def _crs(said: Said) -> Crs:
    """How positions are written: never left open, as nothing in a position shows it."""
    return cast("Crs", said.one_of("crs", CRS))


def _edges(said: Said) -> list[Target]:
    found = []
    for edge in said.parts("edges", KEYS["edge"]):
        known = load_schema().edges.get(edge.text("kind"))
        if known is None:
            raise edge.fail("kind", "no such edge kind")
        if known.nature is Nature.AGGREGATE:
            raise edge.fail("kind", "sums are loaded as calls")
        target = _target(edge, _ends(edge, known), known.name, known.properties)
        if known.nature is Nature.EVENT:
            if known.time is not None and known.time not in target.properties:
                raise edge.fail(f"properties.{known.time}", "is missing: an event has a time")
            if "valid_from" in edge or "valid_to" in edge:
                raise edge.fail("valid_from", "events have no validity")
        found.append(target)
    return found


def _ends(said: Said, known: EdgeKind) -> tuple[End, End]:
    return _end(said, "from", known.sources), _end(said, "to", known.targets)


def _end(said: Said, side: Literal["from", "to"], allowed: tuple[str, ...]) -> End:
    end = said.part(side, KEYS["end"])
    return _named(end, end.one_of("kind", allowed))


def _named(said: Said, kind: str) -> End:
    conversion = said.one_of("as", KEY_CONVERSIONS, "text")
    return End(kind, said.text("key"), said.text("prefix", ""), conversion)


def _target(said: Said, ends: tuple[End, ...], kind: str, known: tuple[Property, ...]) -> Target:
    types = {p.name: p.type for p in known}
    properties: dict[str, ColumnSpec] = {}
    if "properties" in said:
        part = said.part("properties", _property_names(types))
        properties = {name: _property(part, name, types) for name in map(str, part.values)}
    bounds = {
        bound: _column(said, bound, (PropertyType.TIME,))
        for bound in ("valid_from", "valid_to")
        if bound in said
    }
    since, until = bounds.get("valid_from"), bounds.get("valid_to")
    name = said.text("name", "")
    return Target(kind, ends, properties, said.flag("optional"), since, until, name=name)


def _property_names(types: dict[str, PropertyType]) -> tuple[str, ...]:
    """Properties by name; an identity number by what its token and cipher are called after."""
    made = {f"{name}_{part}": name for name in _identities(types) for part in IDENTITY_PARTS}
    return tuple(dict.fromkeys(made.get(name, name) for name in types))


def _identities(types: dict[str, PropertyType]) -> list[str]:
    return [n.removesuffix("_cipher") for n, t in types.items() if t is PropertyType.CIPHER]


def _property(said: Said, name: str, types: dict[str, PropertyType]) -> ColumnSpec:
    return _column(said, name, (types.get(name, PropertyType.TOKEN),))


def _calls(said: Said) -> Calls:
    known = load_schema().edges.get(said.text("kind"))
    if known is None or known.nature is not Nature.AGGREGATE:
        raise said.fail("kind", "no such kind of sums")
    at = _column(said, "at", (PropertyType.TIME,))
    seconds = _column(said, "seconds", (PropertyType.INT,))
    return Calls(known.name, _ends(said, known), at, seconds)


def _column(said: Said, name: str, wanted: tuple[PropertyType, ...]) -> ColumnSpec:
    """A column and its conversion, which gives the wanted type."""
    if isinstance(said.values.get(name), str):
        said = Said(said.file, said.place, {name: {"column": said.values[name]}})
    column = said.part(name, KEYS["column"])
    if "constant" in column:
        if len(column.values) > 1 or wanted != (PropertyType.TEXT,):
            raise column.fail("constant", "stands alone, for a text")
        return ColumnSpec("", constant=column.text("constant"))
    conversion = column.one_of("as", tuple(CONVERSIONS), "text")
    if not set(wanted) & set(CONVERSIONS[conversion]):
        fitting = [one for one, types in CONVERSIONS.items() if set(wanted) & set(types)]
        raise column.fail("as", f"{conversion} gives no {wanted[0]}: {' or '.join(fitting)} does")
    for key, owner in _OWN_KEYS.items():
        if key in column and conversion != owner:
            raise column.fail(key, f"belongs to {owner}")
    return ColumnSpec(
        column.text("column"),
        conversion,
        format=_format(column),
        start=_start(column),
        values=_values(column) if conversion == "map" else {},
        crs=_crs(column) if conversion == "boundary" else "wgs84",
    )


def _format(said: Said) -> str:
    """A form of times that can be read back: it tells the year, and the half of the day."""
    form = said.text("format", USUAL_TIME)
    fault = said.fail("format", f"{form!r} is no form of times that can be read")
    try:
        written = pc.strftime(pa.scalar(_SAMPLE, pa.timestamp("s")), format=form)
        read = pc.strptime(written, format=form, unit="s", error_is_null=True)
    except pa.ArrowInvalid as error:
        raise fault from error
    back: Any = read.as_py()  # a datetime; the published stubs say a number
    if back is None or back.year != _SAMPLE.year or back.hour not in (0, _SAMPLE.hour):
        raise fault
    return form


def _start(said: Said) -> str:
    start = str(said.values.get("start", "1970-01-01"))
    try:
        return date.fromisoformat(start).isoformat()
    except ValueError as error:
        raise said.fail("start", f"{start!r} is no date like 2017-01-01") from error


def _values(said: Said) -> dict[str, str]:
    values = said.values.get("values")
    if not isinstance(values, dict) or not values:
        raise said.fail("values", "must say which value of the source means what")
    for one in (part for pair in values.items() for part in pair):
        if not isinstance(one, str):  # YAML takes no for false, and 01 for 1
            raise said.fail(
                "values", f"{one!r} is no text: put it in quotes as the source writes it"
            )
    return values
