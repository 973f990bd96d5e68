"""The few things a log does to files, so that a test can cut the power between any two of them.

A file's bytes are durable after ``sync``, its name after ``sync_folder`` of the folder it is in.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol

from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.core.files import private_folder, sync_folder

_UNFINISHED = ".new"


class FileApi(Protocol):
    """Paths are relative to the log's folder, parts parted by ``/``; ``""`` is the folder."""

    def read(self, path: str) -> bytes | None:
        """What a file holds; ``None`` where there is none."""
        ...

    def names(self, folder: str) -> list[str]:
        """What is in a folder, in order; empty where there is none."""
        ...

    def make_folder(self, path: str) -> None:
        """Make a folder in one that is there; nothing happens when it is there already."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Make or overwrite a file, not yet durably."""
        ...

    def append(self, path: str, content: bytes) -> None:
        """Add to the end of a file, which is made when missing, not yet durably."""
        ...

    def truncate(self, path: str, size: int) -> None:
        """Cut a file off behind ``size`` bytes, not yet durably."""
        ...

    def sync(self, path: str) -> None:
        """Make the bytes of a file durable."""
        ...

    def sync_folder(self, path: str) -> None:
        """Make the names in a folder durable."""
        ...

    def rename(self, path: str, new_path: str) -> None:
        """Put one file in place of another in one step."""
        ...

    def remove(self, path: str) -> None:
        """Take a file, or an empty folder, away."""
        ...

    def lock(self) -> None:
        """Keep all others from writing until ``close``; ``Conflict`` when another one does."""
        ...

    def close(self) -> None:
        """Let go of the lock and of what is open."""
        ...


class DiskFiles:
    """``FileApi`` on a folder of this machine, readable by its owner alone.

    Faults of the disk are ``StoreUnavailable``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, int] = {}
        self._lock: int | None = None
        try:
            private_folder(folder)
        except OSError as error:
            raise _unavailable(error) from error

    def read(self, path: str) -> bytes | None:
        """See ``FileApi``."""
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise _unavailable(error) from error

    def names(self, folder: str) -> list[str]:
        """See ``FileApi``."""
        try:
            return sorted(os.listdir(self.folder / folder))  # noqa: PTH208 - names, not paths
        except (FileNotFoundError, NotADirectoryError):
            return []

    def make_folder(self, path: str) -> None:
        """See ``FileApi``."""
        try:
            (self.folder / path).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _unavailable(error) from error

    def write(self, path: str, content: bytes) -> None:
        """See ``FileApi``."""
        self._forget(path)
        self._put(path, content, os.O_TRUNC)

    def append(self, path: str, content: bytes) -> None:
        """See ``FileApi``. The file stays open for the next time."""
        self._put(path, content, os.O_APPEND)

    def truncate(self, path: str, size: int) -> None:
        """See ``FileApi``."""
        try:
            os.truncate(self.folder / path, size)
        except OSError as error:
            raise _unavailable(error) from error

    def sync(self, path: str) -> None:
        """See ``FileApi``."""
        try:
            handle = self._open.get(path)
            if handle is not None:
                os.fdatasync(handle)
                return
            handle = os.open(self.folder / path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise _unavailable(error) from error

    def sync_folder(self, path: str) -> None:
        """See ``FileApi``."""
        try:
            sync_folder(self.folder / path)
        except OSError as error:
            raise _unavailable(error) from error

    def rename(self, path: str, new_path: str) -> None:
        """See ``FileApi``."""
        self._forget(path)
        try:
            (self.folder / path).replace(self.folder / new_path)
        except OSError as error:
            raise _unavailable(error) from error

    def remove(self, path: str) -> None:
        """See ``FileApi``."""
        self._forget(path)
        place = self.folder / path
        try:
            place.rmdir() if place.is_dir() else place.unlink(missing_ok=True)
        except OSError as error:
            raise _unavailable(error) from error

    def lock(self) -> None:
        """See ``FileApi``. The operating system lets go of it when the process ends."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unavailable(error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise Conflict(f"another process writes the log in {self.folder.name}") from error
        self._lock = handle

    def close(self) -> None:
        """See ``FileApi``."""
        for path in list(self._open):
            self._forget(path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _put(self, path: str, content: bytes, how: int) -> None:
        try:
            handle = self._open.get(path)
            if handle is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how
                handle = os.open(self.folder / path, flags, 0o600)
                self._open[path] = handle
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
        except OSError as error:
            raise _unavailable(error) from error
        if how != os.O_APPEND:
            self._forget(path)

    def _forget(self, path: str) -> None:
        handle = self._open.pop(path, None)
        if handle is not None:
            os.close(handle)


class Batch:
    """Files that become durable together: made one by one, then ``flush``."""

    def __init__(self, files: FileApi) -> None:
        self._files = files
        self._folders: set[str] = set()
        self._known: set[str] = {""}
        self._written: list[str] = []

    def write(self, path: str, content: bytes) -> None:
        """Make or overwrite a file and the folders above it."""
        self.reach(path)
        self._files.write(path, content)
        self._written.append(path)

    def reach(self, path: str) -> None:
        """Make the folders above ``path`` and note that its name is to become durable."""
        folder = path.rpartition("/")[0]
        self._folders.add(folder)
        if folder not in self._known:
            self.reach(folder)
            self._files.make_folder(folder)
            self._known.add(folder)

    def flush(self) -> None:
        """All bytes durable, then all names, the deepest first."""
        for path in self._written:
            self._files.sync(path)
        for folder in sorted(self._folders, key=lambda one: (-one.count("/"), one)):
            self._files.sync_folder(folder)
        self._written, self._folders = [], set()


def replace(files: FileApi, path: str, content: bytes) -> None:
    """Put ``content`` in place of a file: after a power cut the old one or the new one is there."""
    partial = path + _UNFINISHED
    files.write(partial, content)
    files.sync(partial)
    files.rename(partial, path)
    files.sync_folder(path.rpartition("/")[0])


def remove_unfinished(files: FileApi, folder: str) -> None:
    """Take away what ``replace`` left in a folder when the power was cut."""
    for name in files.names(folder):
        if name.endswith(_UNFINISHED):
            files.remove(f"{folder}/{name}" if folder else name)


def _unavailable(error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"the log cannot be kept: {error.filename or ''} {error.strerror}")
