"""Feeds: how far they have got, and what watched folders have given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "feeds",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("pages", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_feeds"),
    )
    op.create_table(
        "feed_files",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("feed", "entry", "mark", "digest")
        ),
        sa.PrimaryKeyConstraint("feed", "entry", name="pk_feed_files"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("feed_files")
    op.drop_table("feeds")
