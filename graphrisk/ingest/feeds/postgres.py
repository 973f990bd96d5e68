"""Pull from PostgreSQL: the rows of a query, whole or behind the last one seen."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from graphrisk.core.errors import BadInput, ConfigError, StoreUnavailable
from graphrisk.ingest.feeds.config import PostgresFeed

if TYPE_CHECKING:
    from psycopg import Connection, sql

PAGE_ROWS = 50_000
_FETCHED_ROWS = 5_000
_CONNECT_SECONDS = 15
_STATEMENT = "30min"


class PostgresPull:
    """Fetches rows in one read-only transaction a page, through a cursor of the server's.

    The server writes the rows as JSON: times as ISO 8601, numbers exactly as they are.
    """

    def __init__(self, feed: PostgresFeed) -> None:
        try:
            import psycopg  # noqa: F401
        except ImportError as error:
            raise ConfigError(
                f"{feed.name} needs a driver: pip install graphrisk[postgres]"
            ) from error
        self._feed = feed
        self._password = os.environ.get(feed.secret) if feed.secret is not None else None
        if feed.secret is not None and not self._password:
            raise ConfigError(f"{feed.name}: the variable {feed.secret} holds no password")

    def fetch(self, token: str | None, add: Callable[[bytes], None]) -> str | None:
        """Hand rows to ``add``, each as a JSON object; 50,000 at most and those equal to the last.

        Returns:
            ``after`` of the last row, ``None`` when all rows of the query were handed over.

        Raises:
            StoreUnavailable: the server cannot be reached.
            BadInput: the query fails, or ``after`` is null in a row.
        """
        import psycopg

        try:
            with self._connected() as connection, connection.cursor("graphrisk") as cursor:
                cursor.itersize = _FETCHED_ROWS
                cursor.execute(self._statement(token), [] if token is None else [token])
                last = None
                for key, row in cursor:
                    if self._feed.after is not None and key is None:
                        raise BadInput(f"{self._feed.after} is null in a row", file=self._feed.name)
                    add(row.encode())
                    last = key
                return last
        except (psycopg.OperationalError, psycopg.errors.QueryCanceled) as error:
            raise StoreUnavailable(f"{self._feed.name}: {_told(error)}") from error
        except psycopg.Error as error:
            raise BadInput(f"the query fails: {_told(error)}", file=self._feed.name) from error

    def _connected(self) -> Connection[tuple[str | None, str]]:
        import psycopg

        connection = psycopg.connect(
            self._feed.url,
            password=self._password,
            connect_timeout=_CONNECT_SECONDS,
            options=f"-c statement_timeout={_STATEMENT} -c timezone=Asia/Shanghai",
        )
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return connection

    def _statement(self, token: str | None) -> sql.Composed:
        from psycopg import sql

        # The operator's own text; the transaction it runs in can change nothing.
        query = sql.SQL(self._feed.query.replace("%", "%%"))
        if self._feed.after is None:
            return sql.SQL("SELECT NULL, to_jsonb(q)::text FROM ({}) q").format(query)
        return sql.SQL(
            "SELECT q.{key}::text, to_jsonb(q)::text FROM ({query}) q {behind} "
            "ORDER BY q.{key} NULLS FIRST FETCH FIRST {most} ROWS WITH TIES"
        ).format(
            key=sql.Identifier(self._feed.after),
            query=query,
            behind=sql.SQL("")
            if token is None
            else sql.SQL("WHERE q.{0} > %s OR q.{0} IS NULL").format(
                sql.Identifier(self._feed.after)
            ),
            most=sql.Literal(PAGE_ROWS),
        )


def _told(error: Exception) -> str:
    """The first line of what the driver says; the password is in none."""
    return next(iter(str(error).splitlines()), type(error).__name__)
