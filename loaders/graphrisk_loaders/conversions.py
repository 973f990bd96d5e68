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

from graphrisk_loaders.boundaries import MOST_DEGREES, read_boundary, write_boundary
from graphrisk_loaders.coordinates import Crs, to_wgs84
from graphrisk_loaders.credit_codes import LENGTH, SIGNS, check_values, values_of
from graphrisk_loaders.mapping import USUAL_TIME, ColumnSpec

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
BoolArray = npt.NDArray[np.bool_]
_DAY_MS = 86_400_000
_FIRST_ROUNDED = 2.0**53
_INT = r"^[+-]?\d{1,18}$"
_FLOAT = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_YUAN = r"^[+-]?(\d{1,14}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2}0*)?$"
_SIGN_OF_YUAN = r"^(?:([+-]?)[¥￥]\s*(.*)|(.*?)\s*[¥￥])$"
_MOST_YUAN = 1e14
_WIDEST_SUMMAND = 75  # digits of a decimal whose sum still fits the widest, of 76
_CREDIT_CODE = rf"^[{SIGNS}]{{{LENGTH}}}$"
_TRUE = ("1", "true", "t", "yes", "y", "是")
_FALSE = ("0", "false", "f", "no", "n", "否")
#: Signs that no text holds: with them one value could pass for two.
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_FIRST_PRINTABLE = 32
LONGEST_TEXT = 10_000
#: Years 1 to 9999 on every clock of the world: what every later step can show.
_FIRST_MS, _LAST_MS = -62_135_510_400_000, 253_402_214_400_000
_USUAL_LENGTH = 19
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


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
        whole = _mask(pc.equal(pc.floor(column), column)) & ~_rounded(column)
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


def told(column: pa.Array[Any]) -> pa.Array[Any]:
    """As ``written``, for people: of a time that no calendar has, the number that stands there."""
    if not _is_of_time(column):
        return written(column)
    numbers = column.view(pa.int32() if pa.types.is_date32(column.type) else pa.int64())
    shown: pa.Array[Any] = pc.if_else(
        pa.array(_off_calendar(column)), numbers.cast(pa.string()), written(column)
    )
    return shown


def _rounded(column: pa.Array[Any]) -> BoolArray:
    """Where a floating-point number may stand for several whole ones."""
    return _mask(pc.greater_equal(pc.abs(column.cast(pa.float64())), _FIRST_ROUNDED))


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
            return _time(column, spec.format, time_zone)
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


def _good(values: pa.Array[Any], expected: str) -> Converted:
    return Converted(values, np.zeros(len(values), np.bool_), expected)


def _mask(where: pa.Array[Any]) -> BoolArray:
    return np.asarray(pc.fill_null(where, False))


def _without(values: pa.Array[Any], faulty: BoolArray) -> pa.Array[Any]:
    """The values, null where they are at fault."""
    if not faulty.any():
        return values
    found: pa.Array[Any] = pc.if_else(pa.array(faulty), pa.scalar(None, values.type), values)
    return found


def _matching(text: pa.Array[Any], pattern: str) -> tuple[pa.Array[Any], BoolArray]:
    """Texts that match, others null; and where the others are."""
    faulty = _mask(pc.invert(pc.match_substring_regex(text, pattern)))
    return _without(text, faulty), faulty


def _text(column: pa.Array[Any]) -> Converted:
    text = as_text(column)
    if _is_of_time(column):
        faulty = _off_calendar(column)
        return Converted(_without(text, faulty), faulty, "a time of the years 1 to 9999")
    faulty = _mask(pc.greater(pc.utf8_length(text), LONGEST_TEXT))
    if pa.types.is_floating(column.type):
        faulty |= _rounded(column) | _mask(pc.is_nan(column))
    if _has_controls(text):
        faulty |= _mask(pc.match_substring_regex(text, CONTROLS))
    expected = f"a text of at most {LONGEST_TEXT:,} signs without control signs"
    return Converted(_without(text, faulty), faulty, expected)


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
            faulty = _mask(pc.greater(column, pa.scalar(2**63 - 1, pa.uint64())))
        return Converted(_without(column, faulty).cast(pa.int64()), faulty, expected)
    text, faulty = _matching(as_text(column), _INT)
    return Converted(pc.utf8_ltrim(text, "+").cast(pa.int64()), faulty, expected)


def _epoch_ms(column: pa.Array[Any]) -> Converted:
    found = _int(column)
    expected = "milliseconds since 1970, in the years 1 to 9999"
    return _within(Converted(found.values, found.faulty, expected))


def _float(column: pa.Array[Any]) -> Converted:
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        values, faulty = column.cast(pa.float64(), safe=False), np.zeros(len(column), np.bool_)
    else:
        text, faulty = _matching(as_text(column), _FLOAT)
        values = pc.utf8_ltrim(text, "+").cast(pa.float64())
    faulty |= _mask(pc.invert(pc.is_finite(values)))
    return Converted(_without(values, faulty), faulty, "a finite number")


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
        faulty = _mask(pc.invert(pc.less(pc.abs(yuan), _MOST_YUAN)))
        fen = pc.round(pc.multiply(_without(yuan, faulty), 100.0)).cast(pa.int64())
        return Converted(fen, faulty, expected)
    plain = pc.replace_substring_regex(as_text(column), _SIGN_OF_YUAN, r"\1\2\3")
    plain = pc.replace_substring(plain, "，", ",")
    text, faulty = _matching(plain, _YUAN)
    text = pc.replace_substring(pc.utf8_ltrim(text, "+"), ",", "")
    padded = pc.replace_substring_regex(text, r"^([^.]*)$", r"\1.")
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
    expected = f"a time like {form} on the clocks of {time_zone}, of the years 1 to 9999"
    if _is_of_time(column):
        ms, zone = _typed_ms(column)
        found = _within(_good(ms, expected))
        return found if zone else _zoned(found, time_zone)
    text = as_text(column)
    local = _read_local(text, form)
    faulty = np.asarray(pc.and_(pc.is_valid(text), pc.is_null(local)))
    found = _within(Converted(pc.multiply(local, 1000), faulty, expected))
    return _zoned(found, time_zone)


def _is_of_time(column: pa.Array[Any]) -> bool:
    return pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)


def _off_calendar(column: pa.Array[Any]) -> BoolArray:
    """Which typed times cannot be shown: Arrow writes them as what is no time."""
    return _within(_good(_typed_ms(column)[0], "")).faulty


def _typed_ms(column: pa.Array[Any]) -> tuple[pa.Array[Any], str | None]:
    """Milliseconds of typed times, and their zone if they have one."""
    if pa.types.is_date(column.type):
        return column.cast(pa.date64()).cast(pa.int64()), None
    per_second = _PER_SECOND[column.type.unit]
    numbers = column.cast(pa.int64())
    if per_second == 1:
        beyond = _beyond(numbers, _LAST_MS)  # would wrap around, is at fault
        return pc.multiply(pc.if_else(pa.array(beyond), _LAST_MS, numbers), 1000), column.type.tz
    whole = np.asarray(pc.fill_null(numbers, 0)) // (per_second // 1000)
    return pa.array(whole, mask=np.asarray(pc.is_null(numbers))), column.type.tz


def _read_local(text: pa.Array[Any], form: str) -> pa.Array[Any]:
    """Seconds of local times, null where a text is not of the form."""
    if form == USUAL_TIME and pc.all(pc.equal(pc.binary_length(text), _USUAL_LENGTH)).as_py():
        try:  # the quick way, ten times faster, for blocks without a fault
            if not pc.any(pc.match_substring(text, "T")).as_py():
                return text.cast(pa.timestamp("s")).cast(pa.int64())
        except pa.ArrowInvalid:
            pass
    local = pc.strptime(text, format=form, unit="s", error_is_null=True)
    # strptime takes a prefix for the whole, and the 30th of February for the 1st of March: what
    # it read must be what stands there. In Chinese words numbers are written without leading zeros.
    written = pc.strftime(local, format=form)
    if "年" in form:
        written, text = _unpadded(written), _unpadded(text)
    same = pc.fill_null(pc.equal(written, text), False)
    found: pa.Array[Any] = pc.if_else(same, local.cast(pa.int64()), pa.scalar(None, pa.int64()))
    return found


def _unpadded(text: pa.Array[Any]) -> pa.Array[Any]:
    """The same without zeros at the beginning of numbers."""
    found: pa.Array[Any] = pc.replace_substring_regex(text, r"\b0+(\d)", r"\1")
    return found


def is_known_zone(name: str) -> bool:
    """Whether times of the zone can be converted: Arrow knows fewer zones than Python."""
    try:
        pc.assume_timezone(pa.scalar(0, pa.timestamp("ms")), name)
    except pa.ArrowInvalid:
        return False
    return True


def _zoned(local: Converted, time_zone: str) -> Converted:
    """UTC of local milliseconds."""
    times = local.values.cast(pa.timestamp("ms"))
    zoned = pc.assume_timezone(times, time_zone, ambiguous="earliest", nonexistent="earliest")
    left_out = _mask(pc.not_equal(pc.local_timestamp(zoned), times))
    values = _without(zoned.cast(pa.int64()), left_out)
    return Converted(values, local.faulty | left_out, local.expected)


def _beyond(numbers: pa.Array[Any], most: int) -> BoolArray:
    """Where whole numbers are larger than ``most``, or smaller than its negative."""
    return _mask(pc.or_(pc.greater(numbers, most), pc.less(numbers, -most)))


def _within(found: Converted) -> Converted:
    """Times before or after the years that can be shown are at fault."""
    values = found.values
    beyond = _mask(pc.or_(pc.less(values, _FIRST_MS), pc.greater(values, _LAST_MS)))
    return Converted(_without(values, beyond), found.faulty | beyond, found.expected)


def _days_after(column: pa.Array[Any], start: str) -> Converted:
    found = _int(column)
    beyond = _beyond(found.values, _LAST_MS // _DAY_MS)
    zero = (date.fromisoformat(start) - date(1970, 1, 1)).days * _DAY_MS
    values = pc.add(pc.multiply(_without(found.values, beyond), _DAY_MS), zero)
    expected = f"whole days after {start}, in the years 1 to 9999"
    return _within(Converted(values, found.faulty | beyond, expected))


def _credit_code(column: pa.Array[Any]) -> Converted:
    """Codes in capitals whose last sign is the one that belongs to the others."""
    expected = "a unified social credit code: 18 signs, the last of which checks the others"
    text, faulty = _matching(pc.utf8_upper(as_text(column)), _CREDIT_CODE)
    there = np.flatnonzero(np.asarray(text.is_valid()))
    signs = "".join(map(str, text.drop_null().to_pylist())).encode()
    values = values_of(np.frombuffer(signs, np.uint8).reshape(-1, LENGTH))
    faulty[there] = check_values(values) != values[:, -1]
    return Converted(_without(text, faulty), faulty, expected)


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
