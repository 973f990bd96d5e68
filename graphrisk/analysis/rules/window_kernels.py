"""Compiled loops of windowed counters: one pass over a batch, in the order of arrival.

A key's row holds its window as a ring of panes (sums), or the values seen last with the pane of
each (distinct). ``latest[row]`` is the pane up to which a row was moved on. Rows are found through
``slots``: open addressing with linear probing (Knuth, TAOCP 3, section 6.4), -1 where free.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from graphrisk.store.contract import Int64Array

Int32Array = npt.NDArray[np.int32]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_AGES = 256  # panes are kept in a byte


@numba.njit(cache=True, nogil=True)
def place_of(slots: Int32Array, keys: Int64Array, key: int) -> np.int64:
    """The slot of a key, or the free one where it belongs."""
    mask = len(slots) - 1
    mixed = np.uint64(key) * _MIX
    place = np.int64((mixed ^ (mixed >> np.uint64(29))) & np.uint64(mask))
    while slots[place] >= 0 and keys[slots[place]] != key:
        place = (place + 1) & mask
    return place


@numba.njit(cache=True, nogil=True)
def index_rows(slots: Int32Array, keys: Int64Array, rows: int) -> None:
    """Enter the first ``rows`` keys into empty slots."""
    for row in range(rows):
        slots[place_of(slots, keys, keys[row])] = row


@numba.njit(cache=True, nogil=True)
def run_sums(
    slots: Int32Array,
    keys: Int64Array,
    latest: Int64Array,
    cells: Int64Array,
    rows: int,
    key: Int64Array,
    amount: Int64Array,
    counts: npt.NDArray[np.bool_],
    pane: Int64Array,
    clock: Int64Array,
    asked: Int64Array,
    told: npt.NDArray[np.float64],
) -> tuple[int, int]:
    """Add ``amount`` under ``key`` where it counts, then tell the windows of ``asked``.

    Returns the rows there are now, and how many events came too late to be counted.
    """
    panes, late = cells.shape[1], 0
    for event in range(len(key)):
        now = clock[event]
        if counts[event]:
            if pane[event] <= now - panes:
                late += 1
            else:
                slot = place_of(slots, keys, key[event])
                row = slots[slot]
                if row < 0:
                    row, rows = rows, rows + 1
                    slots[slot], keys[row], latest[row] = row, key[event], now
                    cells[row, :] = 0
                for passed in range(max(latest[row], now - panes) + 1, now + 1):
                    cells[row, passed % panes] = 0
                latest[row] = max(latest[row], now)
                cells[row, pane[event] % panes] += amount[event]
        for question in range(asked.shape[0]):
            row = slots[place_of(slots, keys, asked[question, event])]
            total = 0
            if row >= 0:
                for held in range(now - panes + 1, latest[row] + 1):
                    total += cells[row, held % panes]
            told[question, event] = total
    return rows, late


@numba.njit(cache=True, nogil=True)
def run_distinct(
    slots: Int32Array,
    keys: Int64Array,
    latest: Int64Array,
    values: npt.NDArray[np.uint32],
    seen: npt.NDArray[np.uint8],
    used: npt.NDArray[np.uint8],
    panes: int,
    rows: int,
    key: Int64Array,
    value: npt.NDArray[np.uint32],
    counts: npt.NDArray[np.bool_],
    pane: Int64Array,
    clock: Int64Array,
    asked: Int64Array,
    told: npt.NDArray[np.float64],
) -> tuple[int, int]:
    """Note ``value`` under ``key`` where it counts, then tell the windows of ``asked``.

    A full row lets go of the value not seen for longest: it always holds those seen last.
    """
    late = 0
    for event in range(len(key)):
        now = clock[event]
        if counts[event]:
            if pane[event] <= now - panes:
                late += 1
            else:
                slot = place_of(slots, keys, key[event])
                row = slots[slot]
                if row < 0:
                    row, rows = rows, rows + 1
                    slots[slot], keys[row], latest[row] = row, key[event], now
                    used[row] = 0
                if latest[row] < now:
                    _move_on(values[row], seen[row], used, row, latest[row], now, panes)
                    latest[row] = now
                _note(values[row], seen[row], used, row, value[event], pane[event], now)
        for question in range(asked.shape[0]):
            row = slots[place_of(slots, keys, asked[question, event])]
            total = 0
            if row >= 0:
                for place in range(used[row]):
                    if latest[row] - _age(seen[row, place], latest[row]) > now - panes:
                        total += 1
            told[question, event] = total
    return rows, late


@numba.njit(cache=True, nogil=True)
def _age(seen: int, latest: int) -> int:
    """How many panes before ``latest`` a value was seen."""
    return int((latest - np.int64(seen)) % _AGES)


@numba.njit(cache=True, nogil=True)
def _move_on(
    values: npt.NDArray[np.uint32],
    seen: npt.NDArray[np.uint8],
    used: npt.NDArray[np.uint8],
    row: int,
    latest: int,
    now: int,
    panes: int,
) -> None:
    """Let go of what falls out of the window, so that no age outgrows its byte."""
    place = 0
    while place < used[row]:
        if latest - _age(seen[place], latest) <= now - panes:
            last = np.int64(used[row]) - 1
            values[place], seen[place] = values[last], seen[last]
            used[row] = last
        else:
            place += 1


@numba.njit(cache=True, nogil=True)
def _note(
    values: npt.NDArray[np.uint32],
    seen: npt.NDArray[np.uint8],
    used: npt.NDArray[np.uint8],
    row: int,
    value: int,
    pane: int,
    now: int,
) -> None:
    held, oldest, longest = np.int64(used[row]), np.int64(0), -1
    for place in range(held):
        age = _age(seen[place], now)
        if values[place] == value:
            if now - pane < age:
                seen[place] = pane % _AGES
            return
        if age > longest:
            oldest, longest = np.int64(place), age
    if held < len(values):
        oldest, used[row] = held, held + 1
    elif now - pane >= longest:
        return
    values[oldest], seen[oldest] = value, pane % _AGES
