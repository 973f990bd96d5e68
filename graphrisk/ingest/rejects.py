"""Rows that could not be used: set aside in a file, never lost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from graphrisk.access.masking import mask


@dataclass(frozen=True, slots=True)
class Reject:
    """One row set aside; ``column`` is empty when the whole row is at fault."""

    line: int
    column: str
    value: str
    reason: str


class RejectFile:
    """JSON Lines of one delivery: ``file, line, column, value, reason``; values are masked.

    Complete up to the line that the store acknowledged: an interrupted load takes back what it
    had written beyond.
    """

    def __init__(self, path: Path, source: str, done: int) -> None:
        self.path = path
        self._source = source
        kept = [one for one in _read(path) if one["line"] <= done] if done else []
        self._lines = [int(one["line"]) for one in kept]
        if path.exists() or kept:
            path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in kept))
            if not kept:
                path.unlink()

    @property
    def count(self) -> int:
        """Rows set aside so far."""
        return len(self._lines)

    def between(self, first: int, last: int) -> int:
        """Rows set aside from line ``first`` to ``last``."""
        return sum(first <= line <= last for line in self._lines)

    def add(self, rejects: Sequence[Reject]) -> None:
        """Append and flush to the disk: they must be there before the rows count as done."""
        lines = [
            orjson.dumps(
                {
                    "file": self._source,
                    "line": one.line,
                    "column": one.column,
                    "value": mask(one.value),
                    "reason": one.reason,
                }
            )
            + b"\n"
            for one in rejects
        ]
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as stream:
            stream.writelines(lines)
            stream.flush()
            os.fsync(stream.fileno())
        self._lines += [one.line for one in rejects]


def _read(path: Path) -> list[dict[str, int]]:
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(orjson.loads(line))
        except orjson.JSONDecodeError:
            break  # the kill came while this line was written: its rows are not done
    return found
