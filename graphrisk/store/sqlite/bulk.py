"""A first load of events: their indexes are put off and made in one go when the writer leaves.

Each commit of a load touches nearly every page of the indexes over random numbers (``akey``,
``src``, ``dst``); past a million rows, writing those pages again and again is most of the work.
While a kind that was empty is filled, what its index would tell is kept in memory instead: the
content of every event by its akey.

The database's own schema tells which indexes are missing, so a killed load needs no note of it: the
next writer makes them before it does anything. Readers meanwhile scan, and see the same rows.
"""

from __future__ import annotations

import re
from functools import cache

import apsw
import numpy as np
import numpy.typing as npt

from graphrisk.core.table import Table
from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite.shapes import Facts
from graphrisk.store.sqlite.transaction import Transaction
from graphrisk_schema import render_sqlite

#: Events of all kinds kept in mind, at most 57 bytes each; beyond, the indexes are made at once.
MOST = 6_000_000
#: Threads that sort beside the writer's own while an index is made.
_SORTERS = 2
_INDEX = re.compile(r'^CREATE (?:UNIQUE )?INDEX IF NOT EXISTS "([^"]+)" ON ("[^"]+")')


class Bulk:
    """The kinds that one writer fills without indexes."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Make the indexes that a killed load left out."""
        self._connection = connection
        self._kinds: dict[str, Table] = {}
        self.finish()

    def settle(
        self, tx: Transaction, facts: Facts, akeys: Int64Array, digests: Int64Array
    ) -> tuple[Int64Array, npt.NDArray[np.bool_]] | None:
        """The content each event has now and which are new; ``None`` where an index must tell."""
        table = facts.table
        if table not in self._kinds and len(akeys) and _is_empty(tx, table):
            for name, _ in _indexes().get(table, []):
                tx.connection.execute(f'DROP INDEX IF EXISTS "{name}"')
            self._kinds[table] = Table()
        if table not in self._kinds:
            return None
        if sum(map(len, self._kinds.values())) + len(akeys) > MOST:
            self.make(tx)
            return None
        return self._kinds[table].settle(akeys, digests)

    def make(self, tx: Transaction) -> None:
        """Make the indexes within an open transaction: something is about to need them."""
        if self._kinds:
            _make_missing(tx.connection)
            self._kinds.clear()

    def finish(self) -> None:
        """Make the indexes that are missing. Cost: a sort of each kind's rows per index."""
        self._kinds.clear()
        if _missing(self._connection):
            self._connection.execute("BEGIN IMMEDIATE")
            _make_missing(self._connection)
            self._connection.execute("COMMIT")


@cache
def _indexes() -> dict[str, list[tuple[str, str]]]:
    """Name and statement of the indexes of each table."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in render_sqlite.ddl().splitlines():
        match = _INDEX.match(line)
        if match is not None:
            found.setdefault(match[2], []).append((match[1], line))
    return found


def _is_empty(tx: Transaction, table: str) -> bool:
    return not tx.run(f"SELECT 1 FROM {table} LIMIT 1")


def _missing(connection: apsw.Connection) -> list[str]:
    """Statements for the indexes that are not there."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    return [line for kind in _indexes().values() for name, line in kind if name not in there]


def _make_missing(connection: apsw.Connection) -> None:
    connection.pragma("threads", _SORTERS)
    for statement in _missing(connection):
        connection.execute(statement)
