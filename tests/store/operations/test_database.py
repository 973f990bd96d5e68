"""The operations database: transactions, errors, waiting writers."""

from __future__ import annotations

import pytest
from sqlalchemy import text

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
