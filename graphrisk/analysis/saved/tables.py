"""Rows of saved queries, of what they answered last, and of what was new."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class SavedQueryRow(Base):
    """A query of one owner."""

    __tablename__ = "saved_queries"

    query_id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text, index=True)
    question: Mapped[dict[str, object]] = mapped_column(JSON)
    purpose: Mapped[str] = mapped_column(Text)
    case: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    roles: Mapped[list[str]] = mapped_column(JSON)  # that his token said he had, as the areas
    areas: Mapped[list[str]] = mapped_column(JSON)
    shown_at: Mapped[int] = mapped_column(Int64)
    paused_at: Mapped[int | None] = mapped_column(Int64)
    looked_at: Mapped[int | None] = mapped_column(Int64)
    refused: Mapped[str | None] = mapped_column(Text)  # code of an error
    answers: Mapped[int] = mapped_column(Int64)
    looks: Mapped[int] = mapped_column(Int64)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    seen: Mapped[dict[str, object]] = mapped_column(JSON)


class SavedAnswerRow(Base):
    """What a query answered last: no values, a digest of what its owner saw."""

    __tablename__ = "saved_answers"

    query_id: Mapped[str] = mapped_column(
        Text, ForeignKey("saved_queries.query_id"), primary_key=True
    )
    thing: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)


class SavedNewsRow(Base):
    """Something that was new in a look."""

    __tablename__ = "saved_news"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    query_id: Mapped[str] = mapped_column(Text, ForeignKey("saved_queries.query_id"), index=True)
    thing: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
