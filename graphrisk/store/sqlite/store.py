"""The graph store in one SQLite file."""

from __future__ import annotations

import uuid
from pathlib import Path

import apsw

from graphrisk.access.model import Purpose, Scope
from graphrisk.core.clock import BEGIN
from graphrisk.core.errors import StoreError
from graphrisk.store.contract import Health, Reader
from graphrisk.store.level import LEVEL, check
from graphrisk.store.scope.places import Places
from graphrisk.store.scope.reader import ScopedReader
from graphrisk.store.sqlite.connection import Connections, faults
from graphrisk.store.sqlite.ledger import key_marks
from graphrisk.store.sqlite.reader import SqliteReader
from graphrisk.store.sqlite.totals import HubTotals
from graphrisk.store.sqlite.transaction import counters, stamp_of
from graphrisk.store.sqlite.writer import SqliteWriter
from graphrisk_schema import render_sqlite

_START = {"version": 0, "next_nid": 0, "next_eid": 0, "next_vid": 0, "next_batch": 1}


class SqliteStore:
    """``graphrisk.store.contract.Store`` on an SQLite file in WAL mode, one writer at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connections = Connections(file)
        self._totals = HubTotals()
        self._places = Places()

    def migrate(self) -> None:
        """Create the tables and columns that are missing, and the store's own rows.

        ``ConfigError`` for a store of a newer release, ``StoreError`` for one of an older that
        wrote in another way; neither is changed.
        """
        ddl = render_sqlite.ddl()
        connection = self._connections.writer()
        try:
            with faults(self._file):
                if not _is_current(connection, ddl):
                    connection.execute("BEGIN IMMEDIATE")
                    if not _is_current(connection, ddl):  # nobody else was faster
                        _migrate(connection, ddl)
                    connection.execute("COMMIT")
        finally:
            self._connections.release(connection)

    def reader(self, scope: Scope, purpose: Purpose) -> Reader:  # noqa: ARG002 - audited above
        """Reads of what the scope sees."""
        whole = SqliteReader(self._connections, self._totals)
        return whole if scope.is_everything else ScopedReader(whole, self._places, scope)

    def writer(self, owner: str) -> SqliteWriter:
        """The single writer; entering it claims the lease."""
        return SqliteWriter(self._connections, owner)

    def health(self) -> Health:
        """Engine, versions and complaints; ``StoreUnavailable`` when the file cannot be opened."""
        with faults(self._file):
            connection = self._connections.reader()
            if not connection.table_exists("main", "identity"):
                raise StoreError(f"{self._file} holds no graph store yet: migrate first")
            identity = dict(connection.execute("SELECT name, value FROM identity"))
            mode = connection.pragma("journal_mode")
            return Health(
                engine="sqlite",
                engine_version=apsw.sqlite_lib_version(),
                store_id=identity["store_id"],
                version=counters(connection)["version"],
                schema_level=int(identity["schema_level"]),
                key_marks=key_marks(identity),
                notes=[] if mode == "wal" else [f"journal mode is {mode}, not wal"],
            )

    def passed(self, store_id: str, version: int, stamp: int) -> bool:
        """See the contract."""
        with faults(self._file):
            connection = self._connections.reader()
            found = connection.execute("SELECT value FROM identity WHERE name = 'store_id'").get
            if found != store_id or not 0 <= version <= counters(connection)["version"]:
                return False
            return stamp_of(connection, version) == stamp

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()


def _is_current(connection: apsw.Connection, ddl: str) -> bool:
    if not connection.table_exists("main", "identity"):
        return False
    identity = dict(connection.execute("SELECT name, value FROM identity"))
    check(int(identity["schema_level"]))
    return bool(identity["ddl"] == ddl)


def _migrate(connection: apsw.Connection, ddl: str) -> None:
    """Run within a transaction: tables, then columns that the vocabulary gained, then the rows."""
    _add_columns(connection, ddl)
    connection.execute(ddl)
    connection.executemany(
        "INSERT OR IGNORE INTO counter VALUES (?, ?)", [*_START.items(), ("latest", BEGIN)]
    )
    connection.execute(
        "INSERT OR IGNORE INTO identity VALUES ('store_id', ?)", (str(uuid.uuid4()),)
    )
    connection.executemany(
        "INSERT OR REPLACE INTO identity VALUES (?, ?)",
        [("schema_level", str(LEVEL)), ("ddl", ddl)],
    )


def _add_columns(connection: apsw.Connection, ddl: str) -> None:
    """Bring tables that exist up to the columns of the vocabulary; new ones are nullable."""
    wanted = apsw.Connection(":memory:")
    wanted.execute(ddl)
    columns = (
        "SELECT t.name, c.name, c.type FROM sqlite_schema t JOIN pragma_table_info(t.name) c "
        "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    present = list(connection.execute(columns))
    tables = {table for table, _, _ in present}
    for table, column, kind in wanted.execute(columns):
        if table in tables and (table, column, kind) not in present:
            connection.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    wanted.close()
