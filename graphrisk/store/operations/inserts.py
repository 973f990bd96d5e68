"""INSERT that may meet a row that stands already, in the words of either engine."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from graphrisk.store.operations.base import Base


def insert_into(session: Session, row: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(row) if is_sqlite else postgresql.insert(row)
