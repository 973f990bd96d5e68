"""Findings tell in which community they lie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; findings of earlier runs have no community."""
    with op.batch_alter_table("findings") as table:
        table.add_column(sa.Column("community", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("findings") as table:
        table.drop_column("community")
