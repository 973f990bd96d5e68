"""A workbook from an office becomes the same facts as its rows in any other format."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.ingest.factory import Desk, rejects

MAPPING = """
name: agency_accounts
files: ["*.xlsx"]
format: xlsx
sheet: 开户
mode: full
id: 账号
nodes:
  - kind: Account
    key: 账号
    properties:
      opened_at: {column: 开户日, as: time, format: "%Y年%m月%d日"}
      balance: {column: 余额, as: yuan}
edges:
  - kind: HOLDS
    from: {kind: Person, key: 客户号}
    to: {kind: Account, key: 账号}
    optional: true
"""


@pytest.fixture
def workbook(desk: Desk) -> Path:
    """A title, a merged customer, dates as dates and as texts, one error."""
    desk.inbox.mkdir()
    file = desk.inbox / "2026-01.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("说明").write(0, 0, "本表由银行提供")
        sheet = book.add_worksheet("开户")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range("A1:D1", "一月开户登记表")
        sheet.write_row(1, 0, ["客户号", "账号", "开户日", "余额"])
        sheet.merge_range("A3:A4", "7")
        sheet.write_row(2, 1, ["6222000000000001", "2024年03月01日", 12000.5])
        sheet.write_row(3, 1, ["6222000000000002", "", 0.07])
        sheet.write_datetime(3, 2, date(2024, 3, 1), day)
        sheet.write_row(4, 0, ["8", "6222000000000003", "2024年02月30日", 1])
        sheet.write_row(5, 0, ["8", 6222000000000004, "", 1])
        sheet.write_row(6, 0, ["8", "6222000000000005"])
        sheet.write_formula("D7", "=VLOOKUP(8,A1:B2,2,0)", None, "#N/A")
    return file


@pytest.mark.usefixtures("workbook")
def test_a_workbook_is_loaded_and_its_faults_are_told_by_row(desk: Desk) -> None:
    report = desk.load(desk.mapping(MAPPING)).files[0]
    assert (report.rows, report.loaded, report.rejected) == (5, 2, 3)
    told = [(row["file"], row["line"], row["column"]) for row in rejects(report)]
    assert told == [
        ("2026-01.xlsx", 5, "开户日"),
        ("2026-01.xlsx", 6, "账号"),
        ("2026-01.xlsx", 7, "余额"),
    ]
    for number, balance in ((1, 1_200_050), (2, 7)):
        account = desk.node("Account", f"622200000000000{number}")
        assert account is not None
        assert account["balance"] == balance
        assert account["opened_at"] == 1_709_222_400_000, "midnight in Shanghai"
    assert len({edge["src"] for edge in desk.edges("HOLDS")}) == 1
    assert len(desk.edges("HOLDS")) == 2, "the merged cell names the holder of both"
    again = desk.load(desk.mapping(MAPPING)).files[0]
    assert (again.loaded, again.unchanged, again.rejected) == (0, 2, 3)


@pytest.mark.usefixtures("workbook")
def test_a_sheet_that_is_not_there_fails_by_name_and_ends_nothing(desk: Desk) -> None:
    desk.load(desk.mapping(MAPPING))
    before = desk.reader.version()
    report = desk.load(desk.mapping(MAPPING.replace("sheet: 开户", "sheet: 销户"))).files[0]
    assert report.error == "there is no visible sheet '销户'; there are '说明', '开户'"
    assert (report.file, report.closed) == ("2026-01.xlsx", 0)
    assert desk.reader.version() == before
