"""Webhooks and their messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "webhooks",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("webhook_id", "url", "owner")),
        sa.Column("posts", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        *(
            sa.Column(name, _INT64, nullable=False)
            for name in ("position", "created_at", "expires_at")
        ),
        sa.Column("stopped_at", _INT64, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_webhooks"),
        sa.UniqueConstraint("webhook_id", name="uq_webhooks_webhook_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_owner", "webhooks", ["owner"])
    op.create_table(
        "webhook_messages",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("webhook", _INT64, nullable=False),
        sa.Column("position", _INT64, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "body", "state")),
        sa.Column("attempts", _INT64, nullable=False),
        sa.Column("next_at", _INT64, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", _INT64, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'dead')", name=op.f("ck_webhook_messages_state")
        ),
        sa.ForeignKeyConstraint(
            ["webhook"], ["webhooks.number"], name="fk_webhook_messages_webhook_webhooks"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_webhook_messages"),
        sa.UniqueConstraint("message_id", name="uq_webhook_messages_message_id"),
        sa.UniqueConstraint("webhook", "position", name="uq_webhook_messages_webhook_position"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_webhook_messages_due",
        "webhook_messages",
        ["next_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("webhook_messages")
    op.drop_table("webhooks")
