"""A department renames, moves and adds columns: nothing of what it tells is lost in silence."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.ingest.factory import Desk, rejects

MAPPING = """
name: firms
files: ["firms*"]
format: {form}
mode: full
id: code
aliases: {{name: [title, 名称], head: [法人代表]}}
nodes: [{{kind: Company, key: code, properties: {{name: name}}}}]
edges: [{{kind: LEGAL_REP_OF, from: {{kind: Person, key: head}}, to: {{kind: Company, key: code}}}}]
"""
Rows = Sequence[dict[str, str]]
ROWS = [
    {"code": "C1", "name": "鑫海", "head": "P1"},
    {"code": "C2", "name": "泰恒", "head": "P2"},
    {"code": "C3", "name": "瑞安", "head": ""},
]


def _csv(rows: Rows) -> bytes:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines).encode()


def _jsonl(rows: Rows) -> bytes:
    return b"\n".join(map(orjson.dumps, rows))


def _parquet(rows: Rows) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink)
    return sink.getvalue()


def _xlsx(rows: Rows) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as book:
        page = book.add_worksheet("名录")
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            page.write_row(number, 0, row)
    return sink.getvalue()


FORMATS = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet, "xlsx": _xlsx}
every_format = pytest.mark.parametrize(("form", "written"), FORMATS.items(), ids=list(FORMATS))


def _renamed(rows: Rows) -> Rows:
    """From now on in another order, under other names, with one more."""
    return [
        {"备注": "", "法人代表": row["head"], "title": row["name"], "code": row["code"]}
        for row in rows
    ]


@every_format
def test_renamed_columns_say_what_they_said_before(
    desk: Desk, form: str, written: Callable[[Rows], bytes]
) -> None:
    mapping = desk.mapping(MAPPING.format(form=form))
    desk.deliver(f"firms-1.{form}", written(ROWS))
    (before,) = desk.load(mapping).files
    assert (before.loaded, before.rejected) == (2, 1)
    version = desk.reader.version()
    (desk.inbox / f"firms-1.{form}").unlink()
    desk.deliver(f"firms-2.{form}", written(_renamed(ROWS)))
    (after,) = desk.load(mapping).files
    assert (after.error, after.unchanged, after.rejected, after.closed) == (None, 2, 1, 0)
    assert desk.reader.version() == version
    assert rejects(after)[0]["column"] == "head", "as the mapping calls it"


@every_format
def test_a_name_that_nobody_told_is_no_blank_column(
    desk: Desk, form: str, written: Callable[[Rows], bytes]
) -> None:
    mapping = desk.mapping(MAPPING.format(form=form))
    desk.deliver(f"firms.{form}", written(ROWS))
    desk.load(mapping)
    rows = [{"code": row["code"], "name": row["name"], "chief": row["head"]} for row in ROWS]
    desk.deliver(f"firms.{form}", written(rows))
    (report,) = desk.load(mapping).files
    if form == "jsonl":  # where a member that is null may be left out
        assert (report.rejected, report.closed) == (3, 0)
        assert {one["column"] for one in rejects(report)} == {"head"}
    else:
        assert "lacks head" in str(report.error)
    assert {row["valid_to"] for row in desk.edges("LEGAL_REP_OF")} == {2**63 - 1}


@every_format
def test_beside_the_column_itself_its_other_name_is_another_column(
    desk: Desk, form: str, written: Callable[[Rows], bytes]
) -> None:
    desk.deliver(f"firms.{form}", written([row | {"title": "别的"} for row in ROWS]))
    assert desk.load(desk.mapping(MAPPING.format(form=form))).files[0].loaded == 2
    node = desk.node("Company", "C1")
    assert node is not None
    assert node["name"] == "鑫海"


@every_format
def test_two_other_names_of_one_column_are_refused(
    desk: Desk, form: str, written: Callable[[Rows], bytes]
) -> None:
    rows = [{"code": row["code"], "title": "一", "名称": "二", "head": "P1"} for row in ROWS]
    desk.deliver(f"firms.{form}", written(rows))
    (report,) = desk.load(desk.mapping(MAPPING.format(form=form))).files
    told = rejects(report)[0]["reason"] if form == "jsonl" else report.error
    assert "name twice" in str(told)
    assert report.loaded == 0
