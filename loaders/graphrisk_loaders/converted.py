"""Columns on their way to values: what came out, where the faults are, and texts of any column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
BoolArray = npt.NDArray[np.bool_]
_FIRST_ROUNDED = 2.0**53
_WIDEST_SUMMAND = 75  # digits of a decimal whose sum still fits the widest, of 76


@dataclass(frozen=True, slots=True)
class Converted:
    """Values (null where blank or faulty), where the faults are, and what a good value is."""

    values: pa.Array[Any]
    faulty: BoolArray
    expected: str


def as_text(column: pa.Array[Any]) -> pa.Array[Any]:
    """Trimmed texts, null where blank.

    A whole number that came as floating point (a column of whole numbers with blanks, as data
    frames write it) is written in its digits: keys are such numbers.
    """
    text = written(column)
    if pa.types.is_floating(column.type):
        whole = mask(pc.equal(pc.floor(column), column)) & ~rounded(column)
        digits = pc.if_else(pa.array(whole), column, pa.scalar(None, column.type))
        text = pc.coalesce(digits.cast(pa.int64()).cast(pa.string()), text)
    trimmed = pc.utf8_trim_whitespace(text)
    found: pa.Array[Any] = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    return found


def written(column: pa.Array[Any]) -> pa.Array[Any]:
    """Any readable column as texts, values beyond what Python's own types hold too."""
    if pa.types.is_string(column.type):
        return column
    text: pa.Array[Any] = column.cast(pa.string())
    if not pa.types.is_decimal(column.type):
        return text
    # Arrow writes decimals below a millionth, zero too, with an exponent: no amount, no number.
    tiny = pc.match_substring(text, "E")
    if not pc.any(tiny).as_py():
        return text
    value = pc.if_else(tiny, column, pa.scalar(None, column.type))
    wide = pc.abs(value.cast(pa.decimal256(_WIDEST_SUMMAND, column.type.scale)))
    digits = pc.replace_substring_regex(pc.add(wide, 1).cast(pa.string()), "^1", "0")
    sign = pc.if_else(pc.starts_with(text, "-"), "-", "")
    plain: pa.Array[Any] = pc.if_else(tiny, pc.binary_join_element_wise(sign, digits, ""), text)
    return plain


def rounded(column: pa.Array[Any]) -> BoolArray:
    """Where a floating-point number may stand for several whole ones."""
    return mask(pc.greater_equal(pc.abs(column.cast(pa.float64())), _FIRST_ROUNDED))


def good(values: pa.Array[Any], expected: str) -> Converted:
    """Values without a fault."""
    return Converted(values, np.zeros(len(values), np.bool_), expected)


def mask(where: pa.Array[Any]) -> BoolArray:
    """Where it is true; not where it is null."""
    return np.asarray(pc.fill_null(where, False))


def without(values: pa.Array[Any], faulty: BoolArray) -> pa.Array[Any]:
    """The values, null where they are at fault."""
    if not faulty.any():
        return values
    found: pa.Array[Any] = pc.if_else(pa.array(faulty), pa.scalar(None, values.type), values)
    return found


def matching(text: pa.Array[Any], pattern: str) -> tuple[pa.Array[Any], BoolArray]:
    """Texts that match, others null; and where the others are."""
    faulty = mask(pc.invert(pc.match_substring_regex(text, pattern)))
    return without(text, faulty), faulty
