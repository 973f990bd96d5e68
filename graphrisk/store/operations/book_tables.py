"""Rows of books of double entry. Entries and postings are only added; triggers refuse the rest."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class AccountRow(Base):
    """An account and what it has: the sum of its postings."""

    __tablename__ = "book_accounts"
    __table_args__ = (CheckConstraint("may_be_negative OR balance >= 0", name="owes"),)

    book: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)  # KIND:NAME
    may_be_negative: Mapped[bool] = mapped_column(Boolean)
    balance: Mapped[int] = mapped_column(Int64)


class EntryRow(Base):
    """One line of a book."""

    __tablename__ = "book_entries"
    __table_args__ = (
        UniqueConstraint("book", "award_rule", "award_task", "award_person"),
        Index("ix_book_entries_book", "book", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    book: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[str] = mapped_column(Text, unique=True)
    author: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    award_rule: Mapped[str | None] = mapped_column(Text)
    award_task: Mapped[str | None] = mapped_column(Text)
    award_person: Mapped[str | None] = mapped_column(Text)
    reverses: Mapped[str | None] = mapped_column(Text, unique=True)  # entry_id


class PostingRow(Base):
    """What an entry gives to an account, or takes from it."""

    __tablename__ = "book_postings"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_book_postings_account", "account", "entry"),
    )

    entry: Mapped[int] = mapped_column(Int64, ForeignKey("book_entries.number"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    amount: Mapped[int] = mapped_column(Int64)
