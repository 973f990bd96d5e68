"""Facts of a mapping: nodes, edges and calls, checked against the vocabulary."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from graphrisk_loaders.columns import column_of, crs_of
from graphrisk_loaders.language import IDENTITY_PARTS, KEY_CONVERSIONS, KEYS
from graphrisk_loaders.mapping import Calls, ColumnSpec, End, Position, Target
from graphrisk_loaders.said import Said
from graphrisk_schema.model import EdgeKind, Nature, Property, PropertyType
from graphrisk_schema.reader import load_schema


def node_of(said: Said) -> Target:
    """A node that each row states. ``MappingError`` names file and key."""
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
    return Position(lon, lat, crs_of(where))


def edges_of(said: Said) -> list[Target]:
    """The edges of a mapping, which each row states. ``MappingError`` names file and key."""
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
        properties = {name: _property(part, name, types) for name in part.values}
    bounds = {
        bound: column_of(said, bound, (PropertyType.TIME,))
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
    return column_of(said, name, (types.get(name, PropertyType.TOKEN),))


def calls_of(said: Said) -> Calls:
    """Single events whose sums are an edge. ``MappingError`` names file and key."""
    known = load_schema().edges.get(said.text("kind"))
    if known is None or known.nature is not Nature.AGGREGATE:
        raise said.fail("kind", "no such kind of sums")
    at = column_of(said, "at", (PropertyType.TIME,))
    seconds = column_of(said, "seconds", (PropertyType.INT,))
    return Calls(known.name, _ends(said, known), at, seconds)
