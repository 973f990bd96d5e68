"""Which calls are known, whatever their day: contents by identity, bounded in memory.

Recent calls are in a table; a full one becomes a run (``graphrisk.core.runs``) beside the parts.
A file says in its name which parts of the ledger it covers and what they are called; one that does
not fit the ledger is thrown away, and what no file covers is read from the parts again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graphrisk.core.files import private_folder
from graphrisk.core.runs import MOST_RECENT, find, give_back, merged, ordered
from graphrisk.core.table import BoolArray, Table
from graphrisk.store.contract import Int64Array

Contents = tuple[Int64Array, Int64Array]


@dataclass(frozen=True, slots=True)
class _Run:
    """Identities in order, and their contents, of the parts from ``first`` to before ``last``."""

    file: Path
    first: int
    last: int
    rows: Int64Array  # of shape (2, calls), memory-mapped


class KnownCalls:
    """Contents of the calls of a ledger of parts.

    Cost: a binary search in each file, of which there are about log2(calls / 1,000,000), and each
    call is merged as often. Disk: 16 bytes a call.
    """

    def __init__(
        self, folder: Path, ledger: Sequence[str], read: Callable[[str], Contents]
    ) -> None:
        self._folder = folder
        self._ledger = list(ledger)
        self._runs = self._kept()
        self._recent = Table()
        for number in range(self._runs[-1].last if self._runs else 0, len(self._ledger)):
            self._spill(number)
            self._recent.settle(*read(self._ledger[number]))

    def find(self, akeys: Int64Array) -> tuple[Int64Array, BoolArray]:
        """The content of each identity (0 where there is none), and which are there."""
        held, there = self._recent.find(akeys)
        for run in reversed(self._runs):
            missing = np.flatnonzero(~there)
            missing = missing[np.argsort(akeys[missing])]
            held[missing], there[missing] = find(run.rows, akeys[missing])
        return held, there

    def settle(self) -> None:
        """All that was added has been committed: it may become a file."""
        self._spill(len(self._ledger))

    def add(self, part: str, contents: Contents) -> None:
        """The calls of a part that joins the ledger."""
        self._ledger.append(part)
        self._recent.settle(*contents)

    def _spill(self, last: int) -> None:
        """Make the recent calls a file, and merge files until each is over twice the next."""
        if len(self._recent) < MOST_RECENT:
            return
        first = self._runs[-1].last if self._runs else 0
        keys, values = self._recent.items()
        self._runs.append(self._written(first, last, [ordered(keys, values)], len(keys)))
        self._recent = Table()
        while len(self._runs) > 1 and self._sizes()[-2] <= 2 * self._sizes()[-1]:
            self._merge()

    def _sizes(self) -> list[int]:
        return [run.rows.shape[1] for run in self._runs]

    def _merge(self) -> None:
        *kept, older, newer = self._runs
        pieces = merged(older.rows, newer.rows)
        both = self._written(older.first, newer.last, pieces, sum(self._sizes()[-2:]))
        self._runs = [*kept, both]
        for run in (older, newer):
            run.file.unlink()

    def _written(self, first: int, last: int, pieces: Iterable[Int64Array], calls: int) -> _Run:
        """A file, on the disk before anything relies on it."""
        private_folder(self._folder)
        file = self._folder / self._name(first, last)
        partial = file.with_suffix(".partial")
        rows = np.lib.format.open_memmap(partial, "w+", np.int64, (2, calls))
        done = 0
        for piece in pieces:
            rows[:, done : done + piece.shape[1]] = piece
            done += piece.shape[1]
            give_back(rows)
        rows.flush()
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        partial.rename(file)
        return _Run(file, first, last, np.load(file, "r"))

    def _name(self, first: int, last: int) -> str:
        names = "\n".join(self._ledger[first:last])
        return f"{first:09d}-{last:09d}-{hashlib.sha256(names.encode()).hexdigest()[:16]}.npy"

    def _kept(self) -> list[_Run]:
        """The files that fit the ledger, longest first where a kill left two; others go."""
        spans = [tuple(map(int, file.name.split("-")[:2])) for file in self._folder.glob("*.npy")]
        chain: list[_Run] = []
        for first, last in sorted(spans, key=lambda span: (span[0], -span[1])):
            file = self._folder / self._name(first, last)
            follows = first == (chain[-1].last if chain else 0) and last <= len(self._ledger)
            if follows and file.exists():
                chain.append(_Run(file, first, last, np.load(file, "r")))
        for file in {*self._folder.glob("*")} - {run.file for run in chain}:
            file.unlink()
        return chain
