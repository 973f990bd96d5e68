"""Legal time in China: working days, office hours, and when a term ends.

Working days are those of the State Council's yearly notice, with its holidays and make-up days,
as the package ``chinese_calendar`` has them. A year that it does not know falls back to weekends
and is marked provisional; a deployment may state a year itself (``calendar_file``).

Terms end as the Civil Code says (Art. 201–203): the day on which a term begins does not count; it
ends with the end of its last day; when that is no working day, with the end of the next that is.
Terms of hours run on, day and night; of office hours only while offices are open. A legal day is a
date in Shanghai.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, workdays

from graphrisk.core.errors import BadInput

HOUR_MS: Final = 3_600_000
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_DAY: Final = timedelta(days=1)
#: Terms beyond this are a mistake: about thirty years.
_MOST: Final = 10_000
_SPAN: Final = re.compile(r"(\d{1,5}) (working day|office hour|hour|day|month)s?", re.ASCII)


class Unit(StrEnum):
    """What a term is counted in."""

    HOUR = "hour"
    OFFICE_HOUR = "office hour"
    DAY = "day"
    WORKING_DAY = "working day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """A term: so many of a unit."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends; provisional while a year it crosses has no official calendar."""

    at: int  # epoch ms UTC, exclusive: at this moment the term is over
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Year:
    """A year as a deployment states it: what differs from Monday to Friday."""

    holidays: frozenset[date]
    working: frozenset[date]  # weekend days on which work is made up


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Part of a working day in which offices are open, half-open."""

    begin: time
    end: time


OFFICE_HOURS: Final = (
    OpenTime(time(8, 0), time(12, 0)),
    OpenTime(time(14, 30), time(17, 30)),
)


def read_span(text: str) -> Span:
    """A term as people write it; ``BadInput`` for anything else.

    >>> read_span("3 working days"), str(read_span("1 hour"))
    (Span(count=3, unit=<Unit.WORKING_DAY: 'working day'>), '1 hour')
    """
    found = re.fullmatch(_SPAN, text)
    if found is None or not 0 < int(found[1]) <= _MOST:
        raise BadInput(
            "a term is a number and hours, office hours, days, working days or months, "
            f"not {text[:40]!r}"
        )
    return Span(int(found[1]), Unit(found[2]))


class Calendar:
    """Counts legal time. Safe to share; equal arguments give equal answers for ever.

    Args:
        years: Years that a deployment states itself; each replaces the official one.
        open_times: When offices are open on a working day, ascending and apart.
    """

    def __init__(
        self,
        years: Mapping[int, Year] | None = None,
        open_times: Sequence[OpenTime] = OFFICE_HOURS,
    ) -> None:
        self._years = dict(years or {})
        self._open_times = tuple(open_times)
        if not self._open_times:
            raise BadInput("offices are open at some time of a working day")

    def day_of(self, ms: int) -> date:
        """The legal day of a moment."""
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(_ZONE).date()

    def begin_of(self, day: date) -> int:
        """The moment at which a legal day begins, epoch ms UTC."""
        return _moment(day, time())

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a day; by weekday alone where nothing is known of its year."""
        year = self._years.get(day.year) or _official(day.year)
        if year is None:
            return day.weekday() < 5
        return day in year.working or (day.weekday() < 5 and day not in year.holidays)

    def is_known(self, year: int) -> bool:
        """Whether the holidays of a year are stated, officially or by the deployment."""
        return year in self._years or _official(year) is not None

    def after(self, begin: int, span: Span) -> Due:
        """When a term that begins at ``begin`` (epoch ms UTC) ends. Cost: linear in its days."""
        if span.unit is Unit.HOUR:
            return Due(begin + span.count * HOUR_MS, is_provisional=False)
        if span.unit is Unit.OFFICE_HOUR:
            end = self._after_office_hours(begin, span.count * HOUR_MS)
            last = self.day_of(end - 1)
        else:
            last = self._last_day(self.day_of(begin), span)
            end = self.begin_of(last + _DAY)
        crossed = range(self.day_of(begin).year, last.year + 1)
        return Due(end, is_provisional=not all(map(self.is_known, crossed)))

    def _last_day(self, first: date, span: Span) -> date:
        """The day with whose end a term of days or months ends; ``first`` does not count."""
        if span.unit is Unit.WORKING_DAY:
            day = first
            for _ in range(span.count):
                day = self._working_from(day + _DAY)
            return day
        if span.unit is Unit.DAY:
            return self._working_from(first + span.count * _DAY)
        return self._working_from(_months_later(first, span.count))

    def _working_from(self, day: date) -> date:
        """The day itself, or the next one on which offices work."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def _after_office_hours(self, begin: int, left: int) -> int:
        day = self.day_of(begin)
        while True:
            day = self._working_from(day)
            for opened in self._open_times:
                since = max(begin, _moment(day, opened.begin))
                room = max(0, _moment(day, opened.end) - since)
                if left <= room:
                    return since + left
                left -= room
            day += _DAY


@cache
def _official(year: int) -> Year | None:
    """The year as the State Council announced it; ``None`` before the notice is in the package."""
    holiday, working = (
        frozenset(day for day in named if day.year == year) for named in (holidays, workdays)
    )
    return Year(holiday, working) if holiday else None


def _moment(day: date, at: time) -> int:
    return int(datetime.combine(day, at, _ZONE).timestamp()) * 1000


def _months_later(day: date, months: int) -> date:
    """The same day of a later month; its last one where there is no such day (Art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * _DAY, following - _DAY)
