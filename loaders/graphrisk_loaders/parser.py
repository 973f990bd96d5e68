"""Mappings from YAML, checked against the vocabulary before a row is read."""

from __future__ import annotations

import re
from fnmatch import translate
from importlib.resources import files
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphrisk_loaders.language import KEYS
from graphrisk_loaders.mapping import RELIABILITY, About, Format, Mapping, Mode
from graphrisk_loaders.said import MappingError, Said
from graphrisk_loaders.targets import calls_of, edges_of, node_of
from graphrisk_loaders.times import is_known_zone
from graphrisk_loaders.yaml_text import YamlFault, read_yaml, shown
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

#: What a pattern becomes where its brackets hold no sign, as [z-a].
_NEVER = "(?!)"
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
    except YamlFault as fault:
        raise MappingError(f"{file}: {fault}") from fault
    identity = said.values.get("id")
    form = cast("Format", said.one_of("format", get_args(Format)))
    if "sheet" in said and form != "xlsx":
        raise said.fail("sheet", "belongs to xlsx")
    mapping = Mapping(
        name=name_of(said),
        patterns=_patterns(said),
        format=form,
        encoding=said.one_of("encoding", ("utf-8", "gb18030"), "utf-8"),
        delimiter=_delimiter(said),
        mode=cast("Mode", said.one_of("mode", ("full", "delta", "events"))),
        time_zone=_zone(said),
        identity=said.texts("id") if isinstance(identity, list) else (said.text("id"),),
        targets=(*map(node_of, said.parts("nodes", KEYS["node"])), *edges_of(said)),
        calls=calls_of(said.part("calls", KEYS["calls"])) if "calls" in said else None,
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


def _patterns(said: Said) -> tuple[str, ...]:
    """Patterns of names that a delivered file can have."""
    patterns = said.texts("files")
    for pattern in patterns:
        if "/" in pattern:
            raise said.fail("files", f"{shown(pattern)} fits no name: names hold no /")
        if pattern.startswith("."):
            what = "files whose names begin with a dot are left alone"
            raise said.fail("files", f"{shown(pattern)} fits nothing: {what}")
        if _NEVER in translate(pattern):
            raise said.fail("files", f"{shown(pattern)} fits no name: its brackets hold no sign")
    return patterns


def _delimiter(said: Said) -> str:
    delimiter = said.values.get("delimiter", ",")  # a control sign too: some systems use them
    if (
        not isinstance(delimiter, str)
        or len(delimiter) != 1
        or not delimiter.isascii()
        or delimiter in '"\r\n\0'
    ):
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
    for column in said.values:
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
