"""Rows of detection: runs, findings with members, lineage between runs, node scores."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

LINEAGE_EVENTS = ("born", "kept", "grown", "shrunk", "changed", "split", "merged", "dissolved")


class RunRow(Base):
    """One detection run. ``number`` is the order of runs: two may begin in the same millisecond."""

    __tablename__ = "analysis_runs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(Text, unique=True)
    started_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    finished_at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    store_id: Mapped[str] = mapped_column(Text)
    snapshot_version: Mapped[int] = mapped_column(Int64)
    snapshot_stamp: Mapped[int] = mapped_column(Int64)
    model: Mapped[str] = mapped_column(Text)
    parameters_digest: Mapped[str] = mapped_column(Text)
    parameters: Mapped[dict[str, object]] = mapped_column(JSON)
    scores_written_at: Mapped[int | None] = mapped_column(Int64)  # None = not yet in the graph


class FindingRow(Base):
    """A finding as one run saw it."""

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_rank", "run", "score", "finding_id"),)

    run: Mapped[int] = mapped_column(
        Int64, ForeignKey("analysis_runs.number", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Double)
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON)  # strongest first
    evidence: Mapped[list[int]] = mapped_column(JSON)  # eids, ascending
    first_run: Mapped[str] = mapped_column(Text)
    community: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))


class MemberRow(Base):
    """A node's part in a finding of a run."""

    __tablename__ = "finding_members"
    __table_args__ = (Index("ix_finding_members_nid", "nid", "run"),)

    run: Mapped[int] = mapped_column(
        Int64, ForeignKey("analysis_runs.number", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[str] = mapped_column(Text, primary_key=True)
    nid: Mapped[int] = mapped_column(Int64, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)


class RecordRow(Base):
    """A record that was one person with a member of a finding when the run saw them."""

    __tablename__ = "run_records"

    run: Mapped[int] = mapped_column(
        Int64, ForeignKey("analysis_runs.number", ondelete="CASCADE"), primary_key=True
    )
    nid: Mapped[int] = mapped_column(Int64, primary_key=True)
    stands_for: Mapped[int] = mapped_column(Int64)  # nid of the member


class LineageRow(Base):
    """What became of a finding from the run before to this one."""

    __tablename__ = "finding_lineage"
    __table_args__ = (CheckConstraint(f"event IN {LINEAGE_EVENTS}", name="event"),)

    run: Mapped[int] = mapped_column(
        Int64, ForeignKey("analysis_runs.number", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[str] = mapped_column(Text, primary_key=True)
    event: Mapped[str] = mapped_column(Text)
    other_id: Mapped[str | None] = mapped_column(Text)  # split from, merged into
    overlap: Mapped[float] = mapped_column(Double)  # Jaccard of members with the run before


class NodeScoreRow(Base):
    """A node's score in a run; nodes without a row score 0."""

    __tablename__ = "node_scores"

    run: Mapped[int] = mapped_column(
        Int64, ForeignKey("analysis_runs.number", ondelete="CASCADE"), primary_key=True
    )
    nid: Mapped[int] = mapped_column(Int64, primary_key=True)
    score: Mapped[float] = mapped_column(Double)
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON)  # strongest first
