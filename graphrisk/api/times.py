"""Moments as texts: ISO 8601, in UTC where we say them, in any named zone where we are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from graphrisk.core.errors import BadInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_LONGEST = 40


def time_text(ms: int) -> str | None:
    """ISO 8601 in UTC with milliseconds; ``None`` beyond the years 1 to 9999.

    >>> time_text(1_772_323_200_000)
    '2026-03-01T00:00:00.000Z'
    """
    try:
        at = _EPOCH + timedelta(milliseconds=ms)
    except OverflowError:
        return None
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_ms(text: object) -> int:
    """Epoch milliseconds of an ISO 8601 text that names its zone; ``BadInput`` otherwise.

    >>> time_ms("2026-03-01T08:00:00+08:00")
    1772323200000
    """
    if isinstance(text, str) and len(text) <= _LONGEST:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            if at.tzinfo is not None:
                return (at - _EPOCH) // _MS
    raise BadInput("a time is ISO 8601 with its zone, such as 2026-03-01T08:00:00+08:00")
