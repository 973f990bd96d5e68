"""Outbox, leases, jobs and heartbeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the four tables."""
    _create_outbox()
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("fence", _INT64, nullable=False),
        sa.Column("expires_at", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    _create_jobs()
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("started_at", _INT64, nullable=False),
        sa.Column("beat_at", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("process", name="pk_heartbeats"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("heartbeats", "jobs", "leases", "outbox"):
        op.drop_table(table)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _INT64, autoincrement=True, nullable=False),
        sa.Column("position", _INT64, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("position", name="uq_outbox_position"),
        sqlite_autoincrement=True,
    )
    unplaced = sa.text("position IS NULL")
    op.create_index(
        "ix_outbox_unplaced", "outbox", ["id"], sqlite_where=unplaced, postgresql_where=unplaced
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", _INT64, nullable=False),
        sa.Column("every_ms", _INT64, nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("fence", _INT64, nullable=False),
        sa.Column("lease_until", _INT64, nullable=True),
        sa.Column("attempts", _INT64, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_jobs"),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_jobs_state")
        ),
        sa.CheckConstraint("every_ms IS NULL OR every_ms > 0", name=op.f("ck_jobs_every")),
    )
    op.create_index("ix_jobs_state_due", "jobs", ["state", "due_at", "name"])
