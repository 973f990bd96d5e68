"""The page about the vocabulary, docs/schema.md, from the vocabulary itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphrisk_schema.model import EdgeKind, Nature, NodeKind, Property, Schema, Sensitivity

_HEAD = """\
# Vocabulary 数据字典

Written by `make docs` from [`schema/graphrisk_schema`](../schema/graphrisk_schema): one YAML file
a kind. Tables of SQLite, constraints of Neo4j, the checks of loading and this page come from the
same files; a test fails while they differ.

Inside, nodes and edges are numbers (`nid`, `eid`, int64). Every property may be missing. The
systems (S1 to S9) are those of the [README](../README.md#the-systems).

"""
_NATURES = {
    Nature.EVENT: ("event 事件", "happened once; append-only"),
    Nature.STATE: ("state 状态", "holds for a while; closed, never overwritten"),
    Nature.AGGREGATE: ("aggregate 汇总", "sums of events kept beside the graph; grows"),
}
_SENSITIVITIES = {
    Sensitivity.OPEN: ("open 公开", "shown to everybody who may read"),
    Sensitivity.INTERNAL: ("internal 内部", "shown inside the service"),
    Sensitivity.PERSONAL: ("personal 个人", "masked unless role, scope and purpose allow"),
    Sensitivity.SECRET: ("secret 机密", "never leaves in clear without a decision"),
}
_TYPES = {
    "text": "UTF-8 text",
    "int": "int64",
    "float": "float64",
    "bool": "true or false",
    "money": "int64 fen",
    "time": "int64 milliseconds since 1970, UTC",
    "token": "keyed hash of an identity number: type, key version, hex",
    "cipher": "encrypted identity number with the version of its key; never compared",
}


def render(schema: Schema) -> str:
    """The page as Markdown."""
    parts = [_HEAD, *_meanings(), "## Kinds of nodes 节点\n\n", *_overview(schema)]
    for node in schema.nodes.values():
        parts += _node(node)
    parts += ["## Kinds of edges 关系\n\n", *_edges_overview(schema)]
    for edge in schema.edges.values():
        parts += _edge(edge)
    return "".join(parts).rstrip() + "\n"


def _meanings() -> Iterator[str]:
    yield "## What the columns mean\n\n"
    yield from _table(
        ["sensitivity 密级", "means"], [list(pair) for pair in _SENSITIVITIES.values()]
    )
    yield from _table(["nature 性质", "means"], [list(pair) for pair in _NATURES.values()])
    yield from _table(
        ["type 类型", "means"], [[f"`{name}`", told] for name, told in _TYPES.items()]
    )


def _overview(schema: Schema) -> Iterator[str]:
    rows = [[_link(k.name), k.label_zh, k.doc, _systems(k.systems)] for k in schema.nodes.values()]
    yield from _table(["kind", "中文", "is", "systems"], rows)


def _edges_overview(schema: Schema) -> Iterator[str]:
    rows = [
        [_link(e.name), e.label_zh, _ends(e), _NATURES[e.nature][0], _systems(e.systems)]
        for e in schema.edges.values()
    ]
    yield from _table(["edge", "中文", "joins", "nature", "systems"], rows)


def _node(kind: NodeKind) -> Iterator[str]:
    yield f"### {kind.name}\n\n{kind.label_zh} · {kind.label_en}. {kind.doc}\n\n"
    searched = ", searched" if kind.key_search else ""
    sensitivity = _SENSITIVITIES[kind.key_sensitivity][0]
    yield f"Key: {kind.key_doc} ({sensitivity}{searched}). Caption: `{kind.caption}`.\n\n"
    yield from _properties(kind.properties)


def _edge(kind: EdgeKind) -> Iterator[str]:
    yield f"### {kind.name}\n\n{kind.label_zh} · {kind.label_en}. {kind.doc}\n\n"
    direction = "directed" if kind.directed else "without direction"
    time = f", in time by `{kind.time}`" if kind.time else ""
    yield f"{_ends(kind)}; {_NATURES[kind.nature][0]}, {direction}{time}.\n\n"
    yield from _properties(kind.properties)


def _properties(properties: Sequence[Property]) -> Iterator[str]:
    if not properties:
        return
    rows = [
        [
            f"`{p.name}`",
            p.label_zh,
            p.label_en,
            f"`{p.type}`",
            p.unit or "",
            _SENSITIVITIES[p.sensitivity][0],
            p.doc + ("; searched" if p.search else ""),
        ]
        for p in properties
    ]
    yield from _table(["property", "中文", "label", "type", "unit", "sensitivity", "is"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |\n"
    yield "\n"


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _ends(kind: EdgeKind) -> str:
    return f"{', '.join(kind.sources)} → {', '.join(kind.targets)}"


def _systems(systems: Sequence[str]) -> str:
    return ", ".join(systems)
