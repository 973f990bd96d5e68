"""Names that differ by one character, counted without comparing all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute


def one_character_apart(left: str, right: str) -> bool:
    """True for equal names and for names with one character replaced, added or left out.

    >>> one_character_apart("王小明", "王晓明"), one_character_apart("王明", "王小明")
    (True, True)
    >>> one_character_apart("王小明", "李晓明")
    False
    """
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) <= 1
    short, long = sorted((left, right), key=len)
    return any(short == long[:place] + long[place + 1 :] for place in range(len(long)))


def near_pair_share(names: Sequence[str | None], years: Sequence[int]) -> float:
    """Of the pairs with one surname, the share born in one year with names nearly the same.

    The surname is the first character. Nearly the same here: equal, or one later character
    replaced. Linear: counts names that agree on a pattern with one place left open. A family has
    one surname, and often given names of one pattern, but seldom in one year.
    """
    told = pa.table({"name": pa.array(names, pa.string()), "year": pa.array(years, pa.int64())})
    known = told.filter(pc.greater(pc.utf8_length(told["name"]), 0))
    name, year = known["name"], known["year"]
    length = pc.utf8_length(name)
    kin = _pairs(pc.utf8_slice_codeunits(name, 0, 1))
    near = _pairs(name, year)
    for place in range(1, pc.max(length).as_py() or 0):
        reaches = pc.greater(length, place)
        these, born = name.filter(reaches), year.filter(reaches)
        pattern = pc.utf8_replace_slice(these, place, place + 1, "\0")
        # A pair of equal names agrees on each of its patterns: it was counted already.
        near += _pairs(pattern, born) - _pairs(these, born)
    return near / kin if kin else 0.0


def _pairs(*columns: pa.ChunkedArray[Any]) -> int:
    """How many pairs of rows are equal in all columns."""
    names = [str(number) for number in range(len(columns))]
    groups = pa.table(list(columns), names=names).group_by(names).aggregate([([], "count_all")])
    counts = groups["count_all"]
    return int(pc.sum(pc.multiply(counts, pc.subtract(counts, 1))).as_py() or 0) // 2
