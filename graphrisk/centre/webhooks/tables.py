"""Rows of webhooks and of what is posted to them."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("waiting", "sent", "dead")
_WAITING = text("state = 'waiting'")


class WebhookRow(Base):
    """An address of somebody, what it is told, and how far it has been."""

    __tablename__ = "webhooks"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    webhook_id: Mapped[str] = mapped_column(Text, unique=True)
    url: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text, index=True)
    posts: Mapped[list[list[list[str]]]] = mapped_column(JSON)  # his, as he last acted on it
    kinds: Mapped[list[str]] = mapped_column(JSON)  # of events; empty: all
    area: Mapped[str] = mapped_column(Text)  # prefix of codes; empty: all of his
    secrets: Mapped[list[list[str | int | None]]] = mapped_column(JSON)  # sealed text, its end
    position: Mapped[int] = mapped_column(Int64)  # of the last event that was looked at
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    expires_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC, exclusive
    stopped_at: Mapped[int | None] = mapped_column(Int64)


class WebhookMessageRow(Base):
    """One event on its way to one address."""

    __tablename__ = "webhook_messages"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        UniqueConstraint("webhook", "position"),
        Index(
            "ix_webhook_messages_due", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    webhook: Mapped[int] = mapped_column(Int64, ForeignKey("webhooks.number"))
    position: Mapped[int] = mapped_column(Int64)
    kind: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)  # the very text that is signed
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Int64)  # since it was last asked for
    next_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
