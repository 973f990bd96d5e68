"""A file that somebody added to a case or to a task of his."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Holder(StrEnum):
    """What files belong to."""

    CASE = "case"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was added."""

    sha256: str  # of what it holds, 64 hex digits
    name: str  # personal: it may name people
    media_type: str  # as its first bytes say, whatever its name does
    size: int  # bytes
    added_by: str
    added_at: int  # epoch ms UTC
