"""The reject file: masked, in order, complete up to what is done."""

from __future__ import annotations

from pathlib import Path

import orjson

from graphrisk.ingest.rejects import Reject, RejectFile


def lines(file: Path) -> list[int]:
    return [orjson.loads(line)["line"] for line in file.read_bytes().splitlines()]


def test_a_row_is_told_with_its_value_masked(tmp_path: Path) -> None:
    file = RejectFile(tmp_path / "below" / "r.jsonl", "persons.csv", 0)
    file.add([Reject(7, "id_number", "350206199001010019", "wrong"), Reject(3, "", "x\ny", "torn")])
    first, second = map(orjson.loads, file.path.read_bytes().splitlines())
    assert first == {
        "file": "persons.csv",
        "line": 3,
        "column": "",
        "value": "x**",
        "reason": "torn",
    }
    assert (second["line"], second["value"]) == (7, "35**************19")


def test_what_is_beyond_the_line_done_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    file = RejectFile(path, "f", 0)
    file.add([Reject(line, "", "", "r") for line in range(0, 100, 10)])
    again = RejectFile(path, "f", 45)
    assert again.count == len(lines(path)) == 5
    assert [again.between(0, 9), again.between(10, 40), again.between(41, 99)] == [1, 4, 0]
    again.add([Reject(50, "", "", "r")])
    assert lines(path) == [0, 10, 20, 30, 40, 50]
    assert RejectFile(path, "f", 10**9).count == 6
    assert RejectFile(path, "f", 0).count == 1, "line 0 is done when line 0 is"


def test_a_row_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    file = RejectFile(path, "f", 0)
    file.add([Reject(5, "", "", "r"), Reject(9, "", "", "r")])
    file.add([Reject(9, "", "", "r"), Reject(7, "", "", "r")])
    assert lines(path) == [5, 9, 7]
    assert (file.count, file.between(6, 8), file.between(9, 9)) == (3, 1, 1)


def test_nothing_at_fault_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    RejectFile(path, "f", 0).add([])
    assert not path.exists()
    RejectFile(path, "f", 0).add([Reject(5, "", "", "r")])
    assert RejectFile(path, "f", 4).count == 0
    assert not path.exists()
