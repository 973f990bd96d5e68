"""Read the vocabulary from its YAML files, one a kind, and check it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from graphrisk_schema.fields import Fields
from graphrisk_schema.model import (
    UNITS,
    EdgeKind,
    Nature,
    NodeKind,
    Property,
    PropertyType,
    Schema,
    Sensitivity,
)

_NODE_NAME = re.compile(r"[A-Z][A-Za-z]*")
_EDGE_NAME = re.compile(r"[A-Z]+(_[A-Z]+)*")
_PROPERTY_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SYSTEM = re.compile(r"S[1-9]")


@cache
def load_schema() -> Schema:
    """The vocabulary shipped with this package."""
    return read_schema(files("graphrisk_schema"))


def read_schema(root: Traversable) -> Schema:
    """The vocabulary in the folders ``nodes`` and ``edges`` of ``root``, in name order.

    ``ValueError`` names the file that is wrong and what is wrong with it.
    """
    nodes = {kind.name: kind for kind in map(_node, _documents(root, "nodes"))}
    edges = {}
    for document in _documents(root, "edges"):
        edge = _edge(document)
        unknown = sorted({*edge.sources, *edge.targets} - nodes.keys())
        if unknown:
            raise document.wrong(f"unknown kinds {unknown}")
        edges[edge.name] = edge
    return Schema(nodes=nodes, edges=edges)


def _documents(root: Traversable, folder: str) -> Iterator[Fields]:
    for entry in sorted(root.joinpath(folder).iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        place = f"{folder}/{entry.name}"
        try:
            content = yaml.safe_load(entry.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ValueError(f"{place}: {error}") from error
        document = Fields(place, content)
        if document.text("name") != entry.name.removesuffix(".yaml"):
            raise document.wrong("name differs from the file's")
        yield document


def _node(document: Fields) -> NodeKind:
    label, key = document.part("label"), document.part("key")
    kind = NodeKind(
        name=document.text("name", _NODE_NAME),
        label_zh=label.text("zh"),
        label_en=label.text("en"),
        doc=document.text("doc"),
        key_doc=key.text("doc"),
        key_sensitivity=key.choice("sensitivity", Sensitivity, Sensitivity.INTERNAL),
        key_search=key.flag("search", default=False),
        caption=document.text("caption"),
        systems=document.texts("systems", _SYSTEM),
        properties=tuple(_properties(document.part("properties"))),
    )
    for part in (document, label, key):
        part.no_others()
    if kind.caption not in {"key", *(p.name for p in kind.properties)}:
        raise document.wrong(f"caption {kind.caption!r} is no property")
    return kind


def _edge(document: Fields) -> EdgeKind:
    label = document.part("label")
    edge = EdgeKind(
        name=document.text("name", _EDGE_NAME),
        label_zh=label.text("zh"),
        label_en=label.text("en"),
        doc=document.text("doc"),
        nature=document.choice("nature", Nature),
        sources=document.texts("from"),
        targets=document.texts("to"),
        directed=document.flag("directed", default=True),
        time=document.optional("time"),
        systems=document.texts("systems", _SYSTEM),
        properties=tuple(_properties(document.part("properties"))),
    )
    for part in (document, label):
        part.no_others()
    times = {p.name for p in edge.properties if p.type is PropertyType.TIME}
    if edge.time is not None and edge.time not in times:
        raise document.wrong(f"time {edge.time!r} is no property of type time")
    if (edge.nature is Nature.EVENT) != (edge.time is not None):
        raise document.wrong("an event, and nothing else, names the property of its time")
    return edge


def _properties(properties: Fields) -> Iterator[Property]:
    for name in properties.names():
        spec = properties.part(name)
        if not _PROPERTY_NAME.fullmatch(name):
            raise spec.wrong("a property's name is in lower_case")
        label = spec.part("label")
        made = Property(
            name=name,
            type=spec.choice("type", PropertyType),
            doc=spec.text("doc"),
            unit=spec.optional("unit"),
            sensitivity=spec.choice("sensitivity", Sensitivity, Sensitivity.INTERNAL),
            search=spec.flag("search", default=False),
            label_zh=label.text("zh"),
            label_en=label.text("en"),
        )
        for part in (spec, label):
            part.no_others()
        if made.type in UNITS and made.unit != UNITS[made.type]:
            raise spec.wrong(f"the unit of {made.type} is {UNITS[made.type]}")
        if made.search and made.type is not PropertyType.TEXT:
            raise spec.wrong("only text is searched")
        yield made
