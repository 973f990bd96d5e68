"""Books of double entry, which refuse to be edited, and how far readers of the outbox are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FIXED = ("book_entries", "book_postings")


def upgrade() -> None:
    """Create the tables and what keeps entries as they are."""
    op.create_table(
        "book_accounts",
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("may_be_negative", sa.Boolean(), nullable=False),
        sa.Column("balance", _INT64, nullable=False),
        sa.CheckConstraint("may_be_negative OR balance >= 0", name=op.f("ck_book_accounts_owes")),
        sa.PrimaryKeyConstraint("book", "account", name="pk_book_accounts"),
    )
    _create_entries()
    op.create_table(
        "book_postings",
        sa.Column("entry", _INT64, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount", _INT64, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_book_postings_amount")),
        sa.ForeignKeyConstraint(
            ["entry"], ["book_entries.number"], name="fk_book_postings_entry_book_entries"
        ),
        sa.PrimaryKeyConstraint("entry", "account", name="pk_book_postings"),
    )
    op.create_index("ix_book_postings_account", "book_postings", ["account", "entry"])
    _fix()
    op.create_table(
        "outbox_readers",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("position", _INT64, nullable=False),
        sa.Column("moved_at", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("reader", name="pk_outbox_readers"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("outbox_readers", "book_postings", "book_entries", "book_accounts"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION graphrisk_refuse_change()")


def _create_entries() -> None:
    op.create_table(
        "book_entries",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("book", "entry_id", "author", "reason")
        ),
        sa.Column("at", _INT64, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("award_rule", "award_task", "award_person", "reverses")
        ),
        sa.PrimaryKeyConstraint("number", name="pk_book_entries"),
        sa.UniqueConstraint("entry_id", name="uq_book_entries_entry_id"),
        sa.UniqueConstraint("reverses", name="uq_book_entries_reverses"),
        sa.UniqueConstraint(
            "book",
            "award_rule",
            "award_task",
            "award_person",
            name="uq_book_entries_book_award_rule_award_task_award_person",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_book_entries_book", "book_entries", ["book", "number"])


def _fix() -> None:
    """Let the database itself refuse what would edit a book."""
    if op.get_context().dialect.name == "sqlite":
        for table in _FIXED:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'a book is not edited, only added to'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION graphrisk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE integrity_constraint_violation USING MESSAGE = "
        "'a book is not edited, only added to'; END $$"
    )
    for table in _FIXED:
        for change, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{each.lower()} BEFORE {change} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION graphrisk_refuse_change()"
            )
