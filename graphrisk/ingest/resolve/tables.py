"""Rows of what persons judged of two records."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

_VERDICTS = ("same", "different", "unsure", "withdrawn")
#: In place of the key of a person who was erased.
ERASED = ""
_LAST = text("superseded_at IS NULL")


class JudgementRow(Base):
    """A judgement; a pair has one last word, whoever judges at the same moment."""

    __tablename__ = "identity_judgements"
    __table_args__ = (
        CheckConstraint(f"verdict IN {_VERDICTS}", name="verdict"),
        Index(
            "ix_identity_judgements_last",
            "one",
            "other",
            unique=True,
            sqlite_where=_LAST,
            postgresql_where=_LAST,
        ),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    judgement_id: Mapped[str] = mapped_column(Text, unique=True)
    one: Mapped[str] = mapped_column(Text)  # key of a person, the smaller of the two
    other: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    judge: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    judged_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    superseded_at: Mapped[int | None] = mapped_column(Int64)  # epoch ms UTC; None = the last word
    projected_at: Mapped[int | None] = mapped_column(Int64)  # None = not yet in the graph
