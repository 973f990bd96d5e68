"""How departments write their files: CSV in some encoding, JSON Lines, local times as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv

from graphrisk_loaders.synth.model import IntArray

_OPEN = "http://schemas.openxmlformats.org"
_REL = f"{_OPEN}/officeDocument/2006/relationships"
_LINKS = f'<Relationships xmlns="{_OPEN}/package/2006/relationships">'
#: The parts of the smallest workbook; ``{sheet}`` and ``{cells}`` are filled in.
_PACKAGE = {
    "_rels/.rels": f'{_LINKS}<Relationship Id="r" Type="{_REL}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_LINKS}<Relationship Id="s" Type="{_REL}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" xmlns:r="{_REL}">'
    '<sheets><sheet name="{sheet}" sheetId="1" r:id="s"/></sheets></workbook>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_OPEN}/spreadsheetml/2006/main">'
    "<sheetData>{cells}</sheetData></worksheet>",
}
_SHANGHAI_MS = 8 * 3_600_000
_BOM = b"\xef\xbb\xbf"


def write_csv(file: Path, table: pa.Table, encoding: str = "utf-8") -> None:
    """With a header, quoted where needed; ``utf-8-sig`` begins with a byte order mark."""
    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    pyarrow.csv.write_csv(table, sink, options)
    data = sink.getvalue().to_pybytes()
    if encoding == "utf-8-sig":
        data = _BOM + data
    elif encoding != "utf-8":
        data = data.decode("utf-8").encode(encoding)
    file.write_bytes(data)


def write_json_lines(file: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """One object a line."""
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))


def write_xlsx(file: Path, sheet: str, columns: Mapping[str, Sequence[str]]) -> None:
    """A workbook of one sheet of texts, as small as the format allows; the same bytes each time."""
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in _PACKAGE.items():
            text = content.format(sheet=escape(sheet), cells=cells)
            archive.writestr(ZipInfo(name), text, ZIP_DEFLATED)


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "<c/>"


def local_times(ms: IntArray) -> list[str]:
    """Shanghai wall-clock texts such as ``2016-03-01 08:00:00``; parts of a second are cut off."""
    stamps = ((ms + _SHANGHAI_MS) // 1000).astype("datetime64[s]")
    return [text.replace("T", " ") for text in np.datetime_as_string(stamps).tolist()]


def chinese_times(ms: IntArray) -> list[str]:
    """As an office writes it: ``2016年03月01日 08时05分``."""
    return [f"{t[:4]}年{t[5:7]}月{t[8:10]}日 {t[11:13]}时{t[14:16]}分" for t in local_times(ms)]


def chinese_dates(ms: IntArray) -> list[str]:
    """The day alone: ``2016年03月01日``."""
    return [text[: text.index(" ")] for text in chinese_times(ms)]


def yuan(fen: IntArray) -> list[str]:
    """Amounts with two decimals."""
    return [f"{value // 100}.{value % 100:02d}" for value in fen.tolist()]
