"""Rows that could not be used: set aside in a file, never lost."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from graphrisk.access.masking import mask
from graphrisk.core.errors import system_faults
from graphrisk.core.files import private_folder


@dataclass(frozen=True, slots=True)
class Reject:
    """One row set aside; ``column`` is empty when the whole row is at fault."""

    line: int
    column: str
    value: str
    reason: str


class RejectFile:
    """JSON Lines of one delivery: ``file, line, column, value, reason``; values are masked.

    In the order of lines, and complete up to the line that the store acknowledged: an interrupted
    load takes back what it had written beyond. Memory: eight bytes a row.
    """

    def __init__(self, path: Path, source: str, done: int) -> None:
        self.path = path
        self._source = source
        self._lines = array("q")
        if path.exists():
            kept = self._keep(done)
            if kept:
                os.truncate(path, kept)
            else:
                path.unlink()

    @property
    def count(self) -> int:
        """Rows set aside so far."""
        return len(self._lines)

    def between(self, first: int, last: int) -> int:
        """Rows set aside from line ``first`` to ``last``."""
        return bisect_right(self._lines, last) - bisect_left(self._lines, first)

    def add(self, rejects: Sequence[Reject]) -> None:
        """Append those that are not there, and flush to the disk before the rows count as done."""
        missing = [one for one in rejects if not self.between(one.line, one.line)]
        if not missing:
            return
        ordered = sorted(missing, key=lambda one: one.line)
        with system_faults(self.path):
            private_folder(self.path.parent)
            with self.path.open("ab") as stream:
                stream.writelines(self._written(one) for one in ordered)
                stream.flush()
                os.fsync(stream.fileno())
        for one in ordered:
            insort(self._lines, one.line)

    def _written(self, one: Reject) -> bytes:
        shown = {
            "file": self._source,
            "line": one.line,
            "column": one.column,
            "value": mask(one.value),
            "reason": one.reason,
        }
        return orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)

    def _keep(self, done: int) -> int:
        """Note the rows up to line ``done``; the bytes they take in the file."""
        size = 0
        with self.path.open("rb") as stream:
            for text in stream:
                if not text.endswith(b"\n"):
                    break  # the kill came while this row was written: it is not done
                line = orjson.loads(text)["line"]
                if line > done:
                    break
                self._lines.append(line)
                size += len(text)
        return size
