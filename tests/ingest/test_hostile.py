"""What real deliveries get wrong: every row is loaded or set aside with line and reason."""

from __future__ import annotations

import os
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrisk.core.errors import BadInput, ConfigError
from tests.ingest.factory import (
    PERSONS,
    TRANSFERS,
    Desk,
    calls_parquet,
    csv,
    persons,
    rejects,
    transfers,
)


def faults(desk: Desk, name: str, text: str | bytes, encoding: str = "utf-8") -> list[object]:
    """Line, column and reason of what is set aside; everything else must be loaded."""
    report = desk.load_one(name, text, encoding)
    assert report.loaded + report.rejected == report.rows
    assert report.error is None
    return [(row["line"], row["column"], row["reason"]) for row in rejects(report)]


def test_every_reject_says_file_line_column_masked_value_and_reason(desk: Desk) -> None:
    rows = [
        ("S1", "A1", "A2", "2026-01-02 03:04:05", "12.50"),
        ("S2", "A1", "A2", "2026-02-30 03:04:05", "12.50"),
        ("S3", "A1", "A2", "2026-01-02 03:04:05", "12,5"),
        ("S4", "", "A2", "2026-01-02 03:04:05", "1"),
        ("S5", "A1", "A2", "", "1"),
        ("", "A1", "A2", "2026-01-02 03:04:05", "1"),
    ]
    report = desk.load_one("transfers.csv", csv(TRANSFERS, rows))
    assert (report.rows, report.loaded, report.unchanged, report.rejected) == (6, 1, 0, 5)
    clock = "a time like %Y-%m-%d %H:%M:%S on the clocks of Asia/Shanghai, of the years 1 to 9999"
    assert rejects(report) == [
        _reject(3, "time", "20***************05", f"not {clock}"),
        _reject(4, "", "S3*****************************,5", "6 columns where the header has 5"),
        _reject(5, "from_account", "", "missing"),
        _reject(6, "time", "", "missing"),
        _reject(7, "serial", "", "missing"),
    ]


def _reject(line: int, column: str, value: str, reason: str) -> dict[str, object]:
    masked = value or "*"
    return {
        "file": "transfers.csv",
        "line": line,
        "column": column,
        "value": masked,
        "reason": reason,
    }


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("1234.5", 123_450),
        ('"1,234.56"', 123_456),
        ("¥7", 700),
        ("-5", -500),
        ("0.10", 10),
        ("7.100", 710),
        ('"1,5"', None),
        ("１２", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("0.001", None),
        ("9" * 15, None),
        ("12元", None),
    ],
)
def test_amounts_are_exact_or_refused(desk: Desk, amount: str, fen: int | None) -> None:
    row = ("S1", "A1", "A2", "2026-01-02 03:04:05", amount)
    found = faults(desk, "transfers.csv", csv(TRANSFERS, [row]))
    assert bool(found) == (fen is None)
    assert [edge["amount"] for edge in desk.edges("TRANSFERRED")] == ([] if fen is None else [fen])


KEYS_AND_NAMES = [("P1", "a\x00b"), ("P\x1f2", "c"), (" P3\t", "d ")]


def test_signs_that_hide_are_refused(desk: Desk) -> None:
    rows = [
        ("P1", "a\x00b", 1950, "", ""),
        ("P\x1f2", "c", 1950, "", ""),
        (" P3\t", "d ", 1, "", ""),
    ]
    found = faults(desk, "persons.csv", csv(PERSONS, rows), "gb18030")
    reason = "not a text of at most 10,000 signs without control signs"
    assert found == [(2, "name", reason), (3, "person_id", reason)]
    node = desk.node("Person", "P3")
    assert node is not None
    assert node["name"] == "d", "blanks at the ends are no part of a value"


def test_a_key_without_end_is_refused(desk: Desk) -> None:
    rows = [("P1", "a", 1950, "", ""), ("P" * 201, "b", 1950, "", "")]
    found = faults(desk, "persons.csv", csv(PERSONS, rows), "gb18030")
    assert found == [(3, "person_id", "a key of more than 200 signs")]


def test_one_id_with_two_contents_counts_once(desk: Desk) -> None:
    rows = transfers(2)
    other = (*rows[0][:4], "99")
    found = faults(desk, "transfers.csv", csv(TRANSFERS, [*rows, other]))
    assert found == [(4, "", "this id stands in the delivery before, with other content")]
    report = desk.load_one("transfers.csv", csv(TRANSFERS, [other]))
    assert [row["reason"] for row in rejects(report)] == [
        "an event with this id is known, with other content"
    ]
    twin = desk.load_one("transfers.csv", csv(TRANSFERS, [*rows, rows[0]]))
    assert (twin.loaded, twin.unchanged, twin.rejected) == (0, 3, 0)


def test_a_state_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    mapping = desk.mapping(
        "name: homes\nfiles: [homes.csv]\nformat: csv\nmode: full\nid: id\nedges:\n"
        "  - kind: LIVES_IN\n    from: {kind: Person, key: id}\n"
        "    to: {kind: GridCell, key: cell}\n"
        "    valid_from: {column: from, as: time, format: '%Y-%m-%d'}\n"
        "    valid_to: {column: to, as: time, format: '%Y-%m-%d'}\n"
    )
    rows = ["1,a,2024-01-01,2025-01-01", "2,a,2024-01-01,2023-01-01", "3,a,2024-01-01,", "4,a,,"]
    desk.deliver("homes.csv", "id,cell,from,to\n" + "\n".join([*rows, "5,a,9999-12-31,"]) + "\n")
    report = desk.load(mapping).files[0]
    assert [(r["line"], r["reason"]) for r in rejects(report)] == [(3, "ends before it begins")]
    assert report.loaded == 4


def test_a_zip_that_poses_as_csv_is_named_and_the_others_are_loaded(desk: Desk) -> None:
    desk.deliver("persons.csv", b"PK\x03\x04" + bytes(100))
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(5)))
    report = desk.load()
    of = {file.file: file for file in report.files}
    zipped, good = of["persons.csv"], of["transfers.csv"]
    assert (zipped.error, zipped.error_line) == ("this is a ZIP archive, not text in lines", 1)
    assert (zipped.rows, good.loaded) == (0, 5)
    with pytest.raises(BadInput, match=r"persons\.csv:1: this is a ZIP archive"):
        report.check()


@pytest.mark.parametrize("torn", ["persons-1.csv", "persons-2.csv"])
def test_of_a_full_delivery_one_torn_file_keeps_all_that_is_known(desk: Desk, torn: str) -> None:
    """Whichever it is: what the others lack may stand in it."""
    people = persons(20)
    desk.load_one("persons.csv", csv(PERSONS, people), "gb18030")
    halves = {"persons-1.csv": people[:5], "persons-2.csv": people[5:10]}
    desk.inbox.joinpath("persons.csv").unlink()
    for name, rows in halves.items():
        desk.deliver(name, csv(PERSONS, rows), "gb18030")
    desk.deliver(torn, b"PK\x03\x04")
    reports = desk.load().files
    assert [one.file for one in reports if one.error] == [torn]
    assert sum(one.closed for one in reports) == 0
    desk.deliver(torn, csv(PERSONS, halves[torn]), "gb18030")
    assert sum(one.closed for one in desk.load().files) == 20, "ten persons with their homes"


@pytest.mark.parametrize("cut", [4, 1000, -4])
def test_a_torn_parquet_file_is_named(desk: Desk, cut: int) -> None:
    desk.inbox.mkdir()
    file = desk.inbox / "calls.parquet"
    calls_parquet(file, [(f"C{i}", "1", "2", i, 3) for i in range(1000)])
    file.write_bytes(file.read_bytes()[:cut])
    report = desk.load()
    assert "no readable Parquet" in str(report.files[0].error)
    assert report.files[0].rows == 0


def test_entries_that_are_no_files_are_left_alone_and_named(desk: Desk) -> None:
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(1)))
    (desk.inbox / "persons.csv").mkdir()
    (desk.inbox / "truth").mkdir()
    (desk.inbox / "loop.csv").symlink_to("loop.csv")
    (desk.inbox / "notes.txt").write_text("hello")
    (desk.inbox / ".hidden").write_text("hello")
    os.mkfifo(desk.inbox / "phones.csv")
    (desk.inbox / os.fsdecode("通讯.csv".encode("gb18030"))).write_text("a,b\n")
    report = desk.load()
    assert [file.file for file in report.files] == ["transfers.csv"]
    assert report.ignored[:5] == ["loop.csv", "notes.txt", "persons.csv/", "phones.csv", "truth/"]
    assert len(report.ignored) == 6
    assert orjson.dumps(report.as_dict()), "names that are no UTF-8 can be printed"


def test_a_name_as_long_as_the_disk_allows_has_rejects(desk: Desk) -> None:
    mapping = desk.mapping(
        "name: people\nfiles: ['*.csv']\nformat: csv\nmode: delta\nid: id\n"
        "nodes: [{kind: Person, key: id}]\n"
    )
    desk.deliver("通" * 83 + ".csv", "id,x\n,1\n")
    desk.deliver(os.fsdecode("通.csv".encode("gb18030")), "id,y\n,1\n")
    report = desk.load(mapping)
    assert [len(rejects(file)) for file in report.files] == [1, 1]
    assert orjson.dumps(report.as_dict())


def test_a_folder_that_nobody_knows_is_refused(desk: Desk) -> None:
    desk.deliver("notes.txt", "hello")
    with pytest.raises(BadInput, match=r"no mapping knows a file.*transfers\*\.csv"):
        desk.load()


def test_a_file_that_vanishes_or_may_not_be_read_is_named(desk: Desk) -> None:
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(1)))
    (desk.inbox / "persons.csv").symlink_to("/proc/self/mem")
    of = {file.file: file for file in desk.load().files}
    assert "cannot be read" in str(of["persons.csv"].error)
    assert of["transfers.csv"].loaded == 1


def test_a_faulty_mapping_is_refused_before_a_row_is_read(desk: Desk) -> None:
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(1)))
    with pytest.raises(ConfigError, match=r"mapping\.yaml: files: must be a list"):
        desk.load(desk.mapping("name: x\nformat: csv\nfiles: x.csv\n"))
    with pytest.raises(ConfigError, match="cannot be read"):
        desk.load(desk.folder / "nowhere.yaml")
    assert desk.reader.version() == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "not a JSON object"),
        ("{", "not JSON: unexpected end of data: line 1 column 2 (char 1)"),
        ('{"number": {"a": 1}}', "number is neither a text nor a number"),
        ('{"number": 123456789012345678901234}', "number is a number that JSON readers round"),
        ('{"category": "x"}', "missing"),
        ('{"number": "1", "listed_at": "soon"}', "not milliseconds since 1970"),
        ('{"number": "1", "listed_at": 99999999999999999}', "not milliseconds since 1970"),
    ],
)
def test_lines_that_are_no_such_objects_are_set_aside(desk: Desk, line: str, reason: str) -> None:
    text = f'{line}\n{{"number": 13800138000, "category": null}}\n\n'
    found = faults(desk, "scam_numbers.jsonl", "\ufeff" + text)
    assert len(found) == 1
    assert reason in str(found[0])
    assert desk.node("Phone", "13800138000") is not None, "whole numbers are keys as well"


SECONDS: list[tuple[pa.Array[Any], int]] = [
    (pa.array([1, None, 2**63], pa.uint64()), 1),
    (pa.array(["1", "x", ""]).dictionary_encode(), 1),
    (pa.array([1.0, 1.5, float("nan")]), 2),
    (pa.array([None, None, None], pa.null()), 0),
]


@pytest.mark.parametrize(("seconds", "bad"), SECONDS)
def test_parquet_of_other_types(desk: Desk, seconds: pa.Array[Any], bad: int) -> None:
    desk.inbox.mkdir()
    table = pa.table(
        {
            "call_id": pa.array([1, 2, 3], pa.int8()),
            "caller": pa.array(["13", "14", "15"], pa.large_string()).dictionary_encode(),
            "callee": pa.array([1, 2, 3]),
            "start": pa.array([0, 10**15, 5], pa.timestamp("us", "UTC")),
            "seconds": seconds,
        }
    )
    pq.write_table(table, desk.inbox / "calls.parquet")
    report = desk.load().files[0]
    assert report.error is None
    assert (report.rejected, report.loaded) == (bad, 3 - bad), "a call without seconds took none"


@pytest.mark.parametrize(
    "start",
    [
        pa.array([0, 2**62, -(2**62)], pa.timestamp("us")),
        pa.array([0, 2**40, -(2**40)], pa.timestamp("s")),
        pa.array([0, 2**60, -(2**60)], pa.timestamp("ms", "+08:00")),
        pa.array([0, 2**30, -(2**30)], pa.date32()),
    ],
)
def test_times_in_parquet_beyond_any_calendar_are_set_aside(
    desk: Desk, start: pa.Array[Any]
) -> None:
    desk.inbox.mkdir()
    columns = {"call_id": ["a", "b", "c"], "caller": ["1", "2", "3"], "callee": ["4", "5", "6"]}
    table = pa.table({**columns, "start": start, "seconds": [1, 2, 3]})
    pq.write_table(table, desk.inbox / "calls.parquet")
    report = desk.load().files[0]
    assert [(one["line"], one["column"]) for one in rejects(report)] == [(2, "start"), (3, "start")]
    assert report.loaded == 1


@pytest.mark.parametrize(
    ("kind", "beyond", "shown"),
    [
        (pa.timestamp("us"), 2**62, "46***************04"),
        (pa.timestamp("s"), -(2**40), "-1*************00"),  # Parquet keeps ms
        (pa.timestamp("ms", "+08:00"), 2**60, "11***************76"),
        (pa.date32(), 2**30, "10******24"),
    ],
)
@pytest.mark.parametrize(("blamed", "bad"), [("a", 2), ("b", 3), ("id", 4)])
def test_a_time_beyond_any_calendar_names_nothing(
    desk: Desk, kind: Any, beyond: int, shown: str, blamed: str, bad: int
) -> None:
    """As the key of a node, at the end of an edge and as the id of a row."""
    columns = {name: [0, 1, 2, 3] for name in ("id", "a", "b")}
    columns[blamed][bad - 1] = beyond
    desk.inbox.mkdir()
    table = pa.table({name: pa.array(values, kind) for name, values in columns.items()})
    pq.write_table(table, desk.inbox / "met.parquet")
    mapping = desk.mapping(
        "name: met\nfiles: [met.parquet]\nformat: parquet\nmode: full\nid: id\n"
        "nodes: [{kind: Person, key: a}]\nedges:\n  - kind: LIVES_IN\n    optional: true\n"
        "    from: {kind: Person, key: a}\n    to: {kind: GridCell, key: b}\n"
    )
    report = desk.load(mapping).files[0]
    reason = "not a time of the years 1 to 9999"
    told = [(one["line"], one["column"], one["value"], one["reason"]) for one in rejects(report)]
    assert told == [(bad, blamed, shown, reason)]
    assert report.loaded == 3
    assert desk.reader.counts()["Person"] == 3


def test_times_in_parquet_of_a_zone_that_nobody_knows_are_refused_by_name(desk: Desk) -> None:
    desk.inbox.mkdir()
    columns = {"call_id": ["a"], "caller": ["1"], "callee": ["4"], "seconds": [1]}
    start = pa.array([0], pa.timestamp("ms", "Mars/Phobos"))
    pq.write_table(pa.table({**columns, "start": start}), desk.inbox / "calls.parquet")
    assert "start holds times of a zone that is not known" in str(desk.load().files[0].error)


def test_keys_of_half_precision_are_read(desk: Desk) -> None:
    desk.inbox.mkdir()
    numbers = pa.array([1, 2048], pa.float16())
    columns = {"call_id": numbers, "caller": ["1", "2"], "callee": ["4", "5"], "seconds": [1, 2]}
    start = pa.array([0, 1], pa.timestamp("ms"))
    pq.write_table(pa.table({**columns, "start": start}), desk.inbox / "calls.parquet")
    assert desk.load().files[0].loaded == 2


def test_parquet_that_holds_no_plain_values_is_refused_by_name(desk: Desk) -> None:
    desk.inbox.mkdir()
    columns = {name: ["1"] for name in ("call_id", "caller", "callee", "start")}
    pq.write_table(pa.table({**columns, "seconds": [[1]]}), desk.inbox / "calls.parquet")
    assert "seconds holds list" in str(desk.load().files[0].error)
    pq.write_table(pa.table({**columns, "seconds": [b"1"]}), desk.inbox / "calls.parquet")
    assert "seconds holds binary" in str(desk.load().files[0].error)
    pq.write_table(pa.table(columns), desk.inbox / "calls.parquet")
    assert desk.load().files[0].error == "the file lacks seconds"


def test_texts_in_parquet_that_are_no_utf8_are_set_aside(desk: Desk) -> None:
    desk.inbox.mkdir()
    caller = pa.array([b"13", b"\xff\xfe", b"15"], pa.binary()).view(pa.string())
    start = pa.array([0, 1, 2], pa.timestamp("ms", "UTC"))
    columns = {"call_id": ["a", "b", "c"], "caller": caller, "callee": ["1", "2", "3"]}
    table = pa.table({**columns, "start": start, "seconds": [1, 2, 3]})
    pq.write_table(table, desk.inbox / "calls.parquet")
    report = desk.load().files[0]
    assert [(r["line"], r["reason"]) for r in rejects(report)] == [(2, "a text is not utf-8")]
    assert report.loaded == 2


def test_an_empty_parquet_file_is_no_fault(desk: Desk) -> None:
    desk.inbox.mkdir()
    calls_parquet(desk.inbox / "calls.parquet", [])
    report = desk.load().files[0]
    assert (report.rows, report.error) == (0, None)
