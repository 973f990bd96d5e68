"""Small files that must be whole: made once, or put in place of another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from graphrisk.core.errors import ConfigError


def private_folder(folder: Path) -> None:
    """Make ``folder``, and those above it, where there is none: for its owner alone.

    What lies beside a graph tells of people as the graph does. A folder that stands keeps its mode:
    who administers the machine may have chosen it.
    """
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def made_once(file: Path, draw: Callable[[], bytes]) -> bytes:
    """What ``file`` holds; when it is missing, what ``draw`` gives is put there first.

    Of several processes at once the first wins and all read its bytes. Whole, durable, and for its
    owner alone from the moment it is there. ``ConfigError`` when it can be neither made nor read.
    """
    try:
        if not file.exists():
            private_folder(file.parent)
            _put(file, draw(), _unless_there)
    except OSError as error:
        raise ConfigError(f"{file} cannot be made: {error.strerror}") from error
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error


def replace(file: Path, content: bytes) -> None:
    """Put ``content`` in place of ``file`` in one step; durable, for its owner alone."""
    _put(file, content, os.replace)


def _put(file: Path, content: bytes, place: Callable[[str, Path], None]) -> None:
    """Write under a name of this call's own, then let ``place`` give it the name it is to have."""
    try:
        descriptor, partial = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        error.filename = str(file)  # the name that was asked for
        raise
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        place(partial, file)
        sync_folder(file.parent)
    finally:
        Path(partial).unlink(missing_ok=True)


def _unless_there(partial: str, file: Path) -> None:
    try:
        os.link(partial, file)
    except FileExistsError:
        return  # another process was first: its bytes count


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, not only what the files hold."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
