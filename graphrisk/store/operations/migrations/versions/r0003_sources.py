"""Sources and what they delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "sources",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_zh", sa.Text(), nullable=False),
        sa.Column("owner_en", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("every_ms", _INT64, nullable=True),
        sa.Column("late_since", _INT64, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_sources"),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("known_at", _INT64, nullable=False),
        *(
            sa.Column(name, _INT64, nullable=False)
            for name in ("rows", "loaded", "unchanged", "rejected", "closed")
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name="fk_deliveries_source_sources"),
        sa.UniqueConstraint("source", "delivery", name="uq_deliveries_source_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_source_known", "deliveries", ["source", "known_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deliveries")
    op.drop_table("sources")
