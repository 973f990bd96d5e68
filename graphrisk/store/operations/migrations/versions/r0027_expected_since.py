"""Sources say since when they are expected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One column."""
    op.add_column("sources", sa.Column("expected_since", _INT64, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("sources", "expected_since")
