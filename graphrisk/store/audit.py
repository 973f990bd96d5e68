"""Who read what, for which purpose: one JSON line an access, in a file that only grows."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from graphrisk.access.model import Principal, Purpose
from graphrisk.core.clock import Clock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.core.files import private_folder


class AuditFile:
    """``graphrisk.access.model.AuditPort`` on a file, readable by its owner alone.

    Raises:
        StoreUnavailable: The file cannot be opened or written: a read that cannot be recorded is
            not answered.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        with _translated():
            private_folder(file.parent)
            self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._clock = clock
        self._lock = threading.Lock()

    def record(self, principal: Principal, action: str, purpose: Purpose, count: int) -> None:
        """See the port. One write call a line, so that processes do not mix theirs."""
        line = orjson.dumps(
            {
                "at": self._clock.now_ms(),
                "principal": principal.name,
                "action": action,
                "purpose": purpose.code,
                "case": purpose.case,
                "count": count,
            }
        )
        with self._lock, _translated():
            os.write(self._descriptor, line + b"\n")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the audit file cannot be written: {error.strerror}") from error
