"""Numbers in order on the disk: what a load must remember beyond what memory is given.

The idea of the log-structured merge-tree (O'Neil et al. 1996): what is recent lies in a table,
and a full table becomes a sorted run; runs of like size are merged, so there are few.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from graphrisk.core.files import private_folder
from graphrisk.core.table import BoolArray, Int64Array, Table

#: Entries in memory before they become a run: up to 57 bytes each.
MOST_RECENT = 1_000_000
_PIECE = 1 << 20


def find(run: Int64Array, keys: Int64Array) -> tuple[Int64Array, BoolArray]:
    """The value of each key (0 where there is none) in a mapped run, and which are there.

    Args:
        run: Keys, ascending, and their values: of shape (2, entries), not empty.
        keys: Ascending, so that the pages are touched in order.

    Cost: a binary search a key. The pages that were touched are given back to the system.
    """
    places = np.searchsorted(run[0], keys)
    places[places == run.shape[1]] = 0
    there: BoolArray = run[0, places] == keys
    values = np.where(there, run[1, places], 0)
    give_back(run)
    return values, there


def contains(ordered: Int64Array, wanted: Int64Array) -> BoolArray:
    """Which of the numbers are among the ascending ones: a binary search each."""
    if not len(ordered):
        return np.zeros(len(wanted), np.bool_)
    places = np.searchsorted(ordered, wanted)
    places[places == len(ordered)] = 0
    there: BoolArray = ordered[places] == wanted
    return there


def give_back(mapped: Int64Array) -> None:
    """The pages of a mapped file no longer count as this process's; the file keeps them."""
    base: object = mapped
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap):
        base.madvise(mmap.MADV_DONTNEED)


def ordered(keys: Int64Array, values: Int64Array) -> Int64Array:
    """A run: both by key."""
    order = np.argsort(keys)
    return np.stack([keys[order], values[order]])


def merged(one: Int64Array, other: Int64Array) -> Iterator[Int64Array]:
    """Two runs as one, a bounded piece at a time: keys are spread evenly."""
    begun = 0
    for start in range(0, one.shape[1], _PIECE):
        stop = min(start + _PIECE, one.shape[1])
        last = stop == one.shape[1]
        until = other.shape[1] if last else int(np.searchsorted(other[0], one[0, stop]))
        both = np.concatenate([one[:, start:stop], other[:, begun:until]], axis=1)
        yield ordered(both[0], both[1])
        begun = until
        give_back(one)
        give_back(other)


class Remembered:
    """``Table.settle`` for any number of entries.

    Memory: a table of a million entries; disk: 16 bytes an entry, in files without a name, which
    go with the process. Cost: a binary search in each run, of which there are about
    log2(entries / 1,000,000); each entry is merged as often.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recent = Table()
        self._runs: list[Int64Array] = []

    def settle(self, keys: Int64Array, values: Int64Array) -> tuple[Int64Array, BoolArray]:
        """Add the keys that are unknown, the first of equal ones counts.

        Returns:
            The value each key has now, and which keys were new.
        """
        held, there = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.bool_)
        for run in self._runs:
            missing = np.flatnonzero(~there)
            missing = missing[np.argsort(keys[missing])]
            held[missing], there[missing] = find(run, keys[missing])
        fresh = ~there
        rest = np.flatnonzero(fresh)
        held[rest], fresh[rest] = self._recent.settle(keys[rest], values[rest])
        if len(self._recent) >= MOST_RECENT:
            self._spill()
        return held, fresh

    def _spill(self) -> None:
        run = ordered(*self._recent.items())
        self._runs.append(self._written(iter([run]), run.shape[1]))
        self._recent = Table()
        while len(self._runs) > 1 and self._runs[-2].shape[1] <= 2 * self._runs[-1].shape[1]:
            newer, older = self._runs.pop(), self._runs.pop()
            entries = older.shape[1] + newer.shape[1]
            self._runs.append(self._written(merged(older, newer), entries))

    def _written(self, pieces: Iterator[Int64Array], entries: int) -> Int64Array:
        with _nameless(self._folder) as file:
            file.truncate(16 * entries)
            run = np.memmap(file, np.int64, "r+", shape=(2, entries))
        done = 0
        for piece in pieces:
            run[:, done : done + piece.shape[1]] = piece
            done += piece.shape[1]
            give_back(run)
        return run


class Gathered:
    """Numbers as they come, given back in order.

    Memory: none while they come (8 bytes a number on the disk), 8 bytes a number once in order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, numbers: Int64Array) -> None:
        """More of them."""
        if self._file is None:
            self._file = _nameless(self._folder)
        self._file.write(numbers.tobytes())
        self._count += len(numbers)

    def ordered(self) -> Int64Array:
        """All of them, ascending. Sorted in their file: what memory lacks the disk lends."""
        if self._file is None or not self._count:
            return np.empty(0, np.int64)  # no file can be mapped that is empty
        self._file.flush()
        numbers = np.memmap(self._file, np.int64, "r+", shape=(self._count,))
        numbers.sort()
        return numbers

    def close(self) -> None:
        """Nothing more comes; what was given back stays as long as it is held."""
        if self._file is not None:
            self._file.close()


def _nameless(folder: Path) -> IO[bytes]:
    """A file that goes with the process, and not in memory, as ``/tmp`` may be."""
    private_folder(folder)
    return tempfile.TemporaryFile(dir=folder)
