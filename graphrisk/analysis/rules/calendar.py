"""Time of day and kind of day, of whole columns of moments."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.rules.model import ClockPart
from graphrisk.core.calendar import Calendar
from graphrisk.store.contract import Int64Array

_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_SHANGHAI_MS = 8 * _HOUR_MS
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0
_CALENDAR = Calendar()


class LocalDays:
    """Which days are working days, asked once a day."""

    def __init__(self, calendar: Calendar = _CALENDAR) -> None:
        self._calendar = calendar
        self._known: dict[int, bool] = {}

    def part(self, part: ClockPart, at: Int64Array) -> npt.NDArray[np.float64]:
        """Hour (0-23), weekday (1-7) or working day (0 or 1) of each moment, in China."""
        local = at + _SHANGHAI_MS
        if part == "hour":
            return (local // _HOUR_MS % 24).astype(np.float64)
        days = local // _DAY_MS
        if part == "weekday":
            return ((days + _EPOCH_WEEKDAY) % 7 + 1).astype(np.float64)
        each, place = np.unique(days, return_inverse=True)
        return np.array([self._is_working(day) for day in each.tolist()], np.float64)[place]

    def _is_working(self, day: int) -> bool:
        if day not in self._known:
            moment = day * _DAY_MS
            self._known[day] = self._calendar.is_working_day(self._calendar.day_of(moment))
        return self._known[day]
