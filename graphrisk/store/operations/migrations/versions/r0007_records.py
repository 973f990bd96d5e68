"""Records that were one person with a member of a finding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "run_records",
        *(
            sa.Column(name, _INT64, autoincrement=False, nullable=False)
            for name in ("run", "nid", "stands_for")
        ),
        sa.PrimaryKeyConstraint("run", "nid", name="pk_run_records"),
        sa.ForeignKeyConstraint(
            ["run"],
            ["analysis_runs.number"],
            name="fk_run_records_run_analysis_runs",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("run_records")
