"""Turns SQLAlchemy's exceptions into the service's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm.exc import StaleDataError

from graphrisk.core.errors import (
    BadInput,
    Conflict,
    GraphRiskError,
    StoreError,
    StoreUnavailable,
)

#: SQLite's result codes (their first word) that pass by themselves or with a free disk.
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR")


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``GraphRiskError`` in place of whatever SQLAlchemy raises inside the block.

    The driver's message is kept (it names table and constraint) without the statement's
    parameters, which may be personal.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise _translation(error) from error


def _translation(error: SQLAlchemyError) -> GraphRiskError:
    message = _message(error)
    match error:
        case IntegrityError():
            return Conflict(f"the operations database refused the row: {message}")
        case StaleDataError():
            return Conflict(f"the row was changed by somebody else: {message}")
        case OperationalError() if _is_retryable(error):
            return Conflict(f"another transaction was faster: {message}")
        case OperationalError() if _is_passing(error):
            return StoreUnavailable(f"the operations database cannot answer now: {message}")
        case TimeoutError():
            return StoreUnavailable(
                f"all connections to the operations database are busy: {message}"
            )
        case DataError():
            return BadInput(f"a value does not fit the operations database: {message}")
        case _:
            return StoreError(f"the operations database failed: {message}")


def _message(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(cause).strip()
    # PostgreSQL puts the refused values on lines of their own (DETAIL, CONTEXT).
    return text.splitlines()[0] if text else type(cause).__name__


def _is_retryable(error: OperationalError) -> bool:
    """PostgreSQL's class 40: serialization failure, deadlock."""
    return str(getattr(error.orig, "sqlstate", None) or "").startswith("40")


def _is_passing(error: OperationalError) -> bool:
    """Everything PostgreSQL calls operational; of SQLite's only what can pass by itself."""
    name = getattr(error.orig, "sqlite_errorname", None)
    return name is None or str(name).startswith(_PASSING)
