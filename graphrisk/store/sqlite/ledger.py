"""What loads remember: kinds stated by a source, raw files, how far one got, keys used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw

from graphrisk.store.sqlite.transaction import Transaction

_KEY_MARK = "key_mark_"


def note_kind(tx: Transaction, source: str, kind: str) -> None:
    """Remember that a source asserted states of a kind."""
    tx.run("INSERT OR IGNORE INTO stated VALUES (?, ?)", (source, kind))


def stated_kinds(tx: Transaction, source: str) -> list[str]:
    """Kinds of states that a source ever asserted, in name order."""
    found = tx.run("SELECT kind FROM stated WHERE source = ? ORDER BY kind", (source,))
    return [str(row[0]) for row in found]


def add_parts(tx: Transaction, dataset: str, parts: Sequence[str]) -> None:
    """Make raw files part of a dataset; those already in it stay where they are."""
    tx.connection.executemany(
        "INSERT OR IGNORE INTO part (dataset, name) VALUES (?, ?)",
        ((dataset, part) for part in parts),
    )


def parts(connection: apsw.Connection, dataset: str) -> list[str]:
    """Raw files of a dataset in order of addition."""
    named = "SELECT name FROM part WHERE dataset = ? ORDER BY number"
    found = connection.execute(named, (dataset,))
    return [str(row[0]) for row in found]


def set_progress(tx: Transaction, source: str, delivery: str, rows: int) -> None:
    """Remember the rows done of a delivery, and after which batch; 0 forgets it."""
    if rows:
        place = (source, delivery, rows, _last_batch(tx, source))
        tx.run("INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)", place)
    else:
        tx.run("DELETE FROM progress WHERE source = ? AND delivery = ?", (source, delivery))


def progress(tx: Transaction, source: str, delivery: str, *, undisturbed: bool) -> int:
    """Rows done of a delivery, 0 when unknown or disturbed."""
    found = tx.numbers(
        "SELECT done, batch_id FROM progress WHERE source = ? AND delivery = ?",
        (source, delivery),
        width=2,
    )
    if not len(found) or (undisturbed and found[0, 1] != _last_batch(tx, source)):
        return 0
    return int(found[0, 0])


def _last_batch(tx: Transaction, source: str) -> int:
    """The batch that wrote last for a source, 0 if none did. Found at once by the one writing."""
    found = tx.numbers(
        "SELECT batch_id FROM batch WHERE source = ? ORDER BY batch_id DESC LIMIT 1", (source,)
    )
    return int(found.sum())


def add_key_marks(tx: Transaction, marks: Mapping[int, str]) -> None:
    """Remember a mark for each key version."""
    tx.connection.executemany(
        "INSERT OR REPLACE INTO identity VALUES (?, ?)",
        ((f"{_KEY_MARK}{version}", mark) for version, mark in marks.items()),
    )


def key_marks(identity: Mapping[str, str]) -> dict[int, str]:
    """The marks among the rows of ``identity``, by key version."""
    return {
        int(name.removeprefix(_KEY_MARK)): mark
        for name, mark in identity.items()
        if name.startswith(_KEY_MARK)
    }
