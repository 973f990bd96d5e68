"""The declarative base of the operations tables, on SQLite and PostgreSQL alike.

Every ``tables.py`` of the service declares on ``Base``; one Alembic chain in ``migrations/``
creates them all. Rows that must change together (a decision and its outbox event) share a
``Session`` and so a transaction.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase

#: Int64. SQLite numbers rows by itself only in a column declared INTEGER (also 64 bits wide).
Int64 = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Base of all operations tables. Constraints have names, so migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
