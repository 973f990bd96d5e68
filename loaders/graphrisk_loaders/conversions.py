"""From columns as delivered to columns of the vocabulary, whole columns at a time.

Every conversion takes a column of texts (or what Parquet already typed) and returns values with a
mask of the rows it could not use; blank texts are nulls, never faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphrisk_loaders.boundaries import MOST_DEGREES, read_boundary, write_boundary
from graphrisk_loaders.converted import Converted, as_text, good, mask, matching, rounded, without
from graphrisk_loaders.coordinates import Crs, to_wgs84
from graphrisk_loaders.credit_codes import LENGTH, SIGNS, check_values, values_of
from graphrisk_loaders.mapping import ColumnSpec
from graphrisk_loaders.times import LAST_MS, beyond, is_of_time, local_times, off_calendar, within

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
_DAY_MS = 86_400_000
_INT = r"^[+-]?\d{1,18}$"
_FLOAT = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_YUAN = r"^[+-]?(\d{1,14}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2}0*)?$"
_SIGN_OF_YUAN = r"^(?:([+-]?)[¥￥]\s*(.*)|(.*?)\s*[¥￥])$"
_MOST_YUAN = 1e14
_CREDIT_CODE = rf"^[{SIGNS}]{{{LENGTH}}}$"
_TRUE = ("1", "true", "t", "yes", "y", "是")
_FALSE = ("0", "false", "f", "no", "n", "否")
#: Signs that no text holds: with them one value could pass for two.
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_FIRST_PRINTABLE = 32
LONGEST_TEXT = 10_000


def convert(column: pa.Array[Any], spec: ColumnSpec, time_zone: str) -> Converted:
    """One column by its spec; ``identity`` is not done here, it needs keys."""
    match spec.conversion:
        case "int":
            return _int(column)
        case "epoch_ms":
            return _epoch_ms(column)
        case "float":
            return _float(column)
        case "bool":
            return _bool(column)
        case "yuan":
            return _yuan(column)
        case "time":
            return local_times(column, spec.format, time_zone)
        case "days_after":
            return _days_after(column, spec.start)
        case "credit_code":
            return _credit_code(column)
        case "map":
            return _mapped(as_text(column), spec.values)
        case "boundary":
            return _boundary(as_text(column), spec.crs)
        case _:
            return _text(column)


def _text(column: pa.Array[Any]) -> Converted:
    text = as_text(column)
    if is_of_time(column):
        faulty = off_calendar(column)
        return Converted(without(text, faulty), faulty, "a time of the years 1 to 9999")
    faulty = mask(pc.greater(pc.utf8_length(text), LONGEST_TEXT))
    if pa.types.is_floating(column.type):
        faulty |= rounded(column) | mask(pc.is_nan(column))
    if _has_controls(text):
        faulty |= mask(pc.match_substring_regex(text, CONTROLS))
    expected = f"a text of at most {LONGEST_TEXT:,} signs without control signs"
    return Converted(without(text, faulty), faulty, expected)


def _has_controls(text: pa.Array[Any]) -> bool:
    """Whether to look closer: one glance at the bytes of all texts."""
    data = text.buffers()[2]
    if data is None or not data.size:
        return False
    signs = np.frombuffer(memoryview(data), np.uint8)
    return bool(((signs < _FIRST_PRINTABLE) | (signs == 127)).any())


def _int(column: pa.Array[Any]) -> Converted:
    expected = "a whole number"
    if pa.types.is_integer(column.type):
        faulty = np.zeros(len(column), np.bool_)
        if pa.types.is_uint64(column.type):
            faulty = mask(pc.greater(column, pa.scalar(2**63 - 1, pa.uint64())))
        return Converted(without(column, faulty).cast(pa.int64()), faulty, expected)
    text, faulty = matching(as_text(column), _INT)
    return Converted(pc.utf8_ltrim(text, "+").cast(pa.int64()), faulty, expected)


def _epoch_ms(column: pa.Array[Any]) -> Converted:
    found = _int(column)
    expected = "milliseconds since 1970, in the years 1 to 9999"
    return within(Converted(found.values, found.faulty, expected))


def _float(column: pa.Array[Any]) -> Converted:
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        values, faulty = column.cast(pa.float64(), safe=False), np.zeros(len(column), np.bool_)
    else:
        text, faulty = matching(as_text(column), _FLOAT)
        values = pc.utf8_ltrim(text, "+").cast(pa.float64())
    faulty |= mask(pc.invert(pc.is_finite(values)))
    return Converted(without(values, faulty), faulty, "a finite number")


def _bool(column: pa.Array[Any]) -> Converted:
    if pa.types.is_boolean(column.type):
        return good(column, "yes or no")
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
        faulty = mask(pc.invert(pc.less(pc.abs(yuan), _MOST_YUAN)))
        fen = pc.round(pc.multiply(without(yuan, faulty), 100.0)).cast(pa.int64())
        return Converted(fen, faulty, expected)
    plain = pc.replace_substring_regex(as_text(column), _SIGN_OF_YUAN, r"\1\2\3")
    plain = pc.replace_substring(plain, "，", ",")
    text, faulty = matching(plain, _YUAN)
    text = pc.replace_substring(pc.utf8_ltrim(text, "+"), ",", "")
    padded = pc.replace_substring_regex(text, r"^([^.]*)$", r"\1.")
    cents = pc.replace_substring_regex(
        pc.binary_join_element_wise(padded, pa.scalar("00"), pa.scalar("")),
        r"\.(\d\d)\d*$",
        r"\1",
    )
    return Converted(cents.cast(pa.int64()), faulty, expected)


def _days_after(column: pa.Array[Any], start: str) -> Converted:
    found = _int(column)
    far = beyond(found.values, LAST_MS // _DAY_MS)
    zero = (date.fromisoformat(start) - date(1970, 1, 1)).days * _DAY_MS
    values = pc.add(pc.multiply(without(found.values, far), _DAY_MS), zero)
    expected = f"whole days after {start}, in the years 1 to 9999"
    return within(Converted(values, found.faulty | far, expected))


def _credit_code(column: pa.Array[Any]) -> Converted:
    """Codes in capitals whose last sign is the one that belongs to the others."""
    expected = "a unified social credit code: 18 signs, the last of which checks the others"
    text, faulty = matching(pc.utf8_upper(as_text(column)), _CREDIT_CODE)
    there = np.flatnonzero(np.asarray(text.is_valid()))
    signs = "".join(map(str, text.drop_null().to_pylist())).encode()
    values = values_of(np.frombuffer(signs, np.uint8).reshape(-1, LENGTH))
    faulty[there] = check_values(values) != values[:, -1]
    return Converted(without(text, faulty), faulty, expected)


def _mapped(text: pa.Array[Any], values: Mapping[str, str]) -> Converted:
    place = pc.index_in(text, pa.array(list(values)))
    faulty = np.asarray(pc.and_(pc.is_valid(text), pc.is_null(place)))
    found = pa.array(list(values.values()), pa.string()).take(place)
    return Converted(found, faulty, f"one of {', '.join(values)}")


def _boundary(text: pa.Array[Any], crs: Crs) -> Converted:
    """Well-known text in WGS-84, each written alike."""
    found: list[str | None] = []
    faulty = np.zeros(len(text), np.bool_)
    for place, one in enumerate(text.to_pylist()):
        try:
            found.append(None if one is None else _in_wgs84(one, crs))
        except ValueError:
            found.append(None)
            faulty[place] = True
    expected = (
        "a closed POLYGON or MULTIPOLYGON of well-known text, lon before lat, "
        f"at most {MOST_DEGREES} degrees wide"
    )
    return Converted(pa.array(found, pa.string()), faulty, expected)


def _in_wgs84(text: str, crs: Crs) -> str:
    rings = read_boundary(text)
    turned = (to_wgs84(ring[:, 0], ring[:, 1], crs) for ring in rings)
    return write_boundary(tuple(np.column_stack(ring) for ring in turned))
