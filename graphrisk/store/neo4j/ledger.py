"""What loads remember: kinds stated by a source, raw files, how far one got, keys used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import neo4j

from graphrisk.store.neo4j.lease import STORE
from graphrisk.store.neo4j.transaction import Transaction

_KEY_MARK = "key_mark_"
_PROGRESS = "(p:Progress {source: $source, delivery: $delivery})"
_LAST_BATCH = "OPTIONAL MATCH (b:Batch {source: $source}) WITH coalesce(max(b.batch_id), 0) AS last"


def note_kind(tx: Transaction, source: str, kind: str) -> None:
    """Remember that a source asserted states of a kind."""
    tx.run("MERGE (:Stated {source: $source, kind: $kind})", source=source, kind=kind)


def stated_kinds(tx: Transaction, source: str) -> list[str]:
    """Kinds of states that a source ever asserted, in name order."""
    found = tx.run(
        "MATCH (s:Stated {source: $source}) RETURN s.kind AS kind ORDER BY kind", source=source
    )
    return [record["kind"] for record in found]


def add_parts(tx: Transaction, dataset: str, parts: Sequence[str]) -> None:
    """Make raw files part of a dataset; those already in it stay where they are."""
    tx.run(
        "MATCH (p:Part {dataset: $dataset}) WITH count(p) AS there "
        "UNWIND range(0, size($names) - 1) AS i "
        "MERGE (p:Part {dataset: $dataset, name: $names[i]}) "
        "ON CREATE SET p.position = there + i",
        dataset=dataset,
        names=list(parts),
    )


def parts(run: Callable[..., list[neo4j.Record]], dataset: str) -> list[str]:
    """Raw files of a dataset in order of addition; ``run`` gives all records of a statement."""
    found = run(
        "MATCH (p:Part {dataset: $dataset}) RETURN p.name AS name ORDER BY p.position",
        dataset=dataset,
    )
    return [record["name"] for record in found]


def set_progress(tx: Transaction, source: str, delivery: str, rows: int) -> None:
    """Remember the rows done of a delivery, and after which batch; 0 forgets it."""
    place = {"source": source, "delivery": delivery}
    if rows:
        tx.run(
            f"{_LAST_BATCH} MERGE {_PROGRESS} SET p.rows = $rows, p.batch_id = last",
            **place,
            rows=rows,
        )
    else:
        tx.run(f"MATCH {_PROGRESS} DELETE p", **place)


def progress(tx: Transaction, source: str, delivery: str, *, undisturbed: bool) -> int:
    """Rows done of a delivery, 0 when unknown or disturbed."""
    found = tx.run(
        f"{_LAST_BATCH} MATCH {_PROGRESS} WHERE NOT $undisturbed OR p.batch_id = last "
        "RETURN p.rows AS rows",
        source=source,
        delivery=delivery,
        undisturbed=undisturbed,
    )
    return int(found[0]["rows"]) if found else 0


def add_key_marks(tx: Transaction, marks: Mapping[int, str]) -> None:
    """Remember a mark for each key version."""
    tx.run(f"{STORE} SET s += $kept", kept=mark_properties(marks))


def mark_properties(marks: Mapping[int, str]) -> dict[str, str]:
    """The marks as properties of the store's own node."""
    return {f"{_KEY_MARK}{version}": mark for version, mark in marks.items()}


def key_marks(kept: Mapping[str, str]) -> dict[int, str]:
    """The marks among the properties of the store's own node, by key version."""
    return {
        int(name.removeprefix(_KEY_MARK)): mark
        for name, mark in kept.items()
        if name.startswith(_KEY_MARK)
    }
