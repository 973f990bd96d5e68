"""What every reader yields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int64Array = npt.NDArray[np.int64]
#: Other names of columns, and what the mapping calls them.
Aliases = Mapping[str, str]
NO_ALIASES: Aliases = MappingProxyType({})


def called(names: Sequence[str], aliases: Aliases) -> list[str]:
    """The names of a file's columns as the mapping has them.

    Beside the column itself its other name is just another column.
    """
    found = [aliases.get(name, name) for name in names]
    return [new if new not in names else old for old, new in zip(names, found, strict=True)]


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
