"""Moments on their way in and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.api.times import time_ms, time_text
from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.core.errors import BadInput

YEARS = st.datetimes(timezones=st.just(UTC))


@given(YEARS)
def test_a_moment_comes_back_to_the_millisecond(at: datetime) -> None:
    ms = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    text = time_text(ms)
    assert text is not None
    assert text.endswith("Z")
    assert time_ms(text) == ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T08:00:00+08:00", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-03-01T00:00Z", 1_772_323_200_000),
        ("2026-03-01T00:00:00.0009Z", 1_772_323_200_000),
    ],
)
def test_any_zone_is_understood(text: str, ms: int) -> None:
    assert time_ms(text) == ms


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-03-01", "2026-03-01T00:00:00", "yesterday", "2026-02-30T00:00Z", 7, None],
)
def test_a_time_without_a_zone_is_none(text: object) -> None:
    with pytest.raises(BadInput):
        time_ms(text)


def test_moments_beyond_the_calendar_are_not_told() -> None:
    assert time_text(BEGIN) is None
    assert time_text(OPEN) is None
