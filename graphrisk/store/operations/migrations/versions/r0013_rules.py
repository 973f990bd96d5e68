"""Rules: versions, steps, hits, caps, rehearsals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _rules()
    _hits()
    op.create_table(
        "rule_caps",
        sa.Column("what", sa.Text(), nullable=False),
        *(_int(name) for name in ("period", "within_ms", "taken", "refused")),
        sa.PrimaryKeyConstraint("what", "period", "within_ms", name="pk_rule_caps"),
    )
    op.create_table(
        "rule_rehearsals",
        sa.Column("rehearsal_id", sa.Text(), nullable=False),
        *(_int(name) for name in ("rule", "since", "until")),
        sa.Column("asked_by", sa.Text(), nullable=False),
        *(_int(name) for name in ("asked_at", "done", "total")),
        sa.Column("finished_at", _INT64, nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("rehearsal_id", name="pk_rule_rehearsals"),
        sa.ForeignKeyConstraint(["rule"], ["rules.number"], name="fk_rule_rehearsals_rule_rules"),
    )
    op.create_index("ix_rule_rehearsals_rule", "rule_rehearsals", ["rule"])


def _rules() -> None:
    op.create_table(
        "rules",
        _number(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("rule_id", "version")),
        sa.Column("document", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "maker")),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'live', 'refused', 'retired')",
            name=op.f("ck_rules_state"),
        ),
        sa.PrimaryKeyConstraint("number", name="pk_rules"),
        sa.UniqueConstraint("rule_id", "version", name="uq_rules_rule_id_version"),
        sqlite_autoincrement=True,
    )
    live = sa.text("state = 'live'")
    op.create_index(
        "ix_rules_live", "rules", ["rule_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "rule_steps",
        _number(),
        _int("rule"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("step", "author", "reason")),
        _int("at"),
        sa.PrimaryKeyConstraint("number", name="pk_rule_steps"),
        sa.ForeignKeyConstraint(["rule"], ["rules.number"], name="fk_rule_steps_rule_rules"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rule_steps_rule", "rule_steps", ["rule"])


def _hits() -> None:
    op.create_table(
        "rule_hits",
        _number(),
        _int("rule"),
        sa.Column("kind", sa.Text(), nullable=False),
        *(_int(name) for name in ("event", "at", "about", "points")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("level", "outcome")),
        sa.Column("rung", sa.Text(), nullable=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("told", "edges")),
        sa.CheckConstraint("level IN ('alert', 'action')", name=op.f("ck_rule_hits_level")),
        sa.CheckConstraint(
            "outcome IN ('warned', 'proposed', 'taken', 'capped', 'shadow')",
            name=op.f("ck_rule_hits_outcome"),
        ),
        sa.PrimaryKeyConstraint("number", name="pk_rule_hits"),
        sa.UniqueConstraint("rule", "kind", "event", name="uq_rule_hits_rule_kind_event"),
        sa.ForeignKeyConstraint(["rule"], ["rules.number"], name="fk_rule_hits_rule_rules"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rule_hits_event", "rule_hits", ["kind", "event"])


def downgrade() -> None:
    """Drop them."""
    for table in ("rule_rehearsals", "rule_caps", "rule_hits", "rule_steps", "rules"):
        op.drop_table(table)


def _number() -> sa.Column[int]:
    return sa.Column("number", _INT64, autoincrement=True, nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, _INT64, nullable=False)
