"""Measures that two persons decide, and verdicts with their labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MEASURE_STATES = "('proposed', 'approved', 'refused', 'withdrawn', 'carried_out')"


def upgrade() -> None:
    """Create the three tables."""
    _create_measures()
    op.create_table(
        "verdicts",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *_texts("case_id", "case_number", "outcome", "judge"),
        sa.Column("at", _INT64, nullable=False),
        sa.Column("withdrawn_at", _INT64, nullable=True),
        sa.Column("projected_at", _INT64, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'not_confirmed', 'partly')", name=op.f("ck_verdicts_outcome")
        ),
        sa.PrimaryKeyConstraint("number", name="pk_verdicts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_verdicts_case_id_cases"),
        sqlite_autoincrement=True,
    )
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "ix_verdicts_standing",
        "verdicts",
        ["case_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_table(
        "verdict_labels",
        sa.Column("verdict", _INT64, nullable=False),
        *_texts("finding_id", "kind", "key", "role", "outcome"),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'not_confirmed')", name=op.f("ck_verdict_labels_outcome")
        ),
        sa.PrimaryKeyConstraint("verdict", "finding_id", "kind", "key", name="pk_verdict_labels"),
        sa.ForeignKeyConstraint(
            ["verdict"],
            ["verdicts.number"],
            name="fk_verdict_labels_verdict_verdicts",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("verdict_labels", "verdicts", "measures"):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _create_measures() -> None:
    op.create_table(
        "measures",
        *_texts("measure_id", "case_id", "kind", "target", "basis", "state", "proposer"),
        sa.Column("proposed_at", _INT64, nullable=False),
        sa.Column("decider", sa.Text(), nullable=True),
        sa.Column("decided_at", _INT64, nullable=True),
        sa.CheckConstraint(f"state IN {_MEASURE_STATES}", name=op.f("ck_measures_state")),
        sa.CheckConstraint("decider <> proposer", name=op.f("ck_measures_four_eyes")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused', 'carried_out') OR decider IS NOT NULL",
            name=op.f("ck_measures_decided"),
        ),
        sa.PrimaryKeyConstraint("measure_id", name="pk_measures"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_measures_case_id_cases"),
    )
    op.create_index("ix_measures_case", "measures", ["case_id", "proposed_at"])
