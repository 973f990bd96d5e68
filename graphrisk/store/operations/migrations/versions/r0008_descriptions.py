"""Sources tell in both languages what they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_COLUMNS = ("doc_zh", "doc_en")


def upgrade() -> None:
    """Add the columns, empty until a source delivers again."""
    with op.batch_alter_table("sources") as table:
        for name in _COLUMNS:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("sources") as table:
        for name in _COLUMNS:
            table.drop_column(name)
