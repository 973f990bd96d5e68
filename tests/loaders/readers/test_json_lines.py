"""JSON Lines: one object a line, in both encodings."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk_loaders.readers.json_lines import read_json_lines, read_members
from tests.loaders.readers.factory import Faults, Rows, rows_of


def read(folder: Path, data: bytes, encoding: str = "utf-8") -> tuple[Rows, Faults]:
    file = folder / "f.jsonl"
    file.write_bytes(data)
    return rows_of(read_json_lines(file, ("a", "b"), encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_members_become_texts(tmp_path: Path, encoding: str) -> None:
    text = '{"b": 1.5, "a": "𠮷\\n二"}\n\n{"a": true, "c": 0}\r\n{"a": 12345678901234567890}'
    rows, faults = read(tmp_path, text.encode(encoding), encoding)
    assert faults == []
    assert rows == [
        (1, ("𠮷\n二", "1.5")),
        (3, ("true", "")),
        (4, ("12345678901234567890", "")),
    ]


def test_the_last_of_members_named_twice_counts(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"a": 1, "a": 2}\n')[0] == [(1, ("2", ""))]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[]", "not a JSON object"),
        (b'"a"', "not a JSON object"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b'{"a": "\xff"}', "not JSON"),
        (b'{"a": 123456789012345678901234567890}', "a is a number that JSON readers round"),
        (b'{"a": 99999999999999.99}', "a is a number that JSON readers round"),
        (b'{"a": 4503599627370497.5}', "a is a number that JSON readers round"),
        (b'{"b": []}', "b is neither a text nor a number"),
        (b'{"a": "' + b"x" * (2 << 20) + b'"}', "longer than 1 MiB"),
    ],
)
def test_a_faulty_line_is_set_aside_alone(tmp_path: Path, line: bytes, reason: str) -> None:
    rows, faults = read(tmp_path, b'{"a": 1}\n' + line + b'\n{"a": 3}\n')
    assert rows == [(1, ("1", "")), (3, ("3", ""))]
    assert [at for at, _ in faults] == [2]
    assert reason in faults[0][1]


def test_another_encoding_is_told(tmp_path: Path) -> None:
    _, faults = read(tmp_path, b'{"a": "\x81"}\n', "gb18030")
    assert "not gb18030 at byte" in faults[0][1]


def test_names_of_the_first_object(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    for data, names in ((b'{"b": 1, "a": 2}\n', ["b", "a"]), (b"[]\n", []), (b"x", []), (b"", [])):
        file.write_bytes(data)
        assert read_members(file, "utf-8") == names
