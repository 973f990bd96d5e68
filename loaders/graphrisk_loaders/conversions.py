"""From columns as delivered to columns of the vocabulary, whole columns at a time.

Every conversion takes a column of texts (or what Parquet already typed) and returns values with a
mask of the rows it could not use; blank texts are nulls, never faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from graphrisk_loaders.mapping import ColumnSpec

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
BoolArray = npt.NDArray[np.bool_]
_DAY_MS = 86_400_000
_INT = r"^[+-]?\d{1,18}$"
_FLOAT = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_YUAN = r"^[+-]?\d{1,14}(\.\d{1,2}0*)?$"
_TRUE = ("1", "true", "t", "yes", "y", "是")
_FALSE = ("0", "false", "f", "no", "n", "否")


@dataclass(frozen=True, slots=True)
class Converted:
    """Values (null where blank or faulty), where the faults are, and what a good value is."""

    values: pa.Array[Any]
    faulty: BoolArray
    expected: str


def as_text(column: pa.Array[Any]) -> pa.Array[Any]:
    """Trimmed texts, null where blank."""
    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(text)
    found: pa.Array[Any] = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    return found


def convert(column: pa.Array[Any], spec: ColumnSpec, time_zone: str) -> Converted:
    """One column by its spec; ``identity`` is not done here, it needs keys."""
    match spec.conversion:
        case "int" | "epoch_ms":
            return _int(column)
        case "float":
            return _float(column)
        case "bool":
            return _bool(column)
        case "yuan":
            return _yuan(column)
        case "time":
            return _time(column, spec.format, time_zone)
        case "days_after":
            return _days_after(column, spec.start)
        case "map":
            return _mapped(as_text(column), spec.values)
        case _:
            return _good(as_text(column), "a text")


def _good(values: pa.Array[Any], expected: str) -> Converted:
    return Converted(values, np.zeros(len(values), np.bool_), expected)


def _matching(text: pa.Array[Any], pattern: str) -> tuple[pa.Array[Any], BoolArray]:
    """Texts that match, others null; and where the others are."""
    fits = pc.match_substring_regex(text, pattern)
    faulty = np.asarray(pc.fill_null(pc.invert(fits), False))
    return pc.if_else(fits, text, pa.scalar(None, pa.string())), faulty


def _int(column: pa.Array[Any]) -> Converted:
    if pa.types.is_integer(column.type):
        return _good(column.cast(pa.int64()), "a whole number")
    text, faulty = _matching(as_text(column), _INT)
    plain = pc.utf8_ltrim(text, "+")
    return Converted(plain.cast(pa.int64()), faulty, "a whole number")


def _float(column: pa.Array[Any]) -> Converted:
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return _good(column.cast(pa.float64()), "a number")
    text, faulty = _matching(as_text(column), _FLOAT)
    return Converted(pc.utf8_ltrim(text, "+").cast(pa.float64()), faulty, "a number")


def _bool(column: pa.Array[Any]) -> Converted:
    if pa.types.is_boolean(column.type):
        return _good(column, "yes or no")
    text = pc.utf8_lower(as_text(column))
    true, false = (pc.is_in(text, pa.array(words)) for words in (_TRUE, _FALSE))
    known = pc.or_(true, false)
    faulty = np.asarray(pc.and_(pc.invert(known), pc.is_valid(text)))
    return Converted(pc.if_else(known, true, pa.scalar(None, pa.bool_())), faulty, "yes or no")


def _yuan(column: pa.Array[Any]) -> Converted:
    """Fen. From floating point the nearest fen: the source has lost the exact one already."""
    expected = "an amount in yuan with at most two decimals"
    if pa.types.is_floating(column.type):
        yuan = column.cast(pa.float64())
        finite = pc.fill_null(pc.is_finite(yuan), True)
        fen = pc.round(pc.multiply(pc.if_else(finite, yuan, None), 100.0)).cast(pa.int64())
        return Converted(fen, ~np.asarray(finite), expected)
    plain = pc.replace_substring_regex(as_text(column), r"[,，¥￥]", "")
    text, faulty = _matching(plain, _YUAN)
    padded = pc.replace_substring_regex(pc.utf8_ltrim(text, "+"), r"^([^.]*)$", r"\1.")
    cents = pc.replace_substring_regex(
        pc.binary_join_element_wise(padded, pa.scalar("00"), pa.scalar("")),
        r"\.(\d\d)\d*$",
        r"\1",
    )
    return Converted(cents.cast(pa.int64()), faulty, expected)


def _time(column: pa.Array[Any], form: str, time_zone: str) -> Converted:
    """Epoch milliseconds UTC of local times; typed times with a zone keep theirs.

    In the hour that occurs twice when clocks go back the first is meant; an hour that is left out
    is no time at all.
    """
    expected = f"a time like {form}"
    if pa.types.is_timestamp(column.type):
        if column.type.tz is None:
            column = pc.assume_timezone(column, time_zone, ambiguous="earliest")
        return _good(column.cast(pa.timestamp("ms", tz="UTC")).cast(pa.int64()), expected)
    text = as_text(column)
    local = pc.strptime(text, format=form, unit="s", error_is_null=True)
    # strptime takes a prefix for the whole: what it read must be what stands there.
    same = pc.equal(pc.strftime(local, format=form), text)
    local = pc.if_else(pc.fill_null(same, False), local, pa.scalar(None, pa.timestamp("s")))
    faulty = np.asarray(pc.and_(pc.is_valid(text), pc.is_null(local)))
    zoned = pc.assume_timezone(local, time_zone, ambiguous="earliest", nonexistent="earliest")
    return Converted(pc.multiply(zoned.cast(pa.int64()), 1000), faulty, expected)


def _days_after(column: pa.Array[Any], start: str) -> Converted:
    found = _int(column)
    zero = (date.fromisoformat(start) - date(1970, 1, 1)).days * _DAY_MS
    values = pc.add(pc.multiply(found.values, _DAY_MS), zero)
    return Converted(values, found.faulty, f"whole days after {start}")


def _mapped(text: pa.Array[Any], values: Mapping[str, str]) -> Converted:
    place = pc.index_in(text, pa.array(list(values)))
    faulty = np.asarray(pc.and_(pc.is_valid(text), pc.is_null(place)))
    found = pa.array(list(values.values()), pa.string()).take(place)
    return Converted(found, faulty, f"one of {', '.join(values)}")
