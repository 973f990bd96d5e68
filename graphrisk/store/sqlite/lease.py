"""The single writer's lease: a lock on a file beside the database.

The operating system frees it when its holder ends, however it ends; there is no expiry to wait for.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from graphrisk.core.errors import Conflict, StoreUnavailable


class Lease:
    """The right to write, from construction to ``release``."""

    def __init__(self, database: Path, owner: str) -> None:
        """Claim the lease; ``Conflict`` names the present holder."""
        file = database.with_name(f"{database.name}.lease")
        try:
            self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailable(f"{file} cannot be opened for writing: {error}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._file, 200, 0).decode(errors="replace")
            os.close(self._file)
            raise Conflict(f"another writer holds the graph store: {holder}") from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{owner} (process {os.getpid()})".encode(), 0)

    def release(self) -> None:
        """Give the lease back."""
        os.close(self._file)
