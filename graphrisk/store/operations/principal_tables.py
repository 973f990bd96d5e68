"""Rows of principals and of their grants."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("proposed", "given", "refused", "withdrawn")


class PrincipalRow(Base):
    """A principal; the row stays when he is ended."""

    __tablename__ = "principals"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    principal_id: Mapped[str] = mapped_column(Text, unique=True)  # in events, which name nobody
    name: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[int | None] = mapped_column(Int64)


class PrincipalGrantRow(Base):
    """Rights of a principal; the database itself refuses one that its giver decided."""

    __tablename__ = "principal_grants"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("decided_by <> given_by", name="four_eyes"),
        Index("ix_principal_grants_principal", "principal", "number"),
        Index("ix_principal_grants_state", "state", "principal"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    grant_id: Mapped[str] = mapped_column(Text, unique=True)
    principal: Mapped[int] = mapped_column(Int64, ForeignKey("principals.number"))
    roles: Mapped[list[str]] = mapped_column(JSON)
    areas: Mapped[list[str]] = mapped_column(JSON)
    ends_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC, exclusive
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text)
    given_at: Mapped[int] = mapped_column(Int64)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[int | None] = mapped_column(Int64)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[int | None] = mapped_column(Int64)
