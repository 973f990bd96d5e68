"""What persons judged of two records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "identity_judgements",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("judgement_id", "one", "other", "verdict", "judge", "reason")
        ),
        sa.Column("judged_at", _INT64, nullable=False),
        sa.Column("superseded_at", _INT64, nullable=True),
        sa.Column("projected_at", _INT64, nullable=True),
        sa.CheckConstraint(
            "verdict IN ('same', 'different', 'unsure', 'withdrawn')",
            name=op.f("ck_identity_judgements_verdict"),
        ),
        sa.PrimaryKeyConstraint("number", name="pk_identity_judgements"),
        sa.UniqueConstraint("judgement_id", name="uq_identity_judgements_judgement_id"),
        sqlite_autoincrement=True,
    )
    last = sa.text("superseded_at IS NULL")
    op.create_index(
        "ix_identity_judgements_last",
        "identity_judgements",
        ["one", "other"],
        unique=True,
        sqlite_where=last,
        postgresql_where=last,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("identity_judgements")
