"""The page of all sources, from the mappings that are shipped."""

from __future__ import annotations

from collections.abc import Iterator

from graphrisk_loaders.mapping import RELIABILITY, Mapping
from graphrisk_loaders.parser import builtin_mappings
from graphrisk_schema.reader import load_schema

_HEAD = """\
# Sources 数据来源

Written by `make docs` from [the mappings](../loaders/graphrisk_loaders/mappings): who delivers
what, how it is written, how often it was promised, and what it becomes in the graph
([vocabulary](schema.md)). How to load files and to write a mapping of one's own:
[loading](loading.md). What came last and who is late: `graphrisk sources`.

本页由映射文件自动生成：来源、责任部门、文件格式、约定频率，以及写入图中的节点与关系。

## Owners 责任部门

| 部门 | owner | sources 来源 |
|---|---|---|
"""
_SOURCES = """
## Sources 来源

| source 来源 | owner 部门 | file 文件 | mode 方式 | promise 频率, 可信度 | becomes 写入 |
|---|---|---|---|---|---|
"""
_PUBLIC = """
## Public data sets 公开数据集

For [evaluation](real-data.md) only; no department owns them.

| source 来源 | file 文件 | becomes 写入 |
|---|---|---|
"""
_MODES = {"full": "full 全量", "delta": "delta 增量", "events": "events 事件"}
_FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet", "xlsx": "XLSX"}
_UNITS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"))


def render() -> str:
    """docs/sources.md."""
    owned = [mapping for mapping in builtin_mappings() if mapping.about.owner_en]
    public = [mapping for mapping in builtin_mappings() if not mapping.about.owner_en]
    return (
        _HEAD
        + "".join([*_owners(owned), _SOURCES, *map(_row, owned), _PUBLIC])
        + "".join(f"| {_name(one)} | {_file(one)} | {_becomes(one)} |\n" for one in public)
    )


def _owners(mappings: list[Mapping]) -> Iterator[str]:
    """Departments with their sources."""
    owners = dict.fromkeys((one.about.owner_zh, one.about.owner_en) for one in mappings)
    for chinese, english in owners:
        theirs = [mapping.name for mapping in mappings if mapping.about.owner_en == english]
        yield f"| {chinese} | {english} | {', '.join(theirs)} |\n"


def _row(mapping: Mapping) -> str:
    about = mapping.about
    cells = (
        _name(mapping),
        f"{about.owner_zh} {about.owner_en}",
        _file(mapping),
        _MODES[mapping.mode],
        f"{_every(about.every_ms)}; {about.reliability} {RELIABILITY[about.reliability][0]}",
        _becomes(mapping),
    )
    return f"| {' | '.join(cells)} |\n"


def _name(mapping: Mapping) -> str:
    link = f"../loaders/graphrisk_loaders/mappings/{mapping.name}.yaml"
    return f"[{mapping.name}]({link}): {mapping.about.doc_zh} {mapping.about.doc_en}"


def _file(mapping: Mapping) -> str:
    files = ", ".join(f"`{pattern}`" for pattern in mapping.patterns)
    encoded = mapping.format in ("csv", "jsonl") and mapping.encoding != "utf-8"
    return f"{files} {_FORMATS[mapping.format]}{', GB18030' if encoded else ''}"


def _every(ms: int | None) -> str:
    """What was promised, in the largest unit that fits."""
    if ms is None:
        return "no promise"
    size, unit = next(one for one in _UNITS if ms % one[0] == 0)
    return f"every {unit}" if ms == size else f"every {ms // size} {unit}s"


def _becomes(mapping: Mapping) -> str:
    """Kinds that rows state, with their Chinese words."""
    schema = load_schema()
    named = [target.kind for target in mapping.targets]
    named += [mapping.calls.kind] if mapping.calls is not None else []
    known = [schema.nodes.get(kind) or schema.edges[kind] for kind in dict.fromkeys(named)]
    return ", ".join(f"[{k.name}](schema.md#{k.name.lower()}) {k.label_zh}" for k in known)
