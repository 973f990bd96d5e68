"""What a load remembers about itself: raw files that count, and how far a delivery got."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.store.sqlite.transaction import Transaction


def add_parts(tx: Transaction, dataset: str, parts: Sequence[str]) -> None:
    """Make raw files part of a dataset; those already in it stay where they are."""
    tx.connection.executemany(
        "INSERT OR IGNORE INTO part (dataset, name) VALUES (?, ?)",
        ((dataset, part) for part in parts),
    )


def parts(tx: Transaction, dataset: str) -> list[str]:
    """Raw files of a dataset in order of addition."""
    found = tx.run("SELECT name FROM part WHERE dataset = ? ORDER BY number", (dataset,))
    return [str(row[0]) for row in found]


def set_progress(tx: Transaction, delivery: str, rows: int) -> None:
    """Remember the rows done of a delivery; 0 forgets it."""
    if rows:
        tx.run("INSERT OR REPLACE INTO progress VALUES (?, ?)", (delivery, rows))
    else:
        tx.run("DELETE FROM progress WHERE delivery = ?", (delivery,))


def progress(tx: Transaction, delivery: str) -> int:
    """Rows done of a delivery, 0 when unknown."""
    found = tx.numbers("SELECT done FROM progress WHERE delivery = ?", (delivery,))
    return int(found.sum())
