"""Rows of API keys and of their secrets' digests."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class ApiKeyRow(Base):
    """A key; it stays when it has ended."""

    __tablename__ = "api_keys"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    key_id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(JSON)
    areas: Mapped[list[str]] = mapped_column(JSON)
    purposes: Mapped[list[str]] = mapped_column(JSON)
    issued_by: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    expires_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC, exclusive
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[int | None] = mapped_column(Int64)
    used_at: Mapped[int | None] = mapped_column(Int64)  # at most one write a minute


class ApiKeySecretRow(Base):
    """The digest of one of a key's secrets; the secret itself is kept nowhere."""

    __tablename__ = "api_key_secrets"

    key: Mapped[int] = mapped_column(Int64, ForeignKey("api_keys.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Int64, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)
    ends_at: Mapped[int | None] = mapped_column(Int64)  # epoch ms UTC, exclusive
