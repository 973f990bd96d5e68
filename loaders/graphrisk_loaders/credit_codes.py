"""Unified social credit codes of firms and other legal persons (GB 32100-2015)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: The signs of a code, by value; I, O, S, V and Z are left out, as they look like digits.
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_WEIGHTS = np.array([pow(3, place, 31) for place in range(LENGTH - 1)], np.int64)
_VALUE = np.full(256, -1, np.int64)
_VALUE[np.frombuffer(SIGNS.encode(), np.uint8)] = np.arange(len(SIGNS))


def values_of(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Value of each ASCII sign, -1 where it is none of the code's; the shape stays."""
    found: npt.NDArray[np.int64] = _VALUE[codes]
    return found


def check_values(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Value of the 18th sign that belongs to the first 17 of each row."""
    found: npt.NDArray[np.int64] = -(values[:, : LENGTH - 1] @ _WEIGHTS) % len(SIGNS)
    return found
