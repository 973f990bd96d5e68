"""Files that were added to cases and tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "uploads",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("holder", "subject", "sha256", "name", "media_type")
        ),
        sa.Column("size", _INT64, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", _INT64, nullable=False),
        sa.CheckConstraint("holder IN ('case', 'task')", name=op.f("ck_uploads_holder")),
        sa.PrimaryKeyConstraint("number", name="pk_uploads"),
        sa.UniqueConstraint("subject", "sha256", name="uq_uploads_subject_sha256"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("uploads")
