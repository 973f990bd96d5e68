"""CSV as departments really deliver it: every row comes out, or its line and what is wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphrisk_loaders.readers.lines import LONGEST_RECORD
from tests.loaders.readers.factory import csv_rows, refused

#: Beyond the BMP: four bytes in GB18030 as in UTF-8. Names of living people are written so.
RARE = "𠮷㐀䶮"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("mark", [False, True])
def test_both_encodings_with_and_without_mark(
    tmp_path: Path, encoding: str, mark: bool, end: str
) -> None:
    text = end.join(["a,b,c", f"{RARE},x,1", f'"张,三","x{end}y",2', "李四,,3", ""])
    data = (("\ufeff" if mark else "") + text).encode(encoding)
    rows, faults = csv_rows(tmp_path, data, ("b", "a"), encoding)
    assert rows == [(2, ("x", RARE)), (3, (f"x{end}y", "张,三")), (5, ("", "李四"))]
    assert faults == []


def test_the_rare_signs_do_take_four_bytes() -> None:
    assert [len(sign.encode("gb18030")) for sign in RARE] == [4, 4, 2]
    assert "\ufeff".encode("gb18030") == b"\x84\x31\x95\x33"


def test_only_wanted_columns_in_the_order_asked_for(tmp_path: Path) -> None:
    rows, _ = csv_rows(tmp_path, b"x, b ,a\n1,2,3\n")
    assert rows == [(2, ("3", "2"))]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, b"a,b\n1,2\n3,4")[0] == [(2, ("1", "2")), (3, ("3", "4"))]


def test_other_delimiters(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, b"a|b\n1,5|2\n", delimiter="|")[0] == [(2, ("1,5", "2"))]
    assert csv_rows(tmp_path, b"a\tb\n1\t2\n", delimiter="\t")[0] == [(2, ("1", "2"))]
    # In GB18030 the second byte of a sign may be that of the delimiter.
    assert "緗".encode("gb18030")[1:] == b"|"
    data = "a|b\n緗|2\n".encode("gb18030")
    assert csv_rows(tmp_path, data, encoding="gb18030", delimiter="|")[0] == [(2, ("緗", "2"))]


def test_faulty_rows_are_set_aside_with_their_line_and_the_others_stay(tmp_path: Path) -> None:
    data = b'a,b\n1,2\n3\n4,5,6\n\n"x"y,7\n\xff,8\n9,"un\n10,11\n12,13\n'
    rows, faults = csv_rows(tmp_path, data)
    assert rows == [(2, ("1", "2")), (6, ("xy", "7")), (9, ("10", "11")), (10, ("12", "13"))]
    assert faults == [
        (3, "1 columns where the header has 2"),
        (4, "3 columns where the header has 2"),
        (7, "not utf-8 at byte 1 of the row"),
        (8, "a quote is never closed"),
    ]


@pytest.mark.parametrize("row", [b'"x"y,7', b'a"b,7', b'"x" ,7', b' "x",7', b'"x""y",7', b"x,"])
def test_a_row_reads_the_same_beside_a_faulty_one(tmp_path: Path, row: bytes) -> None:
    alone, _ = csv_rows(tmp_path, b"a,b\n" + row + b"\n")
    beside, faults = csv_rows(tmp_path, b"a,b\n" + row + b"\nfaulty\n")
    assert alone == beside
    assert [line for line, _ in faults] == [3]


def test_a_faulty_row_of_several_lines_is_one_row_at_fault(tmp_path: Path) -> None:
    rows, faults = csv_rows(tmp_path, b'a,b\n1,"x\ny",3\n"u\nv",,,\n4,5\n')
    assert rows == [(6, ("4", "5"))]
    assert faults == [
        (2, "3 columns where the header has 2"),
        (4, "4 columns where the header has 2"),
    ]


def test_half_a_row_does_not_pass_for_one_because_it_has_as_many_columns(tmp_path: Path) -> None:
    rows, faults = csv_rows(tmp_path, b'a,b\n1,"x\ny",3\n')
    assert (rows, [line for line, _ in faults]) == ([], [2]), 'y",3 has two columns'


def test_an_open_quote_costs_its_line_alone(tmp_path: Path) -> None:
    data = b'a,b\n1,"open\n' + b"2,x\n" * 500_000 + b'3,"closed"\n'
    rows, faults = csv_rows(tmp_path, data)
    assert len(rows) == 500_001
    assert rows[0] == (3, ("2", "x"))
    assert rows[-1] == (500_003, ("3", "closed"))
    assert faults == [(2, "a quote is never closed")]


def test_an_overlong_line_costs_itself_alone(tmp_path: Path) -> None:
    for size in ((1 << 20) + 1, 9 << 20):
        data = b"a,b\n1,2\n" + b"x" * size + b"\n3,4\n"
        rows, faults = csv_rows(tmp_path, data)
        assert rows == [(2, ("1", "2")), (4, ("3", "4"))]
        assert faults == [(3, "the line is longer than 1 MiB")]


def test_a_long_value_is_a_value(tmp_path: Path) -> None:
    long = b"x" * (LONGEST_RECORD - 100)
    for other in (b"3,4", b"faulty"):
        rows, _ = csv_rows(tmp_path, b"a,b\n1," + long + b"\n" + other + b"\n")
        assert rows[0] == (2, ("1", long.decode()))


def test_old_line_ends_are_named(tmp_path: Path) -> None:
    alone = "the header cannot be split: a carriage return alone; lines end with LF or CRLF"
    assert alone in refused(tmp_path, b"a,b\r1,2\r3,4\r")
    _, faults = csv_rows(tmp_path, b"a,b\n1\r1,2\n")
    assert faults == [(2, "a line end within the row")]


def test_a_file_of_one_column_has_no_blank_rows(tmp_path: Path) -> None:
    rows, faults = csv_rows(tmp_path, b"a\n1\n\n2\n\n", ("a",))
    assert (rows, faults) == ([(2, ("1",)), (4, ("2",))], [])


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_blank_lines_are_no_rows(tmp_path: Path, end: bytes) -> None:
    rows, faults = csv_rows(tmp_path, end.join([b"a,b", b"", b"1,2", b"", b"3,4", b"", b""]))
    assert (rows, faults) == ([(3, ("1", "2")), (5, ("3", "4"))], [])


def test_no_rows_are_no_fault(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, b"a,b\n") == ([], [])
    assert csv_rows(tmp_path, b"a,b") == ([], [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"\x1f\x8brest", "a gzip archive"),
        (b"PAR1rest", "a Parquet file"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "zero bytes"),
        (b"a;b\n1;2\n", "lacks a, b; it has 1 column between ','"),
        (b"a,b,a\n1,2,3\n", "names a twice"),
        (b"\xff\xfb,b\n", "the header is not utf-8"),
        (b"x" * (2 << 20), "no header: the line is longer than 1 MiB"),
    ],
)
def test_what_is_no_such_file_is_refused_by_its_first_line(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    told = refused(tmp_path, data)
    assert told.startswith("1: ")
    assert reason in told


def test_a_file_in_the_other_encoding_is_refused_not_misread(tmp_path: Path) -> None:
    text = "a,b\n张三,1\n"
    assert "the file is utf-8" in refused(tmp_path, text.encode(), "gb18030")
    late = "a,b\n" + "plain,1\n" * 600_000 + "张三,1\n"
    assert len(late) > 4 << 20, "the Chinese comes behind the first block"
    assert "the file is utf-8" in refused(tmp_path, late.encode(), "gb18030")
    assert csv_rows(tmp_path, late.encode("gb18030"), encoding="gb18030")[0][-1][1] == ("张三", "1")
    assert "marked as utf-8" in refused(tmp_path, ("\ufeff" + text).encode(), "gb18030")
    assert "marked as gb18030" in refused(tmp_path, ("\ufeff" + text).encode("gb18030"))
    _, faults = csv_rows(tmp_path, text.encode("gb18030"))
    assert faults == [(2, "not utf-8 at byte 1 of the row")]


def test_a_header_that_is_a_row_of_data_is_not_repeated(tmp_path: Path) -> None:
    assert "350206199001010010" not in refused(tmp_path, "350206199001010010,张三\n".encode())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=8),
    st.sampled_from(["utf-8", "gb18030"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_python_writes_is_read(
    tmp_path: Path, table: list[tuple[str, str]], encoding: str, quoting: int
) -> None:
    table = [
        (a, b)
        for a, b in table
        if not {*a, *b} & set("\0\r\n") and all(ord(c) not in range(0xD800, 0xE000) for c in a + b)
    ]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator="\n").writerows([("a", "b"), *table])  # type: ignore[arg-type]
    try:
        data = out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return
    if encoding == "gb18030" and data.decode("utf-8", "ignore").encode() == data:
        return  # reads as UTF-8 as well: refused on purpose where signs are Chinese
    rows, faults = csv_rows(tmp_path, data, encoding=encoding)
    assert faults == []
    assert [row for _, row in rows] == table
