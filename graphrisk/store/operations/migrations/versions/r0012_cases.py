"""Cases with their findings, steps and deadlines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the eight tables."""
    _create_deadlines()
    _create_steps()
    _create_cases()
    _create_findings()
    op.create_table(
        "case_numbers",
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("year", _INT64, autoincrement=False, nullable=False),
        sa.Column("last", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("county", "year", name="pk_case_numbers"),
    )
    op.create_table(
        "case_heard_runs",
        sa.Column("run", _INT64, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_case_heard_runs"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "case_heard_runs",
        "case_numbers",
        "case_members",
        "case_findings",
        "cases",
        "centre_steps",
        "escalations",
        "deadlines",
    ):
        op.drop_table(table)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, _INT64, nullable=nullable) for name in names]


def _create_deadlines() -> None:
    states = "state IN ('running', 'suspended', 'met', 'missed', 'void')"
    op.create_table(
        "deadlines",
        *_texts("deadline_id", "subject", "name", "area", "state"),
        *_numbers("started_at", "due_at"),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        *_texts("pause"),
        *_numbers("level"),
        *_numbers("next_at", "ended_at", nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_deadlines_state")),
        sa.PrimaryKeyConstraint("deadline_id", name="pk_deadlines"),
    )
    live, running = sa.text("state IN ('running', 'suspended')"), sa.text("state = 'running'")
    _partial("ix_deadlines_live", "deadlines", ["subject", "name"], live, unique=True)
    _partial("ix_deadlines_next", "deadlines", ["next_at"], running, unique=False)
    op.create_index("ix_deadlines_subject", "deadlines", ["subject"])
    op.create_table(
        "escalations",
        *_texts("deadline_id"),
        sa.Column("level", _INT64, autoincrement=False, nullable=False),
        *_texts("area", "unit"),
        *_numbers("due_at", "at"),
        sa.PrimaryKeyConstraint("deadline_id", "level", name="pk_escalations"),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadlines.deadline_id"],
            name="fk_escalations_deadline_id_deadlines",
            ondelete="CASCADE",
        ),
    )


def _create_steps() -> None:
    op.create_table(
        "centre_steps",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *_texts("step_id", "subject", "part_of", "action", "before", "after", "author", "reason"),
        *_numbers("at"),
        sa.Column("detail", sa.JSON(), nullable=False),
        *_texts("digest"),
        sa.PrimaryKeyConstraint("number", name="pk_centre_steps"),
        sa.UniqueConstraint("step_id", name="uq_centre_steps_step_id"),
        sqlite_autoincrement=True,
    )
    for column in ("part_of", "subject"):
        op.create_index(f"ix_centre_steps_{column}", "centre_steps", [column, "number"])


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("ordinal", _INT64, autoincrement=True, nullable=False),
        *_texts("case_id", "number", "title", "area", "unit"),
        *_texts("matter", nullable=True),
        *_texts("state"),
        *_texts("holder", nullable=True),
        *_numbers("held_until", nullable=True),
        *_texts("opened_by"),
        *_numbers("opened_at"),
        *_numbers("closed_at", nullable=True),
        *_texts("merged_into", nullable=True),
        *_numbers("version"),
        sa.CheckConstraint(
            "state IN ('open', 'held', 'closed', 'merged')", name=op.f("ck_cases_state")
        ),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_cases_merged")
        ),
        sa.CheckConstraint("(state = 'held') = (holder IS NOT NULL)", name=op.f("ck_cases_holder")),
        sa.PrimaryKeyConstraint("ordinal", name="pk_cases"),
        sa.UniqueConstraint("case_id", name="uq_cases_case_id"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["cases.case_id"], name="fk_cases_merged_into_cases"
        ),
        sqlite_autoincrement=True,
    )
    for column in ("area", "holder"):
        op.create_index(f"ix_cases_{column}", "cases", [column, "ordinal"])
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"])


def _create_findings() -> None:
    op.create_table(
        "case_findings",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *_texts("case_id", "finding_id", "kind"),
        sa.Column("score", sa.Double(), nullable=False),
        *_numbers("attached_at"),
        *_texts("attached_by"),
        *_numbers("detached_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_case_findings"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name="fk_case_findings_case_id_cases"
        ),
        sqlite_autoincrement=True,
    )
    attached = sa.text("detached_at IS NULL")
    _partial("ix_case_findings_attached", "case_findings", ["finding_id"], attached, unique=True)
    op.create_index("ix_case_findings_case", "case_findings", ["case_id"])
    op.create_table(
        "case_members",
        sa.Column("attachment", _INT64, nullable=False),
        *_texts("kind", "key", "role"),
        sa.PrimaryKeyConstraint("attachment", "kind", "key", name="pk_case_members"),
        sa.ForeignKeyConstraint(
            ["attachment"],
            ["case_findings.number"],
            name="fk_case_members_attachment_case_findings",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_case_members_key", "case_members", ["kind", "key"])


def _partial(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
