"""Read the vocabulary from its YAML files, one a kind, and check it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from graphrisk_schema.model import (
    EdgeKind,
    Nature,
    NodeKind,
    Property,
    PropertyType,
    Schema,
    Sensitivity,
)


@cache
def load_schema() -> Schema:
    """The vocabulary shipped with this package. ``ValueError`` names the file that is wrong."""
    nodes = {kind.name: kind for kind in map(_node, _documents("nodes"))}
    edges = {edge.name: edge for edge in map(_edge, _documents("edges"))}
    for edge in edges.values():
        unknown = {*edge.sources, *edge.targets} - nodes.keys()
        if unknown:
            raise ValueError(f"edges/{edge.name}.yaml: unknown kinds {sorted(unknown)}")
        if edge.time is not None and edge.time not in {p.name for p in edge.properties}:
            raise ValueError(f"edges/{edge.name}.yaml: time property {edge.time!r} is not declared")
    return Schema(nodes=nodes, edges=edges)


def _documents(folder: str) -> list[dict[str, Any]]:
    documents = []
    root = files("graphrisk_schema").joinpath(folder)
    for entry in sorted(root.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        document = cast("dict[str, Any]", yaml.safe_load(entry.read_text(encoding="utf-8")))
        if f"{document.get('name')}.yaml" != entry.name:
            raise ValueError(f"{folder}/{entry.name}: name {document.get('name')!r} differs")
        documents.append(document)
    return documents


def _properties(document: dict[str, Any]) -> tuple[Property, ...]:
    return tuple(
        Property(
            name=name,
            type=PropertyType(spec["type"]),
            doc=spec["doc"],
            unit=spec.get("unit"),
            sensitivity=Sensitivity(spec.get("sensitivity", "internal")),
            search=bool(spec.get("search", False)),
            label_zh=spec["label"]["zh"],
            label_en=spec["label"]["en"],
        )
        for name, spec in document.get("properties", {}).items()
    )


def _node(document: dict[str, Any]) -> NodeKind:
    key = document["key"]
    return NodeKind(
        name=document["name"],
        label_zh=document["label"]["zh"],
        label_en=document["label"]["en"],
        doc=document["doc"],
        key_doc=key["doc"],
        key_sensitivity=Sensitivity(key.get("sensitivity", "internal")),
        key_search=bool(key.get("search", False)),
        caption=document["caption"],
        systems=tuple(document["systems"]),
        properties=_properties(document),
    )


def _edge(document: dict[str, Any]) -> EdgeKind:
    return EdgeKind(
        name=document["name"],
        label_zh=document["label"]["zh"],
        label_en=document["label"]["en"],
        doc=document["doc"],
        nature=Nature(document["nature"]),
        sources=tuple(document["from"]),
        targets=tuple(document["to"]),
        directed=bool(document.get("directed", True)),
        time=document.get("time"),
        systems=tuple(document["systems"]),
        properties=_properties(document),
    )
