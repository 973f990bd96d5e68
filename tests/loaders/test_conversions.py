"""Every conversion is exact or refuses; what it refuses is null."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.money import yuan
from graphrisk_loaders.conversions import LONGEST_TEXT, convert
from graphrisk_loaders.language import CONVERSIONS
from graphrisk_loaders.mapping import ColumnSpec
from graphrisk_loaders.times import told

FAULT = "fault"
UTC = dt.UTC


def converted(column: pa.Array[Any], spec: ColumnSpec, zone: str = "Asia/Shanghai") -> list[object]:
    """Values, with a word in place of what was refused."""
    found = convert(column, spec, zone)
    values: list[object] = found.values.to_pylist()
    assert len(found.faulty) == len(values) == len(column)
    assert all(values[i] is None for i in found.faulty.nonzero()[0])
    assert found.expected
    pairs = zip(values, found.faulty.tolist(), strict=True)
    return [FAULT if faulty else value for value, faulty in pairs]


def of_text(text: str | None, conversion: str, zone: str = "Asia/Shanghai", **more: Any) -> object:
    """One text, also beside others: neighbours must not matter."""
    spec = ColumnSpec("x", conversion, **more)
    alone = converted(pa.array([text], pa.string()), spec, zone)
    beside = converted(pa.array(["？", text, None], pa.string()), spec, zone)
    assert alone[0] == beside[1]
    return alone[0]


@pytest.mark.parametrize("conversion", sorted(CONVERSIONS.keys() - {"identity"}))
@pytest.mark.parametrize("blank", ["", "  ", "\u3000", None])
def test_blank_is_unknown_not_faulty(conversion: str, blank: str | None) -> None:
    assert of_text(blank, conversion, values={"a": "b"}) is None
    spec = ColumnSpec("x", conversion, values={"a": "b"})
    assert converted(pa.array([None, None], pa.null()), spec) == [None, None]
    assert converted(pa.array([], pa.string()), spec) == []


@pytest.mark.parametrize(
    ("conversion", "text", "value"),
    [
        ("int", " +7 ", 7),
        ("int", "-0", 0),
        ("int", "9" * 18, 10**18 - 1),
        ("int", "9" * 19, FAULT),
        ("int", "5.0", FAULT),
        ("int", "1e3", FAULT),
        ("int", "１２", FAULT),
        ("float", ".5", 0.5),
        ("float", "5.", 5.0),
        ("float", "+1e3", 1000.0),
        ("float", "nan", FAULT),
        ("float", "1e999", FAULT),
        ("float", "1,5", FAULT),
        ("bool", "是", True),
        ("bool", "N", False),
        ("bool", "maybe", FAULT),
        ("text", "a\nb\tc", "a\nb\tc"),
        ("text", "a\x00", FAULT),
        ("text", "a\x7f", FAULT),
        ("text", "字" * LONGEST_TEXT, "字" * LONGEST_TEXT),
        ("text", "字" * (LONGEST_TEXT + 1), FAULT),
        ("boundary", "POLYGON((1 2,2 3,1.50 3,1 2))", "POLYGON ((1 2, 2 3, 1.5 3, 1 2))"),
        ("boundary", "POLYGON((1 2,3 4,5 6))", FAULT),
        ("boundary", "POLYGON((24 118,24 119,25 118,24 118))", FAULT),
        ("epoch_ms", "0", 0),
        ("epoch_ms", "253402214400001", FAULT),
    ],
)
def test_texts(conversion: str, text: str, value: object) -> None:
    assert of_text(text, conversion) == value


@given(st.integers(-(10**16) + 1, 10**16 - 1))
def test_money_as_it_is_shown_is_money_as_it_is_kept(fen: int) -> None:
    assert of_text(yuan(fen), "yuan") == fen
    assert of_text(yuan(fen).replace(",", ""), "yuan") == fen


def test_the_sign_of_money_stands_before_or_behind_it() -> None:
    for text in ("¥1.20", "￥ 1.20", "1.20¥", "+¥1.20"):
        assert of_text(text, "yuan") == 120
    assert of_text("-¥1.20", "yuan") == -120
    for text in ("1¥2", "¥1¥", "¥"):
        assert of_text(text, "yuan") == FAULT


@pytest.mark.parametrize("text", ["1,2,3", "1,5", "12,34.5", ",1", "1,234,", "1.234", "--1", "1 2"])
def test_money_is_not_guessed(text: str) -> None:
    assert of_text(text, "yuan") == FAULT


@given(st.integers(-62_135_500_000, 253_402_200_000))
def test_times_of_a_zone_without_gaps(seconds: int) -> None:
    at = dt.datetime(1970, 1, 1, tzinfo=UTC) + dt.timedelta(seconds=seconds)
    text = f"{at.year:04d}{at:-%m-%d %H:%M:%S}"
    assert of_text(text, "time", "UTC") == seconds * 1000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-01 00:00:00", 1_767_196_800_000),
        ("2026-02-29 00:00:00", FAULT),
        ("2026-01-01 24:00:00", FAULT),
        ("2026-01-01 23:59:60", FAULT),
        ("2026-01-01T00:00:00", FAULT),
        ("2026-01-01 00:00:00Z", FAULT),
        ("2026-01-01", FAULT),
        ("2026-1-1 0:0:0", FAULT),
        ("0000-00-00 00:00:00", FAULT),
        ("２026-01-01 00:00:00", FAULT),
    ],
)
def test_local_times(text: str, value: object) -> None:
    assert of_text(text, "time") == value


def test_hours_that_clocks_leave_out_and_repeat() -> None:
    zone = "America/New_York"
    assert of_text("2024-03-10 02:30:00", "time", zone) == FAULT
    first = dt.datetime(2024, 11, 3, 5, 30, tzinfo=UTC)
    assert of_text("2024-11-03 01:30:00", "time", zone) == first.timestamp() * 1000
    assert of_text("1986-05-04 02:30:00", "time") == FAULT, "China had summer time then"
    naive = pa.array([dt.datetime(2024, 3, 10, 2, 30)], pa.timestamp("us"))  # noqa: DTZ001
    assert converted(naive, ColumnSpec("x", "time"), zone) == [FAULT]


def test_forms_of_times() -> None:
    assert of_text("20260101", "time", format="%Y%m%d") == 1_767_196_800_000
    assert of_text("2026年01月01日", "time", format="%Y年%m月%d日") == 1_767_196_800_000
    assert of_text("20260101x", "time", format="%Y%m%d") == FAULT
    for text in ("2026年1月1日 0时5分", "2026年01月1日 00时05分"):
        assert of_text(text, "time", format="%Y年%m月%d日 %H时%M分") == 1_767_197_100_000
    for text in ("2026年2月29日", "2026年1月1日晚", "2026年1月", "2026年1月001日"):
        assert of_text(text, "time", format="%Y年%m月%d日") == FAULT


def test_days_after() -> None:
    assert of_text("1", "days_after", start="1970-01-02") == 2 * 86_400_000
    assert of_text("-1", "days_after", start="1970-01-02") == 0
    for text in ("1.5", "4000000", "9" * 18):
        assert of_text(text, "days_after", start="1970-01-02") == FAULT


def test_a_boundary_on_a_map_of_china_is_moved_to_where_it_is() -> None:
    """A hundred metres and more: another grid cell."""
    text = "POLYGON ((118.08 24.48, 118.09 24.48, 118.09 24.49, 118.08 24.48))"
    moved = str(of_text(text, "boundary", crs="gcj02"))
    lon, lat = map(float, moved.removeprefix("POLYGON ((").split(",")[0].split())
    assert (round(118.08 - lon, 4), round(24.48 - lat, 4)) == (0.0050, -0.0027)
    assert of_text(text, "boundary", crs="bd09") not in (text, moved)


def test_map() -> None:
    assert of_text("M", "map", values={"M": "男", "F": "女"}) == "男"
    assert of_text("m", "map", values={"M": "男", "F": "女"}) == FAULT


@pytest.mark.parametrize(
    ("column", "conversion", "expected"),
    [
        (pa.array([1, 2**63 - 1, 2**63], pa.uint64()), "int", [1, 2**63 - 1, FAULT]),
        (pa.array([1.0, 1.5, 1e20, None]), "int", [1, FAULT, FAULT, None]),
        (pa.array([1.5, float("inf"), float("nan")]), "float", [1.5, FAULT, FAULT]),
        (pa.array([1.005, 1e14, float("nan")]), "yuan", [100, FAULT, FAULT]),
        (pa.array([Decimal("1.10"), Decimal("1.11")]), "yuan", [110, 111]),
        (pa.array([Decimal("1.115")]), "yuan", [FAULT]),
        (pa.array([7, -7]), "yuan", [700, -700]),
        (pa.array([True, None]), "bool", [True, None]),
        (pa.array([True]), "int", [FAULT]),
        (pa.array([7, 8]), "text", ["7", "8"]),
        (pa.array([13800138000.0, None]), "text", ["13800138000", None]),
        (pa.array([6222000000000001.0, 2.0**53]), "text", ["6222000000000001", FAULT]),
        (pa.array([1.5, float("nan"), -0.0]), "text", ["1.5", FAULT, "0"]),
        (pa.array([1, 2**62, -(2**62)], pa.timestamp("s", "UTC")), "time", [1000, FAULT, FAULT]),
        (pa.array([-(2**63)], pa.timestamp("s", "UTC")), "time", [FAULT]),
        (pa.array([-(2**63)], pa.int64()), "days_after", [FAULT]),
        (pa.array([-1_500, 1_999], pa.timestamp("us", "UTC")), "time", [-2, 1]),
        (pa.array([1_999_999], pa.timestamp("ns", "UTC")), "time", [1]),
        (pa.array([0], pa.date32()), "time", [-28_800_000]),
        (pa.array(["1"], pa.large_string()), "int", [1]),
    ],
)
def test_what_parquet_has_typed(
    column: pa.Array[Any], conversion: str, expected: list[object]
) -> None:
    assert converted(column, ColumnSpec("x", conversion)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("91350100M000100Y43", "91350100M000100Y43"),  # a published example
        (" 91350100m000100y43", "91350100M000100Y43"),
        ("91350100M000100Y44", FAULT),
        ("91350100M001000Y43", FAULT),
        ("91350100M000I00Y43", FAULT),
        ("91350100M000100Y4", FAULT),
        ("张91350100M000100Y4", FAULT),
        ("", None),
    ],
)
def test_credit_codes(text: str, value: object) -> None:
    assert of_text(text, "credit_code") == value


@pytest.mark.parametrize("precision", [18, 38])
def test_money_in_decimals_of_many_places(precision: int) -> None:
    said = [Decimal(one) for one in ("0", "-0.00", "1.5", "-2.25", "0.0000001", "-0.0000001")]
    column = pa.array(said, pa.decimal128(precision, 8))
    found = converted(column, ColumnSpec("x", "yuan"))
    assert found == [0, 0, 150, -225, FAULT, FAULT]
    small = pa.array([Decimal("-0." + "0" * 37 + "7"), None], pa.decimal128(38, 38))
    assert converted(small, ColumnSpec("x")) == ["-0." + "0" * 37 + "7", None]


def test_a_typed_time_reads_as_a_text_unless_no_calendar_has_it() -> None:
    column = pa.array([0, 2**62, None], pa.timestamp("us"))
    assert converted(column, ColumnSpec("x")) == ["1970-01-01 00:00:00.000000", FAULT, None]
    assert told(column).to_pylist() == ["1970-01-01 00:00:00.000000", str(2**62), None]
    assert converted(column, ColumnSpec("x", "int")) == [FAULT, FAULT, None]
    assert told(pa.array([0, -(2**30)], pa.date32())).to_pylist() == ["1970-01-01", str(-(2**30))]
