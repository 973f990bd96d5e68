"""XLSX: what a person sees in the sheet is what is read, and what cannot be read is told."""

from __future__ import annotations

import os
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from graphrisk_loaders.readers import spreadsheet
from graphrisk_loaders.readers.block import FileError
from graphrisk_loaders.readers.spreadsheet import read_column_names, read_xlsx
from tests.loaders.readers.workbooks import HEADER, raw, read, row, text, written


def test_rows_have_the_numbers_that_a_person_sees(tmp_path: Path) -> None:
    rows = [[], ["厦门市登记表"], [], ["b ", "", "a"], ["李四", "", "𠮷"], [], ["x", "", ""]]
    file = written(tmp_path / "f.xlsx", ("名单", rows))
    assert read(file) == ([(5, ("𠮷", "李四")), (7, ("", "x"))], [])


def test_numbers_and_truths_as_the_sheet_shows_them(tmp_path: Path) -> None:
    rows = [["a", "b"], [12, 0.1 + 0.2], [-1234567890123.45, True], ["0123", 123456789012345]]
    file = written(tmp_path / "f.xlsx", ("S", rows))
    assert read(file)[0] == [
        (2, ("12", "0.3")),
        (3, ("-1234567890123.45", "TRUE")),
        (4, ("0123", "123456789012345")),
    ]


def test_a_number_that_lost_its_last_digits_is_set_aside(tmp_path: Path) -> None:
    file = written(tmp_path / "f.xlsx", ("S", [["a", "b"], [6222000000000001, 1], [1, 2]]))
    rows, faults = read(file)
    assert rows == [(3, ("1", "2"))]
    assert faults == [(2, "a number that spreadsheets round: deliver it as a text")]


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_become_the_form_that_the_mapping_expects(tmp_path: Path, from_1904: bool) -> None:
    file = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(file, {"date_1904": from_1904}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c"])
        chinese = book.add_format({"num_format": '[$-804]yyyy"年"m"月"d"日"'})
        exact = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        elapsed = book.add_format({"num_format": "[h]:mm:ss"})
        price = book.add_format({"num_format": '#,##0.00"元/month";[Red]-0'})
        sheet.write_datetime(1, 0, date(2024, 2, 29), chinese)
        sheet.write_datetime(1, 1, datetime(2024, 2, 29, 23, 59, 59), exact)  # noqa: DTZ001
        sheet.write_number(1, 2, 1.25, elapsed)
        sheet.write_string(2, 0, "2024/03/01")
        sheet.write_datetime(2, 1, datetime(2024, 2, 29, 1, 2, 3, 456000), exact)  # noqa: DTZ001
        sheet.write_number(2, 2, 45351.5, price)
    forms = {"a": "%Y/%m/%d", "b": "%Y-%m-%d %H:%M:%S"}
    assert read(file, ("a", "b", "c"), forms=forms)[0] == [
        (2, ("2024/02/29", "2024-02-29 23:59:59", "30:00:00")),
        (3, ("2024/03/01", "2024-02-29 01:02:03.456", "45351.5")),
    ]


def test_a_time_of_the_day_is_not_cut_off_by_a_form_of_days(tmp_path: Path) -> None:
    file = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a"])
        sheet.write_datetime(1, 0, datetime(2024, 2, 29, 12), book.add_format({"num_format": 22}))  # noqa: DTZ001
    assert read(file, ("a",), forms={"a": "%Y-%m-%d"})[0] == [(2, ("2024-02-29 12:00:00",))]


@pytest.mark.parametrize("day", ["-1", "60", "60.5", "2958466", "1E9"])
def test_days_that_no_calendar_has_are_set_aside(tmp_path: Path, day: str) -> None:
    file = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a"])
        sheet.write_number(1, 0, float(day), book.add_format({"num_format": 14}))
    assert read(file, ("a",)) == ([], [(2, "no day of the calendar")])


def test_values_of_formulas_and_what_has_none(tmp_path: Path) -> None:
    file = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, '="x"&"y"', None, "xy")
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write(3, 0, "its error is in a column nobody reads")
    never = row(2, "<c r='A2'><f>A1</f><v></v></c>", text("B2", "x"))
    empty = row(3, "<c r='A3' t='str'><f>A1</f><v></v></c>", text("B3", "x"))
    rows, faults = read(file)
    assert rows == [(2, ("2", "xy")), (4, ("its error is in a column nobody reads", ""))]
    assert faults == [(3, "the cell shows the error #N/A")]
    rows, faults = read(raw(tmp_path / "g.xlsx", HEADER + never + empty))
    assert rows == [(3, ("", "x"))]
    assert faults == [(2, "a formula whose value was never computed")]


def test_a_cell_merged_over_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    file = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "a")
        sheet.merge_range(0, 1, 0, 2, "地址")
        sheet.write_row(1, 1, ["b", "c"])
        sheet.merge_range(2, 0, 5, 0, "街道")
        for number, value in ((2, "x"), (3, "y"), (5, "z"), (6, "later")):
            sheet.write(number, 1, value)
        sheet.merge_range(7, 0, 7, 1, "a heading stays in its own column")
    assert read(file)[0] == [
        (3, ("街道", "x")),
        (4, ("街道", "y")),
        (6, ("街道", "z")),
        (7, ("", "later")),
        (8, ("a heading stays in its own column", "")),
    ]


def test_texts_of_many_pieces_without_readings(tmp_path: Path) -> None:
    rich = (
        '<c r="A2" t="inlineStr"><is><r><t>张</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh>'
        '<r><t xml:space="preserve"> 三_x000D_</t></r></is></c>'
    )
    file = raw(
        tmp_path / "f.xlsx", HEADER + row(2, rich, '<c r="B2" t="str"><v>_xD842__xDFB7_</v></c>')
    )
    assert read(file)[0] == [(2, ("张 三\r", "𠮷"))]


def test_cells_without_references_follow_each_other(tmp_path: Path) -> None:
    plain = "<row><c><v>1</v></c><c><v>2</v></c></row>"
    assert read(raw(tmp_path / "f.xlsx", HEADER + plain))[0] == [(2, ("1", "2"))]


def test_the_sheet_is_named_or_the_only_one_with_cells(tmp_path: Path) -> None:
    one, two = [["a", "b"], [1, 2]], [["a", "b"], [3, 4]]
    file = written(tmp_path / "f.xlsx", ("Sheet1", []), ("名单", one), ("Sheet3", []))
    assert read(file)[0] == [(2, ("1", "2"))]
    assert read(file, sheet="名单")[0] == [(2, ("1", "2"))]
    file = written(tmp_path / "g.xlsx", ("一", one), ("二", two))
    assert read(file, sheet="二")[0] == [(2, ("3", "4"))]
    assert (
        _refused(file)
        == "1: several sheets hold cells ('一', '二'): the mapping names one as sheet"
    )
    assert _refused(file, sheet="三") == "1: there is no visible sheet '三'; there are '一', '二'"
    file = written(tmp_path / "h.xlsx", ("一", []))
    assert _refused(file) == "1: no sheet holds cells ('一'): the mapping names one as sheet"


def test_the_header_that_comes_nearest_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "f.xlsx", ("S", [["x"], ["a", "c"], ["1", "2"]]))
    assert _refused(file) == "2: the header lacks b"
    assert _refused(file, ("d", "e")) == "1: no row of the first 50 names d, e"
    file = written(tmp_path / "g.xlsx", ("S", [*[["x"]] * 60, ["a", "b"]]))
    assert _refused(file) == "1: no row of the first 50 names a, b"
    file = written(tmp_path / "h.xlsx", ("S", [["a", "b", "a"]]))
    assert _refused(file) == "1: the header names a twice"
    assert read_column_names(file, "", ("b",)) == ["a", "b", "a"]
    assert read_column_names(file, "", ("z",)) == []


def test_blocks_are_small_and_the_same_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "_BLOCK_ROWS", 100)
    rows = [["a", "b"], *([f"P{i}", f"名{i % 7}"] for i in range(1_000))]
    file = written(tmp_path / "f.xlsx", ("S", rows))
    blocks = list(read_xlsx(file, "", ("a", "b"), {}))
    assert max(block.rows.num_rows for block in blocks) == 100
    assert [line for block in blocks for line in block.lines.tolist()] == list(range(2, 1_002))
    assert blocks[-1].done == file.stat().st_size
    again = list(read_xlsx(file, "", ("a", "b"), {}))
    assert [b.lines.tolist() for b in again] == [b.lines.tolist() for b in blocks]


def test_two_cells_at_opposite_corners_take_no_memory(tmp_path: Path) -> None:
    """Laid out as a rectangle they would take half a terabyte."""
    far = row(1_048_576, text("A1048576", "x"), text("XFD1048576", "y"))
    assert read(raw(tmp_path / "f.xlsx", HEADER + far))[0] == [(1_048_576, ("x", ""))]


def test_a_long_text_named_by_every_cell_is_read_in_small_blocks(tmp_path: Path) -> None:
    long = "长" * 32_000
    rows = [["a", "b"], *([long, i] for i in range(1_000))]
    file = written(tmp_path / "f.xlsx", ("S", rows))
    assert file.stat().st_size < 50_000
    sizes = [block.rows.nbytes for block in read_xlsx(file, "", ("a", "b"), {})]
    assert max(sizes) < 16 << 20
    assert sum(sizes) > 90 << 20


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no readable XLSX workbook"),
        (b"a,b\n1,2\n", "no readable XLSX workbook"),
        (b"PK\x03\x04" + bytes(60), "no readable XLSX workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an encrypted workbook or an old .xls"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "f.xlsx"
    file.write_bytes(data)
    assert reason in _refused(file)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert _refused(file) == "1: a ZIP archive that is no XLSX workbook"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (HEADER + "<row r='2'><c r='A2'>", "the workbook is broken"),
        (HEADER + row(2, "<c r='A2' t='s'><v>7</v></c>"), "the workbook is broken"),
        (HEADER + row(2, "<c r='A2' t='s'><v>-1</v></c>"), "the workbook is broken"),
        (HEADER + row(2, "<c r='A2'><v>one</v></c>"), "the workbook is broken"),
        (HEADER + row(2, "<c r='XFE2'><v>1</v></c>"), "cell XFE2 is beyond a sheet's end"),
        (HEADER + row(1_048_577), "row 1048577 behind row 1"),
        (HEADER + row(3) + row(3), "row 3 behind row 3"),
    ],
)
def test_a_broken_sheet_is_refused(tmp_path: Path, rows: str, reason: str) -> None:
    assert reason in _refused(raw(tmp_path / "f.xlsx", rows))


def test_entities_cannot_grow(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]><worksheet/>'
    file = raw(tmp_path / "f.xlsx", "", parts={"xl/worksheets/s.xml": bomb})
    assert _refused(file, sheet="S") == "1: the workbook declares a document type"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_torn_workbook_is_refused(tmp_path: Path, share: float) -> None:
    rows = [["a", "b"], *([os.urandom(8).hex(), i] for i in range(500))]
    file = written(tmp_path / "f.xlsx", ("S", rows))
    os.truncate(file, int(file.stat().st_size * share))
    assert "no readable XLSX workbook" in _refused(file)


def test_a_byte_changed_on_the_way_is_noticed(tmp_path: Path) -> None:
    file = raw(tmp_path / "f.xlsx", HEADER + row(2, text("A2", "x" * 5_000)))
    data = bytearray(file.read_bytes())
    data[data.index(b"xl/worksheets/s.xml") + 60] ^= 0xFF
    file.write_bytes(data)
    assert "workbook" in _refused(file)


def _refused(file: Path, columns: tuple[str, ...] = ("a", "b"), sheet: str = "") -> str:
    with pytest.raises(FileError) as told:
        read(file, columns, sheet)
    return f"{told.value.line}: {told.value.reason}"
