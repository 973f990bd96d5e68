"""Rows of rules: versions with their steps, hits, and how many actions a period has had."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from graphrisk.store.operations.base import Base, Int64

STATES = ("draft", "submitted", "live", "refused", "retired")
LEVELS = ("alert", "action")
OUTCOMES = ("warned", "proposed", "taken", "capped", "shadow")
_LIVE = text("state = 'live'")


class RuleRow(Base):
    """A version of a rule; of each rule one version is live."""

    __tablename__ = "rules"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        UniqueConstraint("rule_id", "version", name="uq_rules_rule_id_version"),
        Index("ix_rules_live", "rule_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    rule_id: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text)
    maker: Mapped[str] = mapped_column(Text)  # who submitted it last
    shadow: Mapped[bool] = mapped_column(Boolean)  # judges beside the live one


class RuleStepRow(Base):
    """A step in the life of a version; never changed."""

    __tablename__ = "rule_steps"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    rule: Mapped[int] = mapped_column(Int64, ForeignKey("rules.number"), index=True)
    step: Mapped[str] = mapped_column(Text)  # the state it led to, or shadow_on, shadow_off
    author: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(Int64)  # epoch ms UTC


class RuleHitRow(Base):
    """What a version said of an event; the same event once."""

    __tablename__ = "rule_hits"
    __table_args__ = (
        CheckConstraint(f"level IN {LEVELS}", name="level"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        UniqueConstraint("rule", "kind", "event", name="uq_rule_hits_rule_kind_event"),
        Index("ix_rule_hits_event", "kind", "event"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Int64, primary_key=True, autoincrement=True)
    rule: Mapped[int] = mapped_column(Int64, ForeignKey("rules.number"))
    kind: Mapped[str] = mapped_column(Text)
    event: Mapped[int] = mapped_column(Int64)  # key of the event among its kind
    at: Mapped[int] = mapped_column(Int64)  # of the event, epoch ms UTC
    about: Mapped[int] = mapped_column(Int64)  # nid; below 0: not in the graph
    points: Mapped[int] = mapped_column(Int64)
    level: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    rung: Mapped[str | None] = mapped_column(Text)  # asked for; None: a warning only
    told: Mapped[list[list[float]]] = mapped_column(JSON)  # [term, value, points] of each reason
    edges: Mapped[list[int]] = mapped_column(JSON)  # eids of the event in the graph


class RuleCapRow(Base):
    """How many actions a rule (or a rung) has had in a period."""

    __tablename__ = "rule_caps"

    what: Mapped[str] = mapped_column(Text, primary_key=True)  # rule:ID or rung:NAME
    period: Mapped[int] = mapped_column(Int64, primary_key=True)  # its beginning, epoch ms UTC
    within_ms: Mapped[int] = mapped_column(Int64, primary_key=True)
    taken: Mapped[int] = mapped_column(Int64)
    refused: Mapped[int] = mapped_column(Int64)


class RulePositionRow(Base):
    """Up to where the events of a graph store were judged, and what its counters had seen."""

    __tablename__ = "rule_positions"

    store_id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Int64)  # of the graph, as it was then
    stamp: Mapped[int] = mapped_column(Int64)  # of that version in the store's history
    marks: Mapped[dict[str, int]] = mapped_column(JSON)  # of each data set and edge kind
    judging: Mapped[list[list[int]]] = mapped_column(JSON)  # [version, is a shadow] of all
    counted: Mapped[str | None] = mapped_column(Text)  # the file that holds the counters


class RehearsalRow(Base):
    """A rehearsal of a version on history, asked for and done."""

    __tablename__ = "rule_rehearsals"

    rehearsal_id: Mapped[str] = mapped_column(Text, primary_key=True)
    rule: Mapped[int] = mapped_column(Int64, ForeignKey("rules.number"), index=True)
    since: Mapped[int] = mapped_column(Int64)  # epoch ms UTC
    until: Mapped[int] = mapped_column(Int64)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[int] = mapped_column(Int64)
    done: Mapped[int] = mapped_column(Int64)  # events judged so far
    total: Mapped[int] = mapped_column(Int64)
    finished_at: Mapped[int | None] = mapped_column(Int64)
    result: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
