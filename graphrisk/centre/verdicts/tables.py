"""Rows of verdicts and of the labels that follow from them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

_STANDS = text("withdrawn_at IS NULL")


class VerdictRow(Base):
    """A verdict; a case has one that stands."""

    __tablename__ = "verdicts"
    __table_args__ = (
        CheckConstraint("outcome IN ('confirmed', 'not_confirmed', 'partly')", name="outcome"),
        Index(
            "ix_verdicts_standing",
            "case_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(Text, ForeignKey("cases.case_id"))
    case_number: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    judge: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    withdrawn_at: Mapped[int | None] = mapped_column(Int64)
    projected_at: Mapped[int | None] = mapped_column(Int64)  # None: the graph does not know yet


class LabelRow(Base):
    """What a verdict says of a member of a finding."""

    __tablename__ = "verdict_labels"
    __table_args__ = (CheckConstraint("outcome IN ('confirmed', 'not_confirmed')", name="outcome"),)

    verdict: Mapped[int] = mapped_column(
        Int64, ForeignKey("verdicts.number", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
