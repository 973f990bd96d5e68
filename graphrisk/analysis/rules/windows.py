"""Windowed counters: how often, how much, how many different, for each of many keys.

Time is that of the events: the clock of a counter is the latest moment that has arrived, and a
window ends with it. An event that comes out of order counts as long as the pane it belongs to is
still within the window; what comes later than that is not counted and noted in ``late``. So values
depend on the order of arrival alone, never on how events were cut into batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.rules.model import Counter
from graphrisk.analysis.rules.window_kernels import index_rows, run_distinct, run_sums
from graphrisk.core.errors import LimitExceeded
from graphrisk.store.contract import Int64Array

BoolArray = npt.NDArray[np.bool_]
Float64Array = npt.NDArray[np.float64]
#: State of one key over all counters by one party, index included.
MOST_BYTES_A_KEY: Final = 1_024
_INDEX_BYTES: Final = 16  # a key is in at most one of four slots and at least one of two and a half
_FIRST_ROWS: Final = 1_024
_NEVER: Final = -(2**62)


def bytes_a_key(counter: Counter) -> int:
    """What a counter keeps of a key: its number, its place in time, its window and its index."""
    window = 5 * counter.most + 1 if counter.what == "distinct" else 8 * counter.panes
    return 16 + window + _INDEX_BYTES


@dataclass(frozen=True, slots=True)
class Counted:
    """What a batch brings to a counter; arrays of one row an event."""

    key: Int64Array
    value: Int64Array  # to add, or to be told apart; 1 for a count
    counts: BoolArray
    clock_ms: Int64Array  # latest moment that has arrived, this event included; never falls
    at_ms: Int64Array


class Window:
    """The state of one counter over all its keys.

    Args:
        counter: What is counted.
        most_keys: Beyond so many keys within one window ``LimitExceeded`` is raised.
    """

    def __init__(self, counter: Counter, most_keys: int = 5_000_000) -> None:
        self.counter = counter
        self.late = 0
        self._most_keys = most_keys
        self._width = counter.within_ms // counter.panes
        self._rows = 0
        self._slots = np.full(4 * _FIRST_ROWS, -1, np.int32)
        self._keys = np.zeros(_FIRST_ROWS, np.int64)
        self._latest = np.zeros(_FIRST_ROWS, np.int64)
        self._cells = np.zeros((_FIRST_ROWS, counter.panes), np.int64)
        self._values = np.zeros((0, 0), np.uint32)
        self._seen = np.zeros((0, 0), np.uint8)
        self._used = np.zeros(0, np.uint8)
        if counter.what == "distinct":
            self._cells = np.zeros((0, counter.panes), np.int64)
            self._values = np.zeros((_FIRST_ROWS, counter.most), np.uint32)
            self._seen = np.zeros((_FIRST_ROWS, counter.most), np.uint8)
            self._used = np.zeros(_FIRST_ROWS, np.uint8)

    @property
    def keys(self) -> int:
        """How many keys have a row: those of the window, and some that it has left behind."""
        return self._rows

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return sum(part.nbytes for part in (self._slots, *self._parts()))

    def run(self, batch: Counted, asked: Int64Array) -> Float64Array:
        """Count a batch and tell, event by event, the windows of the keys ``asked``.

        Args:
            batch: What arrived, in order.
            asked: (questions, events) keys.

        Returns:
            (questions, events) values, each after its own event.

        Cost: linear in events × (questions + panes, or values of a key).
        """
        told = np.zeros(asked.shape, np.float64)
        if not len(batch.key):
            return told
        pane, clock = batch.at_ms // self._width, batch.clock_ms // self._width
        self._make_room(int(batch.counts.sum()), int(clock[0]))
        index = (self._slots, self._keys, self._latest)
        if self.counter.what == "distinct":
            marks = _marks(batch.value)
            state = (*index, self._values, self._seen, self._used, self.counter.panes, self._rows)
            found = run_distinct(*state, batch.key, marks, batch.counts, pane, clock, asked, told)
        else:
            state_ = (*index, self._cells, self._rows)
            found = run_sums(
                *state_, batch.key, batch.value, batch.counts, pane, clock, asked, told
            )
        self._rows, late = found
        self.late += late
        return told

    def state(self) -> list[npt.NDArray[np.generic]]:
        """All that is counted, as arrays that ``restore`` takes."""
        return [np.array([self.late]), *(part[: self._rows] for part in self._parts())]

    def restore(self, state: Sequence[npt.NDArray[np.generic]]) -> None:
        """Go on from a state; ``ValueError`` when it is not one of such a counter."""
        late, *parts = state
        shapes = [(part.dtype, part.shape[1:]) for part in self._parts()]
        if [(part.dtype, part.shape[1:]) for part in parts] != shapes or late.shape != (1,):
            raise ValueError("the state of another counter")
        rows = len(parts[0])
        if any(len(part) != rows for part in parts):
            raise ValueError("a state of uneven columns")
        self.late = int(late.astype(np.int64)[0])
        self._put(parts, rows, 0)

    def _names(self) -> list[str]:
        names = ("_keys", "_latest", "_cells", "_values", "_seen", "_used")
        return [name for name in names if len(getattr(self, name))]

    def _parts(self) -> list[npt.NDArray[np.generic]]:
        return [getattr(self, name) for name in self._names()]

    def _make_room(self, more: int, clock: int) -> None:
        """Rows for as many new keys; those the window has left behind are given up first."""
        if self._rows + more <= len(self._keys):
            return
        kept = np.flatnonzero(self._latest[: self._rows] > clock - self.counter.panes)
        if len(kept) + more > self._most_keys:
            raise LimitExceeded(f"a counter by {self.counter.by} has over {self._most_keys:,} keys")
        self._put([part[kept] for part in self._parts()], len(kept), more)

    def _put(self, parts: Sequence[npt.NDArray[np.generic]], rows: int, more: int) -> None:
        """Hold these rows, with room for more."""
        size = max(_FIRST_ROWS, int(1.25 * (rows + more)))
        for name, part in zip(self._names(), parts, strict=True):
            room = np.zeros((size, *part.shape[1:]), part.dtype)
            room[:rows] = part
            setattr(self, name, room)
        self._rows = rows
        self._slots = np.full(1 << int(2.5 * size).bit_length(), -1, np.int32)
        index_rows(self._slots, self._keys, self._rows)


def _marks(values: Int64Array) -> npt.NDArray[np.uint32]:
    """32 bits of each value: two of 160 are taken for one in three windows of a million."""
    mixed = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    marks: npt.NDArray[np.uint32] = (mixed >> np.uint64(32)).astype(np.uint32)
    return marks
