"""Rows that processes coordinate by: outbox and its readers, leases, jobs, heartbeats."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

JOB_STATES = ("waiting", "running", "done", "failed")


class OutboxRow(Base):
    """An event, written in the transaction that made it true; ``position`` comes later."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_unplaced",
            "id",
            sqlite_where=text("position IS NULL"),
            postgresql_where=text("position IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    position: Mapped[int | None] = mapped_column(Int64, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    created_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    area: Mapped[str | None] = mapped_column(Text)
    whom: Mapped[str | None] = mapped_column(Text)


class ReaderRow(Base):
    """How far a reader of the outbox is."""

    __tablename__ = "outbox_readers"

    reader: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Int64)  # the last one that it handled
    moved_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC


class LeaseRow(Base):
    """Who may do a thing that only one may do; kept after release, so ``fence`` only grows."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    fence: Mapped[int] = mapped_column(Int64)
    expires_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC, exclusive


class JobRow(Base):
    """Work with a due time. While it runs, the row itself is the lease."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(f"state IN {JOB_STATES}", name="state"),
        CheckConstraint("every_ms IS NULL OR every_ms > 0", name="every"),
        Index("ix_jobs_state_due", "state", "due_at", "name"),
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text)
    due_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    every_ms: Mapped[int | None] = mapped_column(Int64)  # None = once
    owner: Mapped[str | None] = mapped_column(Text)
    fence: Mapped[int] = mapped_column(Int64)  # grows with every claim
    lease_until: Mapped[int | None] = mapped_column(Int64)  # epoch ms UTC, exclusive
    attempts: Mapped[int] = mapped_column(Int64)  # claims since the last success
    error: Mapped[str | None] = mapped_column(Text)  # of the last failure
    done_at: Mapped[int | None] = mapped_column(Int64)  # when it last succeeded, epoch ms UTC


class HeartbeatRow(Base):
    """What a background process last said of itself."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(Text, primary_key=True)  # e.g. worker
    owner: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    started_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    beat_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
