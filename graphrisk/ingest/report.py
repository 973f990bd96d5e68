"""What a load did, file by file; the sums must match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FileReport:
    """One delivered file: ``rows == loaded + unchanged + rejected``."""

    file: str
    mapping: str
    rows: int
    loaded: int
    unchanged: int
    rejected: int
    closed: int  # states that a full delivery no longer names
    reject_file: str | None
    note: str | None = None  # what the reader of the report should know


@dataclass(frozen=True, slots=True)
class LoadReport:
    """All files of one load, in the order of loading, and what no mapping knows."""

    files: list[FileReport]
    ignored: list[str]
    version: int  # of the store afterwards

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self)
