"""API keys and the digests of their secrets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "api_keys",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key_id", "name")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("roles", "areas", "purposes")),
        sa.Column("issued_by", sa.Text(), nullable=False),
        *(sa.Column(name, _INT64, nullable=False) for name in ("issued_at", "expires_at")),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        *(sa.Column(name, _INT64, nullable=True) for name in ("revoked_at", "used_at")),
        sa.PrimaryKeyConstraint("number", name="pk_api_keys"),
        sa.UniqueConstraint("key_id", name="uq_api_keys_key_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_key_secrets",
        *(sa.Column(name, _INT64, nullable=False) for name in ("key", "number")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("digest", "created_by")),
        sa.Column("created_at", _INT64, nullable=False),
        sa.Column("ends_at", _INT64, nullable=True),
        sa.ForeignKeyConstraint(
            ["key"], ["api_keys.number"], name="fk_api_key_secrets_key_api_keys"
        ),
        sa.PrimaryKeyConstraint("key", "number", name="pk_api_key_secrets"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("api_key_secrets", "api_keys"):
        op.drop_table(table)
