"""Rows of deadlines and of the levels that were told."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("running", "suspended", "met", "missed", "void")
_LIVE = text("state IN ('running', 'suspended')")
_RUNNING = text("state = 'running'")


class DeadlineRow(Base):
    """A deadline; a subject has at most one of a name that still counts."""

    __tablename__ = "deadlines"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(
            "ix_deadlines_live",
            "subject",
            "name",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_deadlines_next", "next_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_deadlines_subject", "subject"),
    )

    deadline_id: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    started_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    due_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    is_provisional: Mapped[bool] = mapped_column(Boolean)
    pause: Mapped[str] = mapped_column(Text)  # between levels, e.g. 1 working day
    level: Mapped[int] = mapped_column(Int64)  # how often it was escalated
    next_at: Mapped[int | None] = mapped_column(Int64)  # None: the last level was told
    ended_at: Mapped[int | None] = mapped_column(Int64)


class EscalationRow(Base):
    """A level that was told; the key holds that it is told once."""

    __tablename__ = "escalations"

    deadline_id: Mapped[str] = mapped_column(
        Text, ForeignKey("deadlines.deadline_id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=False)
    area: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    due_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
