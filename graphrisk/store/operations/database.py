"""Connections to the operations database: SQLite in one file, or PostgreSQL.

SQLite stays out of WAL mode (docs/decisions/0001-operations-journal.md): rollback journal,
``synchronous=FULL``, and every writing transaction begins with ``BEGIN IMMEDIATE``, so two
writers wait for each other instead of failing when one turns from reading to writing.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from graphrisk.core.errors import ConfigError, StoreUnavailable
from graphrisk.store.operations import chain
from graphrisk.store.operations.faults import translated
from graphrisk.store.private import make_private

#: How long a SQLite connection waits for another process to finish its transaction, seconds.
BUSY_SECONDS: Final = 30
#: How often those who wait for events look, where nobody wakes them.
_LOOK_SECONDS: Final = 0.25
_READING: Final = "graphrisk_reading"


@dataclass(frozen=True, slots=True)
class OperationsHealth:
    """What ``doctor`` and ``/readyz`` show of the operations database."""

    engine: str  # sqlite or postgresql
    engine_version: str
    revision: str | None  # migration the tables are at; None = never migrated
    head: str  # migration this release needs
    notes: list[str] = field(default_factory=list)

    @property
    def is_current(self) -> bool:
        """True when the tables are those this release needs."""
        return self.revision == self.head


class Database:
    """The operations database at a SQLAlchemy URL; safe to share between threads.

    ``url`` is ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME`` (password: ``PGPASSWORD``,
    ``PGPASSFILE`` or in the URL). ``ConfigError`` for anything else, for a SQLite database in
    memory (each connection would see its own) and when the PostgreSQL driver is missing.
    Opening connects to nothing.
    """

    def __init__(self, url: str) -> None:
        target = _target(url)
        self._engine = _open_sqlite(target) if _is_sqlite(target) else _open_postgres(target)
        self._reading = self._engine.execution_options(**{_READING: True})

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def url(self) -> str:
        """The URL without its password, fit for a log."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A writing transaction: committed when the block ends, rolled back when it raises.

        Raises ``Conflict`` (a constraint, a lost race), ``StoreUnavailable`` (cannot connect,
        locked for too long), ``StoreError`` otherwise. Keep it short: SQLite has one writer.
        """
        with (
            translated(),
            Session(self._engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one moment and may not write (``StoreError`` if it tries)."""
        with (
            translated(),
            Session(self._reading, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[float], None]]:
        """A way to wait, in seconds at most, for somebody to notify ``channel`` (PostgreSQL).

        What is notified from here on is heard by the next wait. SQLite notifies nobody: there a
        wait is a short sleep. ``StoreUnavailable`` when the connection breaks.
        """
        if self.dialect == "sqlite":
            yield lambda seconds: time.sleep(min(seconds, _LOOK_SECONDS))
            return
        with translated(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(f'LISTEN "{channel}"')
            try:
                yield partial(_await_notice, connection)
            finally:
                connection.invalidate()  # its server would go on telling whoever has it next

    def migrate(self) -> None:
        """Bring the tables to the newest migration; safe to call always and from many processes."""
        with self._exclusive() as connection:
            chain.upgrade(connection)

    def downgrade(self, revision: str) -> None:
        """Go back to ``revision`` (``base`` = no tables). Later tables lose their rows."""
        with self._exclusive() as connection:
            chain.downgrade(connection, revision)

    def health(self) -> OperationsHealth:
        """Engine, versions and complaints; ``StoreUnavailable`` when it cannot be reached."""
        with translated(), self._reading.begin() as connection:
            return OperationsHealth(
                engine=self.dialect,
                engine_version=".".join(map(str, self._engine.dialect.server_version_info or ())),
                revision=chain.current(connection),
                head=chain.head(),
                notes=_complaints(connection),
            )

    def dispose(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _exclusive(self) -> Iterator[Connection]:
        """One transaction that no other migrator can be in."""
        with translated(), self._engine.begin() as connection:
            if self.dialect == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(hashtext('graphrisk.chain'))")
                )
            yield connection


def _target(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        # Not chained: the library's message repeats the URL, which may hold a password.
        raise ConfigError("the operations database is not a SQLAlchemy URL") from None


def _is_sqlite(target: URL) -> bool:
    return target.get_backend_name() == "sqlite"


def _open_sqlite(target: URL) -> Engine:
    if not target.database or target.database == ":memory:":
        raise ConfigError("the operations database needs a file: sqlite:///FILE")
    Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    make_private(Path(target.database))
    engine = create_engine(
        target.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": BUSY_SECONDS},
        json_serializer=_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgres(target: URL) -> Engine:
    if target.get_backend_name() != "postgresql":
        raise ConfigError(
            f"the operations database is SQLite or PostgreSQL, not {target.get_backend_name()}"
        )
    try:
        engine = create_engine(
            target.set(drivername="postgresql+psycopg"), pool_pre_ping=True, json_serializer=_json
        )
    except (ImportError, NoSuchModuleError) as error:
        raise ConfigError("PostgreSQL needs its driver: pip install graphrisk[postgres]") from error
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _json(value: object) -> str:
    """JSON that both databases accept: no NaN; keys sorted, so equal values are equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    for pragma in (
        "journal_mode=TRUNCATE",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    is_reading = _READING in connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if is_reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    if _READING in connection.get_execution_options():
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _await_notice(connection: Connection, seconds: float) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        for _ in driver.notifies(timeout=seconds, stop_after=1):
            return
    except connection.dialect.loaded_dbapi.Error as error:
        raise StoreUnavailable("the connection that waited for events broke") from error


def _complaints(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if str(mode).lower() == "wal":
        return ["the file is in WAL mode, which this SQLite can corrupt; stop all other programs"]
    return []
