"""Database files hold names in clear: their owner alone may read them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def make_private(file: Path) -> None:
    """Create ``file``, empty and for its owner alone, where there is none.

    A file that stands keeps its mode: who administers the machine may have chosen it. SQLite gives
    its log beside the file the same mode. A place that cannot be written is left to the database
    to tell of.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
