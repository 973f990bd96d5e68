"""Which history of the graph a run saw."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Runs of before saw a graph without stamps."""
    stamp = sa.Column("snapshot_stamp", _INT64, nullable=False, server_default="0")
    op.add_column("analysis_runs", stamp)


def downgrade() -> None:
    """Forget them."""
    op.drop_column("analysis_runs", "snapshot_stamp")
