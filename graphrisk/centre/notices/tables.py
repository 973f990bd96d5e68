"""Rows of notices and of what their receivers said."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("waiting", "sent", "delivered", "read", "refused", "dead")
_WAITING = text("state = 'waiting'")


class NoticeRow(Base):
    """A notice, written in the transaction of what it tells."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_notices_waiting", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_notices_state", "state", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    notice_id: Mapped[str] = mapped_column(Text, unique=True)
    template: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)  # of what it tells: who looks after notices there
    content: Mapped[dict[str, str | int]] = mapped_column(JSON)  # the declared values
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Int64)  # since it was last asked for; grows at a claim
    next_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC: due, or the end of a claim
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC


class ReceiptRow(Base):
    """What a receiver said of a notice, each word once."""

    __tablename__ = "notice_receipts"

    notice: Mapped[int] = mapped_column(
        Int64, ForeignKey("notices.number", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
