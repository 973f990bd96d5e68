"""Rows of cases, of their findings with members, and of the numbers that were given."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("open", "held", "closed", "merged")
_ATTACHED = text("detached_at IS NULL")


class CaseRow(Base):
    """A case."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged"),
        CheckConstraint("(state = 'held') = (holder IS NOT NULL)", name="holder"),
        Index("ix_cases_area", "area", "ordinal"),
        Index("ix_cases_holder", "holder", "ordinal"),
        Index("ix_cases_merged_into", "merged_into"),
        {"sqlite_autoincrement": True},
    )

    ordinal: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(Text, unique=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    matter: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    holder: Mapped[str | None] = mapped_column(Text)
    held_until: Mapped[int | None] = mapped_column(Int64)  # epoch ms UTC, exclusive
    opened_by: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    closed_at: Mapped[int | None] = mapped_column(Int64)
    merged_into: Mapped[str | None] = mapped_column(Text, ForeignKey("cases.case_id"))
    version: Mapped[int] = mapped_column(Int64)


class CaseFindingRow(Base):
    """A finding in a case; it is in one case at a time."""

    __tablename__ = "case_findings"
    __table_args__ = (
        Index(
            "ix_case_findings_attached",
            "finding_id",
            unique=True,
            sqlite_where=_ATTACHED,
            postgresql_where=_ATTACHED,
        ),
        Index("ix_case_findings_case", "case_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(Text, ForeignKey("cases.case_id"))
    finding_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Double)
    attached_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    attached_by: Mapped[str] = mapped_column(Text)
    detached_at: Mapped[int | None] = mapped_column(Int64)


class CaseMemberRow(Base):
    """A member of a finding as the case knows it."""

    __tablename__ = "case_members"
    __table_args__ = (Index("ix_case_members_key", "kind", "key"),)

    attachment: Mapped[int] = mapped_column(
        Int64, ForeignKey("case_findings.number", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)


class CaseNumberRow(Base):
    """The last number given in a county and year."""

    __tablename__ = "case_numbers"

    county: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Int64)


class HeardRunRow(Base):
    """A detection of which the cases have heard what became of their rings."""

    __tablename__ = "case_heard_runs"

    run: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=False)
