"""Records of the audit, behind the entries of its log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audit",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("number", _INT64, autoincrement=False, nullable=False),
        sa.Column("writer", sa.Text(), nullable=False),
        *(sa.Column(name, _INT64, nullable=False) for name in ("sequence", "at")),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("count", _INT64, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("principal", "purpose", "case", "what")
        ),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", _INT64, nullable=True),
        sa.PrimaryKeyConstraint("origin", "number", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    for name in ("principal", "action", "case", "what"):
        op.create_index(f"ix_audit_{name}", "audit", [name, "number"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("audit")
