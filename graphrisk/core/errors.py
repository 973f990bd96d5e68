"""The one error tree of the service.

GraphRiskError            INTERNAL            500
├── BadInput              BAD_INPUT           400   a value from outside cannot be used; says where
├── Unauthenticated       UNAUTHENTICATED     401   nobody known asks: no token or key, or a bad one
├── Forbidden             FORBIDDEN           403   scope, role or purpose does not allow it
│   └── CaseRequired      CASE_REQUIRED       403   a case of one's own has to be named
├── NotFound              NOT_FOUND           404   no such thing within the caller's scope
├── Conflict              CONFLICT            409   the state moved on; nothing was written
├── LimitExceeded         LIMIT_EXCEEDED      429   a declared cap was reached
├── ConfigError           CONFIG              500   settings, mapping or key ring unusable
├── StoreError            STORE               500   a store answered with a fault
│   └── StoreUnavailable  STORE_UNAVAILABLE   503   a store cannot be reached; try again later
└── Unsupported           UNSUPPORTED         501   this engine cannot do it; says which can

Third-party exceptions are translated at the adapter that meets them (``raise … from``).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE})
_NO_PLACE = frozenset(
    {
        errno.EACCES,
        errno.EEXIST,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENOTEMPTY,
        errno.EPERM,
        errno.EROFS,
    }
)


class GraphRiskError(Exception):
    """Base of everything this service raises on purpose; the message is for a human."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500


class BadInput(GraphRiskError):
    """A value from outside cannot be used. Names the file, line and column where known."""

    code = "BAD_INPUT"
    status = 400

    def __init__(
        self,
        reason: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        self.reason = reason
        self.file = file
        self.line = line
        self.column = column
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {reason}" if place else reason)


class Unauthenticated(GraphRiskError):
    """Nobody known asks: the token or key is missing, unknown, ended or withdrawn."""

    code = "UNAUTHENTICATED"
    status = 401


class Forbidden(GraphRiskError):
    """Scope, role or purpose does not allow the request."""

    code = "FORBIDDEN"
    status = 403


class CaseRequired(Forbidden):
    """The number of a case that one works on must be named (X-Case) to read of persons."""

    code = "CASE_REQUIRED"


class NotFound(GraphRiskError):
    """No such thing within the caller's scope."""

    code = "NOT_FOUND"
    status = 404


class Conflict(GraphRiskError):
    """The state moved on since it was read; nothing was written."""

    code = "CONFLICT"
    status = 409


class LimitExceeded(GraphRiskError):
    """A declared cap (rows, depth, cost, rate) was reached."""

    code = "LIMIT_EXCEEDED"
    status = 429

    def __init__(self, reason: str, *, retry_after_seconds: int | None = None) -> None:
        self.retry_after_seconds = retry_after_seconds  # of a rate: when the same may succeed
        super().__init__(reason)


class ConfigError(GraphRiskError):
    """Settings, a mapping, a schema file or the key ring is unusable."""

    code = "CONFIG"
    status = 500


class StoreError(GraphRiskError):
    """A store answered with a fault that is not the caller's."""

    code = "STORE"
    status = 500


class StoreUnavailable(StoreError):
    """A store cannot be reached now; the same request may succeed later."""

    code = "STORE_UNAVAILABLE"
    status = 503


class Unsupported(GraphRiskError):
    """This engine cannot do what was asked; the message says which can."""

    code = "UNSUPPORTED"
    status = 501


@contextmanager
def system_faults(place: Path | None = None) -> Iterator[None]:
    """Translate what the operating system says of files within; ``place`` where it names none.

    A full or failing disk is ``StoreUnavailable``: the same may succeed later. A place that is not
    there, is of another kind or may not be written is ``BadInput``. Other faults pass as they are.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM | _NO_PLACE:
            raise
        file = str(error.filename or place or "")
        reason = os.strerror(error.errno)
        if error.errno in _NO_PLACE:
            raise BadInput(reason, file=file or None) from error
        raise StoreUnavailable(f"{file}: {reason}" if file else reason) from error
