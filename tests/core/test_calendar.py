"""Terms end when the law says; holidays and make-up days are China's."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.calendar import Calendar, Span, Unit, read_span
from graphrisk.core.calendar_file import read_calendar
from graphrisk.core.errors import BadInput, ConfigError

CALENDAR = Calendar()
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def local(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, ZONE).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # a Saturday, made up for Spring Festival
        ("2026-02-16", False),  # New Year's Eve, a Monday
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # a Saturday, made up
        ("2026-10-01", False),
        ("2026-10-10", True),  # a Saturday, made up for National Day
        ("2026-10-11", False),
    ],
)
def test_working_days_are_those_of_the_state_council(day: str, works: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("begin", "span", "end"),
    [
        ("2026-02-12 09:00", "3 working days", "2026-02-25 00:00"),  # over Spring Festival
        ("2026-02-13 23:59", "1 working day", "2026-02-15 00:00"),  # the made-up Saturday
        ("2026-09-24 10:00", "7 days", "2026-10-09 00:00"),  # the last day is a holiday
        ("2026-03-02 10:00", "7 days", "2026-03-10 00:00"),
        ("2026-02-13 20:00", "48 hours", "2026-02-15 20:00"),
        ("2026-08-31 08:00", "6 months", "2027-03-02 00:00"),  # ends on a Sunday: on to Monday
        ("2026-01-31 08:00", "1 month", "2026-03-01 00:00"),  # 28 February is worked
        ("2026-10-15 08:00", "2 months", "2026-12-16 00:00"),
        ("2026-03-06 16:30", "4 office hours", "2026-03-09 11:00"),  # over a weekend
        ("2026-03-07 10:00", "1 office hour", "2026-03-09 09:00"),
        ("2026-03-09 11:30", "1 office hour", "2026-03-09 15:00"),  # over noon
        ("2026-03-09 08:00", "7 office hours", "2026-03-09 17:30"),
    ],
)
def test_a_term_ends_as_the_civil_code_says(begin: str, span: str, end: str) -> None:
    assert local(CALENDAR.after(at(begin), read_span(span)).at) == end


def test_a_legal_day_is_a_date_in_shanghai() -> None:
    assert CALENDAR.day_of(at("2026-03-09 00:00")) == date(2026, 3, 9)
    assert CALENDAR.day_of(at("2026-03-09 00:00") - 1) == date(2026, 3, 8)
    assert CALENDAR.begin_of(date(1988, 7, 1)) == at("1988-07-01 00:00")  # summer time


def test_an_unknown_year_goes_by_weekdays_and_is_provisional() -> None:
    assert not CALENDAR.is_known(2062)
    assert CALENDAR.is_working_day(date(2062, 10, 2))
    assert not CALENDAR.is_working_day(date(2062, 10, 1))  # a Sunday
    due = CALENDAR.after(at("2061-12-30 09:00"), read_span("2 working days"))
    assert (local(due.at), due.is_provisional) == ("2062-01-04 00:00", True)
    assert not CALENDAR.after(at("2026-03-02 10:00"), read_span("7 days")).is_provisional
    assert not CALENDAR.after(at("2062-03-02 10:00"), read_span("7 hours")).is_provisional


def test_a_deployment_states_years_and_office_hours(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(
        "office_hours: ['09:00-12:00']\n"
        "years:\n  2062:\n    holidays: [2062-01-02, 2062-01-03]\n    working: [2062-01-07]\n"
    )
    stated = read_calendar(file)
    due = stated.after(at("2062-01-01 09:00"), read_span("4 working days"))
    assert (local(due.at), due.is_provisional) == ("2062-01-08 00:00", False)
    due = stated.after(at("2062-01-04 11:00"), read_span("2 office hours"))
    assert local(due.at) == "2062-01-05 10:00"
    assert read_calendar(None).is_working_day(date(2026, 2, 14))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("years: {2062: {holidays: [2061-01-02]}}", "years.2062.holidays: 2061-01-02"),
        ("years: {2062: {holidays: [2062-01-02], working: [2062-01-02]}}", "both"),
        ("years: {2062: {free: []}}", "'free' is none of"),
        ("years: [2062]", "years is"),
        ("office_hours: ['9-12']", "'9-12' is not like"),
        ("office_hours: ['12:00-09:00']", "ends before it begins"),
        ("office_hours: ['09:00-12:00', '11:00-13:00']", "overlaps"),
        ("office_hours: []", "office_hours is a list"),
        ("hours: []", "'hours' is none of"),
        ("a: [", "not YAML"),
    ],
)
def test_a_faulty_calendar_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"calendar\.yaml") as refused:
        read_calendar(file)
    assert told in str(refused.value)


@pytest.mark.parametrize("text", ["", "3", "0 days", "-1 days", "3 weeks", "99999 days", "٣ days"])
def test_no_term_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="a term is"):
        read_span(text)


@given(
    st.integers(at("2004-01-01 00:00"), at("2026-06-01 00:00")),
    st.integers(1, 60),
    st.sampled_from(Unit),
)
def test_more_time_never_ends_earlier_and_days_end_after_a_working_day(
    begin: int, count: int, unit: Unit
) -> None:
    due, later = (CALENDAR.after(begin, Span(n, unit)).at for n in (count, count + 1))
    assert begin < due <= later
    if unit in (Unit.DAY, Unit.WORKING_DAY, Unit.MONTH):
        assert due == CALENDAR.begin_of(CALENDAR.day_of(due))
        assert CALENDAR.is_working_day(CALENDAR.day_of(due - 1))


@given(st.integers(at("2004-01-01 00:00"), at("2026-06-01 00:00")), st.integers(1, 40))
def test_working_days_are_counted_one_by_one(begin: int, count: int) -> None:
    end = CALENDAR.after(begin, Span(count, Unit.WORKING_DAY)).at
    first, last = CALENDAR.day_of(begin), CALENDAR.day_of(end - 1)
    between = [date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1)]
    assert sum(map(CALENDAR.is_working_day, between)) == count
