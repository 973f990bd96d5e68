"""What a file held when it was hashed, and whether it still does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from graphrisk_loaders.readers.block import FileError

_CHANGED = "the file changed while it was read: deliver it whole, then load it again"


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was: SHA-256 of its bytes, and what the file system says of them."""

    file: Path
    digest: str
    size: int  # bytes
    mark: tuple[int, ...]

    @classmethod
    def of(cls, file: Path) -> Content:
        """``FileError`` when it cannot be read. Cost: one reading."""
        try:
            mark = _mark(file)  # before its bytes: what changes meanwhile is noticed
            return cls(file, _digest(file), file.stat().st_size, mark)
        except OSError as error:
            raise FileError.of(error) from error

    def changed(self) -> FileError | None:
        """What is wrong when these are no longer the bytes.

        A department may be writing a file that is being read: a full delivery cut short would end
        all that it no longer names. Read again only when the file system says that it was touched.
        """
        try:
            same = _mark(self.file) == self.mark or _digest(self.file) == self.digest
        except OSError as error:
            return FileError.of(error)
        return None if same else FileError(_CHANGED, 1)


def _mark(file: Path) -> tuple[int, ...]:
    stat = file.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
