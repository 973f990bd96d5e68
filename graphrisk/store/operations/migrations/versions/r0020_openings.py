"""Openings: who sees for a time what lies outside his areas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "openings",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("opening_id", "kind", "asker", "case_id", "case_number", "reason")
        ),
        sa.Column("areas", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("node_kind", "node_key")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", _INT64, nullable=False),
        sa.Column("ends_at", _INT64, nullable=True),
        sa.Column("decider", sa.Text(), nullable=True),
        sa.Column("decided_at", _INT64, nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('request', 'emergency')", name=op.f("ck_openings_kind")),
        sa.CheckConstraint("decider <> asker", name=op.f("ck_openings_four_eyes")),
        sa.CheckConstraint(
            "(kind = 'request') = (node_key IS NOT NULL)", name=op.f("ck_openings_thing")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_openings_case_id_cases"),
        sa.PrimaryKeyConstraint("number", name="pk_openings"),
        sa.UniqueConstraint("opening_id", name="uq_openings_opening_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_openings_asker", "openings", ["asker", "case_number"])
    op.create_index("ix_openings_kind", "openings", ["kind", "number"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("openings")
