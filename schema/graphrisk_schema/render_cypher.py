"""Neo4j constraints and indexes of the vocabulary, as the text of ``generated/neo4j.cypher``.

Uniqueness only: the community edition has no existence or key constraints. Every constraint
brings the index that look-ups use; the other indexes serve what its comment says.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from graphrisk_schema.model import Nature, Schema
from graphrisk_schema.reader import load_schema

FILE = "generated/neo4j.cypher"

#: What the store itself keeps on nodes, assertions and edges; no property may be called so.
RESERVED = frozenset(
    {
        *("nid", "key", "terms", "vid", "eid", "akey", "digest", "source", "batch_id", "row"),
        *("valid_from", "valid_to", "known_from", "known_to", "seq"),
    }
)

_COMMON = """\
// The store itself: counters and lease, provenance, what was erased, raw files, open loads.
CREATE CONSTRAINT store_name IF NOT EXISTS FOR (s:Store) REQUIRE s.name IS UNIQUE;
CREATE CONSTRAINT batch_id IF NOT EXISTS FOR (b:Batch) REQUIRE b.batch_id IS UNIQUE;
CREATE INDEX batch_delivery IF NOT EXISTS FOR (b:Batch) ON (b.delivery);
CREATE CONSTRAINT stated_kind IF NOT EXISTS FOR (s:Stated) REQUIRE (s.source, s.kind) IS UNIQUE;
CREATE CONSTRAINT committed_version IF NOT EXISTS FOR (c:Committed) REQUIRE c.version IS UNIQUE;
CREATE CONSTRAINT erased_nid IF NOT EXISTS FOR (e:Erased) REQUIRE e.nid IS UNIQUE;
CREATE INDEX erased_seq IF NOT EXISTS FOR (e:Erased) ON (e.seq);
CREATE CONSTRAINT part_name IF NOT EXISTS FOR (p:Part) REQUIRE (p.dataset, p.name) IS UNIQUE;
CREATE INDEX batch_source IF NOT EXISTS FOR (b:Batch) ON (b.source);
CREATE CONSTRAINT progress_of IF NOT EXISTS FOR (p:Progress) \
REQUIRE (p.source, p.delivery) IS UNIQUE;
CREATE CONSTRAINT model_name IF NOT EXISTS FOR (m:Model) REQUIRE m.name IS UNIQUE;
// Every node carries the label Node beside its kind.
CREATE CONSTRAINT node_nid IF NOT EXISTS FOR (n:Node) REQUIRE n.nid IS UNIQUE;
CREATE FULLTEXT INDEX node_terms IF NOT EXISTS FOR (n:Node) ON EACH [n.terms] \
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
"""


def render(schema: Schema) -> str:
    """All statements, one a line, comments between them; safe to run again.

    ``ValueError`` when a property of the vocabulary bears a name that the store needs.
    """
    _check_names(schema)
    lines = ["// Generated from the vocabulary by graphrisk_schema.render_cypher: do not edit."]
    lines.extend(_COMMON.splitlines())
    for kind in schema.nodes:
        lines.append(f"// {kind}: its nodes by key; the versions of its assertions.")
        lines.extend(_node_lines(kind))
    for kind, edge in schema.edges.items():
        lines.append(f"// {kind} ({edge.nature.value})")
        lines.extend(_edge_lines(kind, edge.nature))
    return "\n".join(lines) + "\n"


def statements() -> list[str]:
    """The statements of the shipped file, in order, without comments."""
    text = files("graphrisk_schema").joinpath(FILE).read_text(encoding="utf-8")
    return [
        line.removesuffix(";") for line in text.splitlines() if line and not line.startswith("//")
    ]


def name_of(statement: str) -> str:
    """Name of the constraint or index that a statement creates."""
    words = statement.split(" IF NOT EXISTS ", 1)[0].split()
    return words[-1]


def write() -> None:
    """Bring the shipped file up to date (``python -m graphrisk_schema.render_cypher``)."""
    file = Path(__file__).parent / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(render(load_schema()), encoding="utf-8")


def _check_names(schema: Schema) -> None:
    named = [(name, kind.properties) for name, kind in schema.nodes.items()]
    named += [(name, edge.properties) for name, edge in schema.edges.items()]
    for name, properties in named:
        taken = RESERVED & {p.name for p in properties}
        if taken:
            raise ValueError(f"{name}: properties {sorted(taken)} bear names that the store needs")


def _node_lines(kind: str) -> Iterator[str]:
    yield f"CREATE CONSTRAINT {kind}_key IF NOT EXISTS FOR (n:{kind}) REQUIRE n.key IS UNIQUE;"
    yield f"CREATE INDEX {kind}_seq IF NOT EXISTS FOR (n:{kind}) ON (n.seq);"
    yield f"CREATE INDEX {kind}_nid IF NOT EXISTS FOR (n:{kind}) ON (n.nid);"
    fact = f"{kind}Assertion"
    yield f"CREATE CONSTRAINT {fact}_vid IF NOT EXISTS FOR (a:{fact}) REQUIRE a.vid IS UNIQUE;"
    for name in ("nid", "akey", "seq"):
        yield f"CREATE INDEX {fact}_{name} IF NOT EXISTS FOR (a:{fact}) ON (a.{name});"


def _edge_lines(kind: str, nature: Nature) -> Iterator[str]:
    unique = ("vid",) if nature is Nature.STATE else ("eid", "akey")
    indexed = ("eid", "akey", "seq") if nature is Nature.STATE else ("seq",)
    for name in unique:
        yield (
            f"CREATE CONSTRAINT {kind}_{name} IF NOT EXISTS "
            f"FOR ()-[r:{kind}]-() REQUIRE r.{name} IS UNIQUE;"
        )
    for name in indexed:
        yield f"CREATE INDEX {kind}_{name} IF NOT EXISTS FOR ()-[r:{kind}]-() ON (r.{name});"


if __name__ == "__main__":
    write()
