"""Principals and their grants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "principals",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("principal_id", "name", "title", "area", "added_by")
        ),
        sa.Column("added_at", _INT64, nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", _INT64, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_principals"),
        sa.UniqueConstraint("name", name="uq_principals_name"),
        sa.UniqueConstraint("principal_id", name="uq_principals_principal_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "principal_grants",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("principal", _INT64, nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("roles", "areas")),
        sa.Column("ends_at", _INT64, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "reason", "given_by")),
        sa.Column("given_at", _INT64, nullable=False),
        *_done("decided"),
        *_done("withdrawn"),
        sa.CheckConstraint(
            "state IN ('proposed', 'given', 'refused', 'withdrawn')",
            name=op.f("ck_principal_grants_state"),
        ),
        sa.CheckConstraint("decided_by <> given_by", name=op.f("ck_principal_grants_four_eyes")),
        sa.ForeignKeyConstraint(
            ["principal"], ["principals.number"], name="fk_principal_grants_principal_principals"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_principal_grants"),
        sa.UniqueConstraint("grant_id", name="uq_principal_grants_grant_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_principal_grants_principal", "principal_grants", ["principal", "number"])
    op.create_index("ix_principal_grants_state", "principal_grants", ["state", "principal"])


def downgrade() -> None:
    """Drop them."""
    for table in ("principal_grants", "principals"):
        op.drop_table(table)


def _done(what: str) -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column(f"{what}_by", sa.Text(), nullable=True),
        sa.Column(f"{what}_at", _INT64, nullable=True),
    )
