"""Rows of sources, of what they delivered, and of feeds that fetch it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class SourceRow(Base):
    """A source as its mapping described it at the last delivery, or when a feed first asked it."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    doc_zh: Mapped[str] = mapped_column(Text, server_default="")
    doc_en: Mapped[str] = mapped_column(Text, server_default="")
    owner_zh: Mapped[str] = mapped_column(Text)
    owner_en: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text)
    reliability: Mapped[str] = mapped_column(Text)
    every_ms: Mapped[int | None] = mapped_column(Int64)
    late_since: Mapped[int | None] = mapped_column(Int64)  # the due time that was told as missed
    expected_since: Mapped[int | None] = mapped_column(Int64)  # when a feed asked it first


class DeliveryRow(Base):
    """A delivered file, one row however often the same bytes come."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("source", "delivery"),
        Index("ix_deliveries_source_known", "source", "known_at"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(Text, ForeignKey("sources.name"))
    delivery: Mapped[str] = mapped_column(Text)  # SHA-256 of its bytes
    file: Mapped[str] = mapped_column(Text)
    known_at: Mapped[int] = mapped_column(Int64)  # when it came last, epoch ms UTC
    rows: Mapped[int] = mapped_column(Int64)
    loaded: Mapped[int] = mapped_column(Int64)
    unchanged: Mapped[int] = mapped_column(Int64)
    rejected: Mapped[int] = mapped_column(Int64)
    closed: Mapped[int] = mapped_column(Int64)
    error: Mapped[str | None] = mapped_column(Text)


class FeedRow(Base):
    """How far a feed has got: what it asks from next, and the pages it has taken."""

    __tablename__ = "feeds"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    asks: Mapped[str] = mapped_column(Text)  # digest of what it asks: tokens mean nothing elsewhere
    token: Mapped[str | None] = mapped_column(Text)
    pages: Mapped[int] = mapped_column(Int64)


class TakenRow(Base):
    """A file or folder that a folder feed has taken, as it was then."""

    __tablename__ = "feed_files"

    feed: Mapped[str] = mapped_column(Text, primary_key=True)
    entry: Mapped[str] = mapped_column(Text, primary_key=True)
    mark: Mapped[str] = mapped_column(Text)  # sizes and times: what costs no reading
    digest: Mapped[str] = mapped_column(Text)  # SHA-256 of each of its files
