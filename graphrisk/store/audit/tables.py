"""Rows of the audit: what the entries of its log commit to, in clear, until they are erased."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class AuditRow(Base):
    """The record behind one entry. Of an erased one only what the entry says is left."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_principal", "principal", "number"),
        Index("ix_audit_action", "action", "number"),
        Index("ix_audit_case", "case", "number"),
        Index("ix_audit_what", "what", "number"),
    )

    origin: Mapped[str] = mapped_column(Text, primary_key=True)  # the log's name
    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=False)  # its index
    writer: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(Int64)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    action: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(Int64)
    principal: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str | None] = mapped_column(Text)
    case: Mapped[str | None] = mapped_column(Text)
    what: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)  # erased with the four before it
    erased_at: Mapped[int | None] = mapped_column(Int64)
