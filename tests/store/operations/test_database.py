"""The operations database: transactions, errors, waiting writers."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from graphrisk.core.errors import ConfigError, Conflict, StoreError, StoreUnavailable
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.tables import LeaseRow


def _lease(name: str, fence: int = 1) -> LeaseRow:
    return LeaseRow(name=name, owner="a", fence=fence, expires_at=0)


def _names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(text("SELECT name FROM leases ORDER BY name")).scalars())


def test_a_session_commits_when_its_block_ends(database: Database) -> None:
    with database.session() as session:
        session.add(_lease("kept"))
    assert _names(database) == ["kept"]


def test_a_session_that_raises_leaves_nothing(database: Database) -> None:
    def add_and_fail() -> None:
        with database.session() as session:
            session.add(_lease("lost"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert _names(database) == []


def test_a_reading_session_may_not_write(database: Database) -> None:
    sneaked = insert(LeaseRow).values(name="sneaked", owner="a", fence=1, expires_at=0)
    with pytest.raises(StoreError), database.reading() as session:
        session.execute(sneaked)
    with database.session() as session:
        session.add(_lease("allowed"))
    assert _names(database) == ["allowed"]


def test_a_broken_constraint_is_a_conflict_that_names_no_values(database: Database) -> None:
    with database.session() as session:
        session.add(LeaseRow(name="kept", owner="owner-of-secrets", fence=1, expires_at=0))
    again = insert(LeaseRow).values(name="kept", owner="owner-of-secrets", fence=1, expires_at=0)
    with pytest.raises(Conflict) as raised, database.session() as session:
        session.execute(again)
    assert "owner-of-secrets" not in str(raised.value)


def test_a_missing_table_is_a_fault_of_the_store(database_url: str) -> None:
    database = Database(database_url)  # never migrated
    with pytest.raises(StoreError) as raised:
        _names(database)
    assert raised.value.code == "STORE"
    database.dispose()


def test_tables_of_a_newer_release_are_refused_and_left_as_they_are(database: Database) -> None:
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    with pytest.raises(ConfigError, match=r"newer release .*r9999.*GRAPHRISK_OPERATIONS"):
        database.migrate()
    health = database.health()
    assert (health.revision, health.is_current) == ("r9999", False)


def test_writers_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    with database.session() as session:
        session.add(_lease("sum", fence=0))

    def add() -> None:
        for _ in range(25):
            with database.session() as session:
                row = session.get(LeaseRow, "sum", with_for_update=True)
                assert row is not None
                row.fence += 1

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        row = session.get(LeaseRow, "sum")
        assert row is not None
        assert row.fence == 100


def test_many_processes_may_migrate_at_once(database_url: str) -> None:
    code = (
        "import sys; from graphrisk.store.operations.database import Database;"
        "Database(sys.argv[1]).migrate()"
    )
    command = [sys.executable, "-c", code, database_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    ended = [(process.communicate()[1], process.returncode) for process in processes]
    assert [code for _, code in ended] == [0] * 4, ended
    database = Database(database_url)
    assert database.health().is_current
    database.dispose()


def test_health_tells_engine_version_and_migration(database_url: str) -> None:
    database = Database(database_url)
    before = database.health()
    assert (before.revision, before.is_current) == (None, False)
    database.migrate()
    after = database.health()
    assert after.engine == database.dialect
    assert after.engine_version[0].isdigit()
    assert (after.is_current, after.notes) == (True, [])
    database.downgrade("base")
    assert database.health().revision is None
    database.dispose()


def test_health_complains_about_wal(tmp_path: Path) -> None:
    file = tmp_path / "operations.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    reader = sqlite3.connect(file)  # holds the file, so that it stays in that mode
    reader.execute("PRAGMA journal_mode=WAL")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM leases").fetchall()
    notes = database.health().notes
    assert len(notes) == 1
    assert "WAL" in notes[0]
    reader.close()
    database.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://root:s3cret@db/risk",
        "postgresql://u:s3cret/db",
    ],
)
def test_what_is_no_operations_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Database(url)
    assert "s3cret" not in str(raised.value)


def test_a_server_that_is_not_there_is_unavailable_and_its_password_stays_hidden() -> None:
    database = Database("postgresql://risk:s3cret@127.0.0.1:1/risk")
    assert "s3cret" not in database.url
    with pytest.raises(StoreUnavailable) as raised:
        database.health()
    assert "s3cret" not in str(raised.value)
    database.dispose()
