"""Rows of measures; the database itself refuses one that its proposer decided."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("proposed", "approved", "refused", "withdrawn", "carried_out")


class MeasureRow(Base):
    """A measure."""

    __tablename__ = "measures"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("decider <> proposer", name="four_eyes"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused', 'carried_out') OR decider IS NOT NULL",
            name="decided",
        ),
        Index("ix_measures_case", "case_id", "proposed_at"),
    )

    measure_id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(Text, ForeignKey("cases.case_id"))
    kind: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    proposer: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    decider: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[int | None] = mapped_column(Int64)
