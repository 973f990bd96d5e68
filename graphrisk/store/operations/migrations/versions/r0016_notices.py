"""Notices and their receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "notices",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("notice_id", "template", "recipient", "language", "area")
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", _INT64, nullable=False),
        sa.Column("next_at", _INT64, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", _INT64, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'delivered', 'read', 'refused', 'dead')",
            name=op.f("ck_notices_state"),
        ),
        sa.PrimaryKeyConstraint("number", name="pk_notices"),
        sa.UniqueConstraint("notice_id", name="uq_notices_notice_id"),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["next_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_notices_state", "notices", ["state", "number"])
    op.create_table(
        "notice_receipts",
        sa.Column("notice", _INT64, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", _INT64, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notices.number"],
            name="fk_notice_receipts_notice_notices",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice", "state", name="pk_notice_receipts"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("notice_receipts", "notices"):
        op.drop_table(table)
