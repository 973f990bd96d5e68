"""Saved queries, what they answered last, and what was new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "saved_queries",
        *(_text(name) for name in ("query_id", "name", "owner")),
        sa.Column("question", sa.JSON(), nullable=False),
        _text("purpose"),
        sa.Column("case", sa.Text(), nullable=True),
        _int("created_at"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("roles", "areas")),
        _int("shown_at"),
        *(sa.Column(name, _INT64, nullable=True) for name in ("paused_at", "looked_at")),
        sa.Column("refused", sa.Text(), nullable=True),
        *(_int(name) for name in ("answers", "looks")),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("query_id", name="pk_saved_queries"),
    )
    op.create_index("ix_saved_queries_owner", "saved_queries", ["owner"])
    op.create_table(
        "saved_answers",
        *(_text(name) for name in ("query_id", "thing", "digest")),
        sa.PrimaryKeyConstraint("query_id", "thing", name="pk_saved_answers"),
        _of_query("saved_answers"),
    )
    op.create_table(
        "saved_news",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(_text(name) for name in ("query_id", "thing", "change")),
        _int("at"),
        sa.PrimaryKeyConstraint("number", name="pk_saved_news"),
        _of_query("saved_news"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_news_query_id", "saved_news", ["query_id"])


def downgrade() -> None:
    """Drop them."""
    for table in ("saved_news", "saved_answers", "saved_queries"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, _INT64, nullable=False)


def _of_query(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["query_id"], ["saved_queries.query_id"], name=f"fk_{table}_query_id_saved_queries"
    )
