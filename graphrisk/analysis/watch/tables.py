"""Rows of watch lists, of what they told, and of how far the graph was looked through."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class WatchListRow(Base):
    """A list of one owner."""

    __tablename__ = "watch_lists"

    list_id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text, index=True)
    areas: Mapped[list[str]] = mapped_column(JSON)  # of the owner when he last changed it
    purpose: Mapped[str] = mapped_column(Text)
    case: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    expires_at: Mapped[int] = mapped_column(Int64)
    closed_at: Mapped[int | None] = mapped_column(Int64)


class WatchItemRow(Base):
    """Something on a list; ``nid`` is filled in when it has appeared."""

    __tablename__ = "watch_items"
    __table_args__ = (
        UniqueConstraint("list_id", "kind", "key", name="uq_watch_items_list_id_kind_key"),
        Index("ix_watch_items_nid", "nid"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    list_id: Mapped[str] = mapped_column(Text, ForeignKey("watch_lists.list_id"))
    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    nid: Mapped[int | None] = mapped_column(Int64)
    since: Mapped[int] = mapped_column(Int64)  # the graph's version when it was added
    added_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC


class WatchHitRow(Base):
    """What was told of an item; a change of the graph once."""

    __tablename__ = "watch_hits"
    __table_args__ = (
        UniqueConstraint("item", "upto", name="uq_watch_hits_item_upto"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    item: Mapped[int] = mapped_column(Int64, ForeignKey("watch_items.number"))
    list_id: Mapped[str] = mapped_column(Text, ForeignKey("watch_lists.list_id"), index=True)
    nid: Mapped[int] = mapped_column(Int64)
    changed: Mapped[list[str]] = mapped_column(JSON)
    upto: Mapped[int] = mapped_column(Int64)  # the graph's version that the look saw
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC


class WatchPositionRow(Base):
    """How far the graph was looked through: one row a graph store."""

    __tablename__ = "watch_positions"

    store_id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Int64)
    stamp: Mapped[int] = mapped_column(Int64)  # of that version in the store's history
