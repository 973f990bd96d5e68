"""Watch lists, what is on them, what they told, and how far the graph was looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "watch_lists",
        *(_text(name) for name in ("list_id", "name", "owner")),
        sa.Column("areas", sa.JSON(), nullable=False),
        _text("purpose"),
        sa.Column("case", sa.Text(), nullable=True),
        *(_int(name) for name in ("created_at", "expires_at")),
        sa.Column("closed_at", _INT64, nullable=True),
        sa.PrimaryKeyConstraint("list_id", name="pk_watch_lists"),
    )
    op.create_index("ix_watch_lists_owner", "watch_lists", ["owner"])
    op.create_table(
        "watch_items",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        *(_text(name) for name in ("list_id", "kind", "key")),
        sa.Column("nid", _INT64, nullable=True),
        *(_int(name) for name in ("since", "added_at")),
        sa.PrimaryKeyConstraint("number", name="pk_watch_items"),
        sa.UniqueConstraint("list_id", "kind", "key", name="uq_watch_items_list_id_kind_key"),
        _list_key("watch_items"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watch_items_nid", "watch_items", ["nid"])
    op.create_table(
        "watch_hits",
        sa.Column("number", _INT64, autoincrement=True, nullable=False),
        _int("item"),
        _text("list_id"),
        _int("nid"),
        sa.Column("changed", sa.JSON(), nullable=False),
        *(_int(name) for name in ("upto", "at")),
        sa.PrimaryKeyConstraint("number", name="pk_watch_hits"),
        sa.UniqueConstraint("item", "upto", name="uq_watch_hits_item_upto"),
        sa.ForeignKeyConstraint(
            ["item"], ["watch_items.number"], name="fk_watch_hits_item_watch_items"
        ),
        _list_key("watch_hits"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watch_hits_list_id", "watch_hits", ["list_id"])
    op.create_table(
        "watch_positions",
        _text("store_id"),
        *(_int(name) for name in ("version", "stamp")),
        sa.PrimaryKeyConstraint("store_id", name="pk_watch_positions"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("watch_positions", "watch_hits", "watch_items", "watch_lists"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, _INT64, nullable=False)


def _list_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["list_id"], ["watch_lists.list_id"], name=f"fk_{table}_list_id_watch_lists"
    )
