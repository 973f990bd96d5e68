"""Rows of tasks: the task, each step that was taken, the packages that many came in."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("offered", "assigned", "submitted", "rework", "done", "cancelled", "expired")
_LAPSING = text("state = 'offered' AND expires_at IS NOT NULL")


class PackageRow(Base):
    """Tasks that were ordered together."""

    __tablename__ = "task_packages"

    package_id: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)  # of all its tasks, as they were asked for
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC


class TaskRow(Base):
    """A task; whose it is changes only together with a step."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("state <> 'assigned' OR assignee IS NOT NULL", name="assignee"),
        Index("ix_tasks_state_area", "state", "area", "number"),
        Index("ix_tasks_assignee", "assignee", "number"),
        Index("ix_tasks_package", "package_id", "number"),
        Index("ix_tasks_lapsing", "expires_at", sqlite_where=_LAPSING, postgresql_where=_LAPSING),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    task_id: Mapped[str] = mapped_column(Text, unique=True)
    package_id: Mapped[str | None] = mapped_column(Text, ForeignKey("task_packages.package_id"))
    digest: Mapped[str] = mapped_column(Text)  # of what it was made from
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    instructions: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    offered_to: Mapped[str | None] = mapped_column(Text)  # a role
    assignee: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    due_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    expires_at: Mapped[int | None] = mapped_column(Int64)  # epoch ms UTC


class StepRow(Base):
    """A step: never changed. Its id is made by who takes it, so that a repeated one is known."""

    __tablename__ = "task_steps"
    __table_args__ = (Index("ix_task_steps_task", "task", "number"), {"sqlite_autoincrement": True})

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    step_id: Mapped[str] = mapped_column(Text, unique=True)
    task: Mapped[int] = mapped_column(Int64, ForeignKey("tasks.number"))
    digest: Mapped[str] = mapped_column(Text)  # of what was asked for
    action: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    assignee: Mapped[str | None] = mapped_column(Text)  # whose the task is from then on
    proof: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
