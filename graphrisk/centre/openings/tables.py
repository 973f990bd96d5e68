"""Rows of openings; the database itself refuses one that its asker decided."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class OpeningRow(Base):
    """An opening; the row stays when its time is over."""

    __tablename__ = "openings"
    __table_args__ = (
        CheckConstraint("kind IN ('request', 'emergency')", name="kind"),
        CheckConstraint("decider <> asker", name="four_eyes"),
        CheckConstraint("(kind = 'request') = (node_key IS NOT NULL)", name="thing"),
        Index("ix_openings_asker", "asker", "case_number"),
        Index("ix_openings_kind", "kind", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    opening_id: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    asker: Mapped[str] = mapped_column(Text)
    case_id: Mapped[str] = mapped_column(Text, ForeignKey("cases.case_id"))
    case_number: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[str]] = mapped_column(JSON)
    node_kind: Mapped[str | None] = mapped_column(Text)
    node_key: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    ends_at: Mapped[int | None] = mapped_column(Int64)  # epoch ms UTC, exclusive
    decider: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[int | None] = mapped_column(Int64)
    decision: Mapped[str] = mapped_column(Text, default="")
