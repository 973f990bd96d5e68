"""Names are one name in whatever characters, order or letters they were written."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphrisk.ingest.resolve.names import by_sign, by_sound


def _sign(name: str) -> object:
    return by_sign(pa.array([name]))[0].as_py()


def _sound(name: str) -> object:
    return by_sound(pa.array([name]))[0].as_py()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("張曉華", "张晓华"),  # traditional
        ("王峯", "王峰"),  # a variant
        ("歐陽娜娜", "欧阳 娜娜"),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("王\uf9d8", "王律"),  # a compatibility form
        ("Ｌｉ Ｎａ", "li na"),
    ],
)
def test_the_same_name_in_other_characters(one: str, two: str) -> None:
    assert _sign(one) == _sign(two)
    assert _sound(one) == _sound(two)


@pytest.mark.parametrize(
    "other", ["王晓鸣", "小明王", "Xiaoming WANG", "wang xiaoming", "WANG XIAO MING"]
)
def test_the_same_name_by_ear(other: str) -> None:
    assert _sign(other) != _sign("王小明")
    assert _sound(other) == _sound("王小明")


@pytest.mark.parametrize("other", ["王小亮", "李小明", "王明"])
def test_another_name_sounds_otherwise(other: str) -> None:
    assert _sound(other) != _sound("王小明")


def test_a_foreign_name_stays_whole_and_a_missing_one_missing() -> None:
    names = pa.array(["Smith John", None, "John Smith"])
    assert by_sound(names).to_pylist() == ["john smith", None, "john smith"]
    assert by_sign(names).to_pylist() == ["smithjohn", None, "johnsmith"]
    assert by_sign(names.slice(0, 0)).to_pylist() == []
