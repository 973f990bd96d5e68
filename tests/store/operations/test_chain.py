"""Each step of the chain that this folder declares goes up, down and up, and makes its tables."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from graphrisk.store.operations.base import Base
from graphrisk.store.operations.book_tables import AccountRow, EntryRow, PostingRow
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.tables import ReaderRow

_OURS = {row.__tablename__ for row in (AccountRow, EntryRow, PostingRow, ReaderRow)}


def _differences(database: Database) -> list[object]:
    with database.session() as session:
        context = MigrationContext.configure(session.connection())
        found = compare_metadata(context, Base.metadata)
    return [item for item in found if any(name in str(item) for name in _OURS)]


def test_books_and_readers_are_made_as_declared_and_can_be_undone(database: Database) -> None:
    assert _differences(database) == []
    database.downgrade("0009")
    assert len(_differences(database)) >= len(_OURS)
    database.migrate()
    assert _differences(database) == []
