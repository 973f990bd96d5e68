"""What every reader yields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int64Array = npt.NDArray[np.int64]


class FileError(Exception):
    """The file as a whole cannot be read: not what it says, or torn. Knows the line."""

    def __init__(self, reason: str, line: int) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)

    @classmethod
    def of(cls, error: OSError) -> FileError:
        """A fault of the disk or of permissions."""
        return cls(f"the file cannot be read: {error.strerror or error}", 1)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be split into columns."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows in file order: ``rows`` has the wanted columns, ``lines`` their first lines.

    ``done`` is how much of the file, in bytes, is read with this block. The same file gives the
    same blocks every time it is read.
    """

    rows: pa.Table
    lines: Int64Array
    done: int
    bad: Sequence[BadRow] = field(default_factory=tuple)

    @property
    def first_line(self) -> int:
        """Line in which the first row begins."""
        return min(self._all_lines(), default=0)

    @property
    def last_line(self) -> int:
        """Line in which the last row begins."""
        return max(self._all_lines(), default=0)

    def _all_lines(self) -> list[int]:
        ends = [int(self.lines[0]), int(self.lines[-1])] if len(self.lines) else []
        return ends + [bad.line for bad in self.bad]
