"""What a load remembers about itself: raw files that count, and how far a delivery got."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.store.neo4j.transaction import Transaction


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


def parts(tx: Transaction, dataset: str) -> list[str]:
    """Raw files of a dataset in order of addition."""
    found = tx.run(
        "MATCH (p:Part {dataset: $dataset}) RETURN p.name AS name ORDER BY p.position",
        dataset=dataset,
    )
    return [record["name"] for record in found]


def set_progress(tx: Transaction, delivery: str, rows: int) -> None:
    """Remember the rows done of a delivery; 0 forgets it."""
    if rows:
        tx.run(
            "MERGE (p:Progress {delivery: $delivery}) SET p.rows = $rows",
            delivery=delivery,
            rows=rows,
        )
    else:
        tx.run("MATCH (p:Progress {delivery: $delivery}) DELETE p", delivery=delivery)


def progress(tx: Transaction, delivery: str) -> int:
    """Rows done of a delivery, 0 when unknown."""
    found = tx.run(
        "MATCH (p:Progress {delivery: $delivery}) RETURN p.rows AS rows", delivery=delivery
    )
    return int(found[0]["rows"]) if found else 0
