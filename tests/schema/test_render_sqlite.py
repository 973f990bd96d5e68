"""The shipped DDL is what the vocabulary says."""

from __future__ import annotations

import apsw

from graphrisk_schema import render_sqlite
from graphrisk_schema.reader import load_schema


def test_the_shipped_tables_follow_the_vocabulary() -> None:
    assert render_sqlite.ddl() == render_sqlite.render(load_schema()), (
        "run python -m graphrisk_schema.render_sqlite"
    )


def test_the_statements_can_be_run_again() -> None:
    database = apsw.Connection(":memory:")
    database.execute(render_sqlite.ddl())
    database.execute(render_sqlite.ddl())
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
    assert {"Person", "Person_fact", "Person_term", "CALLED", "TRANSFERRED"} <= tables
