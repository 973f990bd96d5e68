"""One open transaction: numbers taken, rows written, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import numpy as np

from graphrisk.store.contract import BatchInfo, Int64Array, drawn_stamp
from graphrisk.store.sqlite import rows as frames
from graphrisk.store.sqlite.rows import Column


class Transaction:
    """Between two commits of a writer. Begins at construction, with SQLite's write lock."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.changed = False
        self._batches: dict[BatchInfo, int] = {}
        connection.execute("BEGIN IMMEDIATE")
        self._counters = counters(connection)
        self.seq = self._counters["version"] + 1

    @property
    def latest(self) -> int:
        """The store's latest known time, with what this transaction learnt."""
        return self._counters["latest"]

    def take(self, counter: str, count: int) -> Int64Array:
        """The next ``count`` numbers of ``next_nid``, ``next_eid`` or ``next_vid``."""
        first = self._counters[counter]
        self._counters[counter] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def run(self, sql: str, bindings: apsw.Bindings = ()) -> list[apsw.SQLiteValues]:
        """All rows of one statement."""
        return self.connection.execute(sql, bindings).fetchall()

    def numbers(self, sql: str, bindings: apsw.Bindings = (), *, width: int = 1) -> Int64Array:
        """Rows of integers as an array of shape (rows, width)."""
        return frames.numbers(self.connection.execute(sql, bindings), width)

    def insert(self, table: str, columns: dict[str, Column | int]) -> None:
        """Add a row per element of the columns; a plain number stands in every row."""
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(
            str(column) if isinstance(column, int) else "?" for column in columns.values()
        )
        lists = [frames.values(c) for c in columns.values() if not isinstance(c, int)]
        self.connection.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places})", zip(*lists, strict=True)
        )
        self.changed = True

    def batch_id(self, info: BatchInfo) -> int:
        """The number of a delivery, given out when it first writes a row."""
        if info not in self._batches:
            self._batches[info] = self._recorded(info)
        return self._batches[info]

    def _recorded(self, info: BatchInfo) -> int:
        facts = (info.source, info.delivery, info.file, info.mode.value, info.known_at)
        found = self.run(
            "SELECT batch_id FROM batch WHERE (source, delivery, file, mode, known_at) "
            "= (?, ?, ?, ?, ?)",
            facts,
        )
        if found:
            return _integer(found[0])
        batch_id = int(self.take("next_batch", 1)[0])
        self.run("INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)", (batch_id, *facts))
        self._counters["latest"] = max(self._counters["latest"], info.known_at)
        return batch_id

    def commit(self) -> None:
        """Make it durable; the version moves when facts changed."""
        if self.changed:
            self._counters["version"] = self.seq
            self.connection.executemany(
                "UPDATE counter SET value = ?2 WHERE name = ?1", list(self._counters.items())
            )
            self.run("INSERT INTO committed VALUES (?, ?)", (self.seq, drawn_stamp()))
        self.connection.execute("COMMIT")


def counters(connection: apsw.Connection) -> dict[str, int]:
    """The store's counters, ``version`` and ``latest`` among them."""
    found: dict[str, int] = dict(connection.execute("SELECT name, value FROM counter"))
    return found


def stamp_of(connection: apsw.Connection, version: int) -> int:
    """What the commit of that version drew; 0 where the store has none."""
    found = connection.execute("SELECT stamp FROM committed WHERE version = ?", (version,)).get
    return int(found or 0)


def newest_stamp(connection: apsw.Connection) -> int:
    """What the last commit drew; 0 where none has."""
    found = connection.execute("SELECT stamp FROM committed ORDER BY version DESC LIMIT 1").get
    return int(found or 0)


def _integer(row: Sequence[apsw.SQLiteValue]) -> int:
    value = row[0]
    assert isinstance(value, int)
    return value
