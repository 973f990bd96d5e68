"""Events say where they belong and, where they are one person's, whose they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Two columns."""
    for name in ("area", "whom"):
        op.add_column("outbox", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in ("area", "whom"):
        op.drop_column("outbox", name)
