"""SQLite tables and indexes of the vocabulary, as the text of ``generated/sqlite.sql``.

Numbers inside: text keys stand once, in the table of their kind; provenance hangs on ``batch_id``.
All tables are STRICT.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from graphrisk_schema.model import EdgeKind, Nature, NodeKind, Property, PropertyType, Schema
from graphrisk_schema.reader import load_schema

FILE = "generated/sqlite.sql"

_TYPES = {
    PropertyType.TEXT: "TEXT",
    PropertyType.INT: "INTEGER",
    PropertyType.FLOAT: "REAL",
    PropertyType.BOOL: "INTEGER",
    PropertyType.MONEY: "INTEGER",
    PropertyType.TIME: "INTEGER",
    PropertyType.TOKEN: "TEXT",
    PropertyType.CIPHER: "TEXT",
}
_STILL_BELIEVED = "WHERE known_to = 9223372036854775807"
_IDENTITY = ("akey", "digest", '"row"', "batch_id", "changed_seq")
_INTERVALS = ("valid_from", "valid_to", "known_from", "known_to")

_COMMON = """\
-- The store itself: counters, batches, commits, erased nodes, raw files, open loads, scores.
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) \
STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) \
STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batch (batch_id INTEGER PRIMARY KEY, source TEXT NOT NULL, \
delivery TEXT NOT NULL, file TEXT NOT NULL, mode TEXT NOT NULL, known_at INTEGER NOT NULL, \
UNIQUE (delivery, source, file, mode, known_at)) STRICT;
CREATE TABLE IF NOT EXISTS stated (source TEXT NOT NULL, kind TEXT NOT NULL, \
PRIMARY KEY (source, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS committed (version INTEGER PRIMARY KEY, stamp INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS erased (nid INTEGER PRIMARY KEY, changed_seq INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS part (number INTEGER PRIMARY KEY, dataset TEXT NOT NULL, \
name TEXT NOT NULL, UNIQUE (dataset, name)) STRICT;
CREATE TABLE IF NOT EXISTS progress (source TEXT NOT NULL, delivery TEXT NOT NULL, \
done INTEGER NOT NULL, batch_id INTEGER NOT NULL, PRIMARY KEY (source, delivery)) \
STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS score (nid INTEGER NOT NULL, model TEXT NOT NULL, score REAL NOT NULL, \
run TEXT NOT NULL, PRIMARY KEY (nid, model)) STRICT, WITHOUT ROWID;
"""


def render(schema: Schema) -> str:
    """All statements, one a line, comments between them; safe to run again."""
    lines = ["-- Generated from the vocabulary by graphrisk_schema.render_sqlite: do not edit."]
    lines.extend(_COMMON.splitlines())
    for kind, node in schema.nodes.items():
        lines.append(f"-- {kind}: its nodes by key, the versions of its assertions, its terms.")
        lines.extend(_node_lines(kind, node))
    for kind, edge in schema.edges.items():
        lines.append(f"-- {kind} ({edge.nature.value})")
        lines.extend(_edge_lines(kind, edge))
    return "\n".join(lines) + "\n"


def ddl() -> str:
    """The shipped file."""
    return files("graphrisk_schema").joinpath(FILE).read_text(encoding="utf-8")


def write() -> None:
    """Bring the shipped file up to date (``python -m graphrisk_schema.render_sqlite``)."""
    file = Path(__file__).parent / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(render(load_schema()), encoding="utf-8")


def _node_lines(kind: str, node: NodeKind) -> Iterator[str]:
    yield _table(kind, "nid", ["key TEXT NOT NULL UNIQUE", "changed_seq INTEGER NOT NULL"])
    yield _index(kind, "seq", "changed_seq")
    fact = f"{kind}_fact"
    numbers = _numbers("nid", *_IDENTITY, *_INTERVALS)
    yield _table(fact, "vid", [*numbers, *_properties(node.properties)])
    yield _index(fact, "akey", "akey", unique=True, where=_STILL_BELIEVED)
    yield _index(fact, "nid", "nid")
    yield _index(fact, "seq", "changed_seq")
    if node.key_search or any(p.search for p in node.properties):
        yield (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS \"{kind}_term\" USING fts5(terms, content='', "
            "contentless_delete=1, detail=none, tokenize='ascii');"
        )


def _edge_lines(kind: str, edge: EdgeKind) -> Iterator[str]:
    properties = _properties(edge.properties)
    match edge.nature:
        case Nature.STATE:
            numbers = _numbers("eid", "src", "dst", *_IDENTITY, *_INTERVALS)
            yield _table(kind, "vid", [*numbers, *properties])
            yield _index(kind, "akey", "akey", unique=True, where=_STILL_BELIEVED)
            yield _index(kind, "eid", "eid")
            yield _index(kind, "src", "src, known_to, valid_to, valid_from, eid, dst")
            yield _index(kind, "dst", "dst, known_to, valid_to, valid_from, eid, src")
        case Nature.EVENT:
            numbers = _numbers("src", "dst", *_IDENTITY)
            yield _table(kind, "eid", [*numbers, *properties])
            time = f', "{edge.time}"' if edge.time else ""
            yield _index(kind, "akey", "akey", unique=True)
            yield _index(kind, "src", f"src{time}")
            yield _index(kind, "dst", f"dst{time}")
        case Nature.AGGREGATE:
            numbers = _numbers("src", "dst", "batch_id", "changed_seq")
            yield _table(kind, "eid", [*numbers, *properties])
            yield _index(kind, "src", "src, dst", unique=True)
            yield _index(kind, "dst", "dst, src")
    if edge.nature is not Nature.EVENT:  # events stand in the order of their sequences
        yield _index(kind, "seq", "changed_seq")


def _numbers(*names: str) -> list[str]:
    return [f"{name} INTEGER NOT NULL" for name in names]


def _properties(properties: tuple[Property, ...]) -> list[str]:
    return [f'"{p.name}" {_TYPES[p.type]}' for p in properties]


def _table(name: str, number: str, columns: list[str]) -> str:
    body = ", ".join([f"{number} INTEGER PRIMARY KEY", *columns])
    return f'CREATE TABLE IF NOT EXISTS "{name}" ({body}) STRICT;'


def _index(table: str, suffix: str, columns: str, *, unique: bool = False, where: str = "") -> str:
    head = "CREATE UNIQUE INDEX" if unique else "CREATE INDEX"
    tail = f" {where}" if where else ""
    return f'{head} IF NOT EXISTS "{table}_{suffix}" ON "{table}" ({columns}){tail};'


if __name__ == "__main__":
    write()
