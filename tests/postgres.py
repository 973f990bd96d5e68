"""A PostgreSQL for the tests, and the operations database on both engines."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from graphrisk.store.operations.database import Database

_MISSING = (
    "PostgreSQL 15 cannot be had: install the Debian package postgresql-15 "
    "or set GRAPHRISK_TEST_POSTGRES to the URL of a server that may create databases"
)
#: Durability is SQLite's test here; PostgreSQL's own is not ours to test.
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=80"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a server where tests may create databases: given by the environment or started."""
    given = os.environ.get("GRAPHRISK_TEST_POSTGRES")
    if given:
        yield given
        return
    with own_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty database of the test's own."""
    name = f"graphrisk_{uuid.uuid4().hex}"
    server, _, query = postgres_server.partition("?")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        base = server.rpartition("/")[0]
        yield f"{base}/{name}?{query}" if query else f"{base}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty operations database, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'operations.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated operations database, once on each engine."""
    database = Database(database_url)
    database.migrate()
    yield database
    database.dispose()


@contextmanager
def own_server(settings: str = _FAST) -> Iterator[str]:
    """URL of a server of our own in a temporary folder, reached through a socket there."""
    programs = _programs()
    # Not under pytest's folder: a socket's path may have 107 characters, and the folder must
    # belong to the user the server runs as.
    root = Path(tempfile.mkdtemp(prefix="graphrisk-pg-"))
    data = root / "data"
    if os.geteuid() == 0:
        shutil.chown(root, "postgres", "postgres")
    try:
        _call(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {root} -c listen_addresses= {settings}"
        log = root / "log"
        _call(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={root}"
        finally:
            _call(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _programs() -> Path:
    """Folder of the server's programs; fails in one sentence when there is none."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).parent)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.fail(_MISSING, pytrace=False)


def _call(*command: str | Path) -> None:
    """Run a program of the server, never as root: PostgreSQL refuses that."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    words = [*prefix, *map(str, command)]
    # Output goes to a file: the started server would inherit a pipe and keep it open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(words, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace").strip().splitlines()
            last = text[-1] if text else "no output"
            pytest.fail(f"{_MISSING} ({Path(command[0]).name}: {last})", pytrace=False)
