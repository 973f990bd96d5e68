"""Detection: runs, findings, members, lineage, node scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EVENTS = "('born', 'kept', 'grown', 'shrunk', 'changed', 'split', 'merged', 'dissolved')"


def upgrade() -> None:
    """Create the five tables."""
    _create_runs()
    _create_findings()
    _create_members()
    op.create_table(
        "finding_lineage",
        *_run_and_finding("finding_lineage"),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=True),
        sa.Column("overlap", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run", "finding_id", name="pk_finding_lineage"),
        sa.CheckConstraint(f"event IN {_EVENTS}", name=op.f("ck_finding_lineage_event")),
    )
    op.create_table(
        "node_scores",
        sa.Column("run", _INT64, nullable=False),
        sa.Column("nid", _INT64, autoincrement=False, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run", "nid", name="pk_node_scores"),
        _of_run("node_scores"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("node_scores", "finding_lineage", "finding_members", "findings", "analysis_runs"):
        op.drop_table(table)


def _of_run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["run"],
        ["analysis_runs.number"],
        name=f"fk_{table}_run_analysis_runs",
        ondelete="CASCADE",
    )


def _run_and_finding(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("run", _INT64, nullable=False),
        sa.Column("finding_id", sa.Text(), nullable=False),
        _of_run(table),
    ]


def _create_runs() -> None:
    op.create_table(
        "analysis_runs",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("started_at", _INT64, nullable=False),
        sa.Column("finished_at", _INT64, nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("snapshot_version", _INT64, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("parameters_digest", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("scores_written_at", _INT64, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_analysis_runs"),
        sa.UniqueConstraint("run_id", name="uq_analysis_runs_run_id"),
        sqlite_autoincrement=True,
    )


def _create_findings() -> None:
    op.create_table(
        "findings",
        *_run_and_finding("findings"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("first_run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "finding_id", name="pk_findings"),
    )
    op.create_index("ix_findings_rank", "findings", ["run", "score", "finding_id"])


def _create_members() -> None:
    op.create_table(
        "finding_members",
        *_run_and_finding("finding_members"),
        sa.Column("nid", _INT64, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "finding_id", "nid", name="pk_finding_members"),
    )
    op.create_index("ix_finding_members_nid", "finding_members", ["nid", "run"])
