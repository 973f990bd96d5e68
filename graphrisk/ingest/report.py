"""What a load did, file by file; the sums must match."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from graphrisk.core.errors import BadInput

#: Called with a file's name, bytes done, bytes in all.
Progress = Callable[[str, int, int], None]


def quiet(_label: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One delivered file: ``rows == loaded + unchanged + rejected``."""

    file: str
    mapping: str
    delivery: str | None  # SHA-256 of its bytes; None where they cannot be read
    rows: int
    loaded: int
    unchanged: int
    rejected: int
    closed: int  # states that a full delivery no longer names
    reject_file: str | None
    note: str | None = None  # what the reader of the report should know
    error: str | None = None  # why reading stopped at ``error_line``: the rows before it count
    error_line: int | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """All files of one load, in the order of loading, and what no mapping knows."""

    files: list[FileReport]
    ignored: list[str]
    version: int  # of the store afterwards

    def check(self) -> None:
        """``BadInput`` that names the first file which could not be read to its end."""
        for file in self.files:
            if file.error is not None:
                raise BadInput(file.error, file=file.file, line=file.error_line)

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self)


def shown(entry: Path, *, folder: bool = False) -> str:
    """An entry's name; bytes that are no UTF-8 (names from old archives) as question marks."""
    return os.fsencode(entry.name).decode("utf-8", "replace") + ("/" if folder else "")
