"""The operations database: declarative base and sessions (SQLite or PostgreSQL).

Every ``tables.py`` of the service declares on ``Base``; one Alembic chain in ``migrations/``
creates them all. Rows that must change together (a decision and its outbox event) share a
``Session`` and so a transaction.
"""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all operations tables."""
