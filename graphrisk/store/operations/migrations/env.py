"""Alembic's entry: run the chain on the connection that ``chain`` hands over.

The migrations are written by hand and import no tables: those declared above the store
(analysis, later the systems) must not be imported from here. A test compares the chain's
result with all declared tables.
"""

from __future__ import annotations

from alembic import context

# Batch mode: SQLite changes a table by copying it.
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
