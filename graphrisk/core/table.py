"""A map from int64 to int64 for tens of millions of entries, asked whole arrays at a time.

Open addressing with linear probing (Knuth, TAOCP 3, section 6.4) in flat arrays: 17 bytes a slot,
at most three slots in five filled, so 28 to 57 bytes an entry where a dict needs about 170.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Int64Array = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
_SMALLEST = 1 << 10
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Table:
    """Numbers by number; what is there stays as it is."""

    def __init__(self) -> None:
        self._size = 0
        self._empty(_SMALLEST)

    def __len__(self) -> int:
        return self._size

    def settle(self, keys: Int64Array, values: Int64Array) -> tuple[Int64Array, BoolArray]:
        """Add the keys that are unknown, the first of equal ones counts.

        Returns:
            The value each key has now, and which keys were new.
        """
        self._make_room(len(keys))
        held, fresh = _settle(self._keys, self._values, self._used, keys, values)
        self._size += int(fresh.sum())
        return held, fresh

    def find(self, keys: Int64Array) -> tuple[Int64Array, BoolArray]:
        """The value of each key (0 where there is none), and which keys are there."""
        found: tuple[Int64Array, BoolArray] = _find(self._keys, self._values, self._used, keys)
        return found

    def items(self) -> tuple[Int64Array, Int64Array]:
        """All numbers and what each has, in no order."""
        return self._keys[self._used], self._values[self._used]

    def _make_room(self, more: int) -> None:
        slots = len(self._keys)
        while (self._size + more) * 5 > slots * 3:
            slots *= 2
        if slots > len(self._keys):
            keys, values = self._keys[self._used], self._values[self._used]
            self._empty(slots)
            _settle(self._keys, self._values, self._used, keys, values)

    def _empty(self, slots: int) -> None:
        self._keys = np.empty(slots, np.int64)
        self._values = np.empty(slots, np.int64)
        self._used = np.zeros(slots, np.bool_)


@numba.njit(cache=True, nogil=True)
def _slot(keys, used, key):  # type: ignore[no-untyped-def]
    """Where the key is, or the free slot where it belongs."""
    last = np.uint64(len(keys) - 1)
    mixed = np.uint64(key) * _MIX
    place = (mixed ^ (mixed >> np.uint64(32))) & last
    while used[place] and keys[place] != key:
        place = (place + np.uint64(1)) & last
    return place


@numba.njit(cache=True, nogil=True)
def _settle(keys, values, used, new_keys, new_values):  # type: ignore[no-untyped-def]
    held = np.empty(len(new_keys), np.int64)
    fresh = np.zeros(len(new_keys), np.bool_)
    for row in range(len(new_keys)):
        place = _slot(keys, used, new_keys[row])
        if not used[place]:
            used[place] = True
            keys[place] = new_keys[row]
            values[place] = new_values[row]
            fresh[row] = True
        held[row] = values[place]
    return held, fresh


@numba.njit(cache=True, nogil=True)
def _find(keys, values, used, wanted):  # type: ignore[no-untyped-def]
    found = np.zeros(len(wanted), np.int64)
    there = np.zeros(len(wanted), np.bool_)
    for row in range(len(wanted)):
        place = _slot(keys, used, wanted[row])
        if used[place]:
            found[row] = values[place]
            there[row] = True
    return found, there
