"""How departments write: the same bytes however many parts a file is made in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrisk_loaders.synth import formats
from graphrisk_loaders.synth.formats import (
    amounts,
    chinese_times,
    in_order,
    numbered,
    parts_of,
    times,
    write_csv,
    write_parquet,
)
from graphrisk_loaders.synth.keys import identity_numbers

ROWS = 23
TABLE = pa.table({"名称": [f"雅𠮷,{row}" for row in range(ROWS)], "n": pa.array(np.arange(ROWS))})


@pytest.fixture(params=[1, 7, ROWS, 100])
def part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_PART", request.param)


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_the_same_whatever_its_parts(encoding: str, tmp_path: Path) -> None:
    order = np.random.default_rng(1).permutation(ROWS)
    write_csv(tmp_path / "a.csv", in_order(TABLE, order), encoding)
    rows = [f'"雅𠮷,{row}",{row}' for row in order.tolist()]
    assert (tmp_path / "a.csv").read_bytes().decode(encoding) == "\n".join(
        ['"名称","n"', *rows, ""]
    )


@pytest.mark.usefixtures("part")
def test_a_parquet_file_holds_the_rows_of_all_parts_in_their_order(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", in_order(TABLE, np.arange(ROWS)[::-1]))
    found = pq.read_table(tmp_path / "a.parquet")
    assert found["n"].to_pylist() == [*range(ROWS)][::-1]


def test_a_table_without_rows_still_has_its_header(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", in_order(TABLE.slice(0, 0), np.arange(0)))
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == '"名称","n"\n'
    assert [*parts_of(0)] == [slice(0, formats._PART)]


def test_texts_of_times_sums_and_keys() -> None:
    ms = np.array([1_472_659_200_000, 1_472_659_199_999])
    assert times(ms).to_pylist() == ["2016-09-01 00:00:00", "2016-08-31 23:59:59"]
    assert chinese_times(ms)[1] == "2016年08月31日 23时59分"
    assert amounts(np.array([5, 100, 123_456])).to_pylist() == ["0.05", "1.00", "1234.56"]
    assert numbered("T", np.array([42, 10**11]), 12).to_pylist() == [
        "T000000000042",
        "T100000000000",
    ]


def test_identity_numbers_are_of_their_year_with_their_check_sign() -> None:
    years = np.repeat(np.arange(1930, 2016), 5)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    numbers = identity_numbers(np.random.default_rng(1), years)
    assert len(set(numbers)) == len(years)
    for number, year in zip(numbers, years.tolist(), strict=True):
        assert len(number) == 18
        np.datetime64(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
        assert int(number[6:10]) == year
        total = sum(int(sign) * weight for sign, weight in zip(number[:17], weights, strict=True))
        assert number[17] == "10X98765432"[total % 11]
