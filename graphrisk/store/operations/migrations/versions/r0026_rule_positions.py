"""Up to where events were judged by rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rule_positions",
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("version", _INT64, nullable=False),
        sa.Column("stamp", _INT64, nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("judging", sa.JSON(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("store_id", name="pk_rule_positions"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("rule_positions")
