"""The operations database as one file, and back: SQLite's own copy, or PostgreSQL's pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, inspect, make_url

from graphrisk.core.errors import ConfigError, Conflict, StoreError, StoreUnavailable
from graphrisk.store.operations.database import BUSY_SECONDS, Database
from graphrisk.store.operations.faults import translated
from graphrisk.store.private import make_private

#: Where Debian keeps the programs of each release of PostgreSQL.
_DEBIAN: Final = "/usr/lib/postgresql"


def dump(url: str, target: Path) -> None:
    """Write all tables, as of one moment, into a new file. Writers wait on SQLite alone.

    Raises:
        ConfigError: PostgreSQL's ``pg_dump`` is not there.
        StoreUnavailable: The database cannot be reached.
    """
    make_private(target)
    source = make_url(url)
    if source.get_backend_name() == "sqlite":
        _copy(str(source.database), str(target))
    else:
        _run(source, "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


def put_back(url: str, file: Path) -> None:
    """Fill a database that holds nothing from a file that ``dump`` wrote.

    Raises:
        Conflict: The database holds tables already; nothing was changed.
        ConfigError: The file is of the other engine, or ``pg_restore`` is not there.
        StoreError: The file is damaged; a PostgreSQL database is left as it was.
    """
    target = make_url(url)
    is_sqlite = target.get_backend_name() == "sqlite"
    with file.open("rb") as stream:
        if stream.read(6) != (b"SQLite" if is_sqlite else b"PGDMP\x01"):
            other = "PostgreSQL" if is_sqlite else "SQLite"
            raise ConfigError(f"the backup of the operations database is of {other}: name one")
    if is_sqlite:
        if Path(str(target.database)).exists():
            raise Conflict(f"{target.database} is there already: a backup goes where nothing is")
        make_private(Path(str(target.database)))
        _copy(str(file), str(target.database))
        return
    database = Database(url)
    try:
        with translated(), database.reading() as session:
            if inspect(session.connection()).get_table_names():
                raise Conflict("the operations database holds tables: a backup goes into an empty")
    finally:
        database.dispose()
    _run(target, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", str(file))


def _copy(source: str, target: str) -> None:
    try:
        with (
            closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as read,
            closing(sqlite3.connect(target)) as written,
        ):
            read.backup(written)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"SQLite, {source}: {error}") from error


def _run(url: URL, program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs on the database; the password goes by the environment."""
    shown = url.set(drivername="postgresql", password=None).render_as_string()
    around = dict(os.environ)
    if url.password is not None:
        around["PGPASSWORD"] = str(url.password)
    command: Sequence[str] = [_found(program), f"--dbname={shown}", *words]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        kind = StoreUnavailable if "connection to server" in done.stderr else StoreError
        raise kind(said[0] if said else f"{program} ended with {done.returncode}")


def _found(program: str) -> str:
    """The program on the path, or the newest that Debian installed."""
    there = shutil.which(program)
    if there is not None:
        return there
    kept = [folder / "bin" / program for folder in Path(_DEBIAN).glob("*")]
    kept = [file for file in kept if file.exists()]
    if not kept:
        raise ConfigError(f"{program} is not there: install PostgreSQL's client programs")
    return str(max(kept, key=lambda file: float(file.parts[-3])))
