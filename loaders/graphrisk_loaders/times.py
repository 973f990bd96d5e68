"""Times: local ones on the clocks of a zone, typed ones, and the years that can be shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphrisk_loaders.converted import BoolArray, Converted, as_text, good, mask, without, written
from graphrisk_loaders.mapping import USUAL_TIME

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
#: Years 1 to 9999 on every clock of the world: what every later step can show.
_FIRST_MS, LAST_MS = -62_135_510_400_000, 253_402_214_400_000
_USUAL_LENGTH = 19
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def local_times(column: pa.Array[Any], form: str, time_zone: str) -> Converted:
    """Epoch milliseconds UTC of local times; typed times with a zone keep theirs.

    In the hour that occurs twice when clocks go back the first is meant; an hour that is left out
    is no time at all.
    """
    expected = f"a time like {form} on the clocks of {time_zone}, of the years 1 to 9999"
    if is_of_time(column):
        ms, zone = _typed_ms(column)
        found = within(good(ms, expected))
        return found if zone else _zoned(found, time_zone)
    text = as_text(column)
    local = _read_local(text, form)
    faulty = np.asarray(pc.and_(pc.is_valid(text), pc.is_null(local)))
    found = within(Converted(pc.multiply(local, 1000), faulty, expected))
    return _zoned(found, time_zone)


def is_of_time(column: pa.Array[Any]) -> bool:
    """Whether the column came typed as times or dates."""
    return pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)


def off_calendar(column: pa.Array[Any]) -> BoolArray:
    """Which typed times cannot be shown: Arrow writes them as what is no time."""
    return within(good(_typed_ms(column)[0], "")).faulty


def _typed_ms(column: pa.Array[Any]) -> tuple[pa.Array[Any], str | None]:
    """Milliseconds of typed times, and their zone if they have one."""
    if pa.types.is_date(column.type):
        return column.cast(pa.date64()).cast(pa.int64()), None
    per_second = _PER_SECOND[column.type.unit]
    numbers = column.cast(pa.int64())
    if per_second == 1:
        far = beyond(numbers, LAST_MS)  # would wrap around, is at fault
        return pc.multiply(pc.if_else(pa.array(far), LAST_MS, numbers), 1000), column.type.tz
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
    back = pc.strftime(local, format=form)
    if "年" in form:
        back, text = _unpadded(back), _unpadded(text)
    same = pc.fill_null(pc.equal(back, text), False)
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
    left_out = mask(pc.not_equal(pc.local_timestamp(zoned), times))
    values = without(zoned.cast(pa.int64()), left_out)
    return Converted(values, local.faulty | left_out, local.expected)


def beyond(numbers: pa.Array[Any], most: int) -> BoolArray:
    """Where whole numbers are larger than ``most``, or smaller than its negative."""
    return mask(pc.or_(pc.greater(numbers, most), pc.less(numbers, -most)))


def within(found: Converted) -> Converted:
    """Times before or after the years that can be shown are at fault."""
    values = found.values
    outside = mask(pc.or_(pc.less(values, _FIRST_MS), pc.greater(values, LAST_MS)))
    return Converted(without(values, outside), found.faulty | outside, found.expected)


def told(column: pa.Array[Any]) -> pa.Array[Any]:
    """As ``written``, for people: of a time that no calendar has, the number that stands there."""
    if not is_of_time(column):
        return written(column)
    numbers = column.view(pa.int32() if pa.types.is_date32(column.type) else pa.int64())
    shown: pa.Array[Any] = pc.if_else(
        pa.array(off_calendar(column)), numbers.cast(pa.string()), written(column)
    )
    return shown
