"""Workbooks as offices send them, and such as nobody should."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from graphrisk_loaders.readers.spreadsheet import read_xlsx
from tests.loaders.readers.factory import Faults, Rows, rows_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def written(file: Path, *sheets: tuple[str, Any]) -> Path:
    """A workbook of plain values, as a spreadsheet program writes it."""
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file


def raw(file: Path, rows: str, behind: str = "", parts: Mapping[str, str] | None = None) -> Path:
    """A workbook whose one sheet holds this markup; ``parts`` add to or replace what is there."""
    relation = f'<Relationships xmlns="{_PACKAGE}">{{}}</Relationships>'
    to_book = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    to_sheet = f'<Relationship Id="s1" Type="{_OFFICE}/worksheet" Target="worksheets/s.xml"/>'
    package = {
        "_rels/.rels": relation.format(to_book),
        "xl/_rels/workbook.xml.rels": relation.format(to_sheet),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>'
        f"{behind}</worksheet>",
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (package | dict(parts or {})).items():
            archive.writestr(name, text)
    return file


def row(number: int, *cells: str) -> str:
    """Markup of a row."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(reference: str, value: str) -> str:
    """Markup of a cell that holds a text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


HEADER = row(1, text("A1", "a"), text("B1", "b"))


def read(
    file: Path,
    columns: tuple[str, ...] = ("a", "b"),
    sheet: str = "",
    forms: Mapping[str, str] | None = None,
) -> tuple[Rows, Faults]:
    """What the reader makes of a workbook."""
    return rows_of(read_xlsx(file, sheet, columns, forms or {}))
