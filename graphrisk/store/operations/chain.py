"""The one Alembic chain of the operations tables, run from the installed package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from graphrisk.core.errors import ConfigError

_FOLDER = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the missing migrations inside the caller's transaction.

    ``ConfigError`` when the tables are at a migration of a newer release.
    """
    held, scripts = current(connection), ScriptDirectory(str(_FOLDER)).walk_revisions()
    if held is not None and held not in {script.revision for script in scripts}:
        raise ConfigError(
            "the operations database was written by a newer release of graphrisk (migration "
            f"{held}, this one knows none after {head()}): install that release, or name another "
            "database in GRAPHRISK_OPERATIONS"
        )
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Undo migrations down to ``revision`` inside the caller's transaction."""
    command.downgrade(_config(connection), revision)


def current(connection: Connection) -> str | None:
    """Revision the database is at; ``None`` when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision this release ships."""
    revision = ScriptDirectory(str(_FOLDER)).get_current_head()
    assert revision is not None, "the chain has at least one migration"
    return revision


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
