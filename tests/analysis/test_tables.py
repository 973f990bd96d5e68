"""The migration makes the tables that the code declares."""

from __future__ import annotations

import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from graphrisk.analysis import tables
from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database

_OURS = {
    row.__tablename__
    for row in (
        tables.RunRow,
        tables.FindingRow,
        tables.MemberRow,
        tables.LineageRow,
        tables.NodeScoreRow,
        tables.RecordRow,
    )
}


def test_the_migrated_tables_are_the_declared_ones(database: Database) -> None:
    with database.session() as session:
        context = MigrationContext.configure(session.connection())
        differences = compare_metadata(context, Base.metadata)
    ours = re.compile(rf"\b({'|'.join(_OURS)})\b")  # other rooms' tables may end like ours
    assert [item for item in differences if ours.search(str(item))] == []


def test_the_migration_can_be_undone(database: Database) -> None:
    database.downgrade("0001")
    assert database.health().revision == "0001"
    database.migrate()
    assert database.health().is_current
