"""Tasks, their steps and packages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "task_packages",
        *_texts("package_id", "digest", "created_by"),
        sa.Column("created_at", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("package_id", name="pk_task_packages"),
    )
    _create_tasks()
    op.create_table(
        "task_steps",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *_texts("step_id"),
        sa.Column("task", _INT64, nullable=False),
        *_texts("digest", "action", "before", "after", "author", "reason"),
        sa.Column("at", _INT64, nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("proof", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["task"], ["tasks.number"], name="fk_task_steps_task_tasks"),
        sa.PrimaryKeyConstraint("number", name="pk_task_steps"),
        sa.UniqueConstraint("step_id", name="uq_task_steps_step_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_task_steps_task", "task_steps", ["task", "number"])


def downgrade() -> None:
    """Drop them."""
    for table in ("task_steps", "tasks", "task_packages"):
        op.drop_table(table)


def _create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *_texts("task_id"),
        sa.Column("package_id", sa.Text(), nullable=True),
        *_texts("digest", "kind", "title", "instructions", "area", "state"),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("offered_to", "assignee")),
        sa.Column("case_id", sa.Text(), nullable=True),
        *_texts("created_by"),
        sa.Column("created_at", _INT64, nullable=False),
        sa.Column("due_at", _INT64, nullable=False),
        sa.Column("expires_at", _INT64, nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'assigned', 'submitted', 'rework', 'done', 'cancelled', "
            "'expired')",
            name=op.f("ck_tasks_state"),
        ),
        sa.CheckConstraint(
            "state <> 'assigned' OR assignee IS NOT NULL", name=op.f("ck_tasks_assignee")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["task_packages.package_id"], name="fk_tasks_package_id_task_packages"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_tasks"),
        sa.UniqueConstraint("task_id", name="uq_tasks_task_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_state_area", "tasks", ["state", "area", "number"])
    op.create_index("ix_tasks_assignee", "tasks", ["assignee", "number"])
    op.create_index("ix_tasks_package", "tasks", ["package_id", "number"])
    lapsing = sa.text("state = 'offered' AND expires_at IS NOT NULL")
    op.create_index(
        "ix_tasks_lapsing",
        "tasks",
        ["expires_at"],
        sqlite_where=lapsing,
        postgresql_where=lapsing,
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
