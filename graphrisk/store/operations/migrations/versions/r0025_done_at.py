"""Jobs say when they were done last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One column."""
    op.add_column("jobs", sa.Column("done_at", _INT64, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("jobs", "done_at")
