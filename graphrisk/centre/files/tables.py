"""Rows of files that were added to cases and tasks."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64


class UploadRow(Base):
    """A file of a case or of a task; what it holds lies in a folder, once for all who have it."""

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("holder IN ('case', 'task')", name="holder"),
        UniqueConstraint("subject", "sha256"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    holder: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)  # id of the case or task
    sha256: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Int64)  # bytes
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
