"""Rows of steps: written with the change that they tell of, never changed."""

from __future__ import annotations

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class StepRow(Base):
    """A step on a case, or on something that is part of one."""

    __tablename__ = "centre_steps"
    __table_args__ = (
        Index("ix_centre_steps_part_of", "part_of", "number"),
        Index("ix_centre_steps_subject", "subject", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    step_id: Mapped[str] = mapped_column(Text, unique=True)
    subject: Mapped[str] = mapped_column(Text)
    part_of: Mapped[str] = mapped_column(Text)  # the case in whose timeline it stands
    action: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(Text)  # SHA-256 of what was asked
