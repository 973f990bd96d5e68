"""How departments write their files: CSV in some encoding, JSON Lines, local times as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet as pq

from graphrisk_loaders.synth.model import IntArray

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
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
_UTF_8 = ("utf-8", "utf-8-sig")
_PART = 500_000  # rows that are made and written at a time


def write_csv(file: Path, parts: Iterable[pa.Table], encoding: str = "utf-8") -> None:
    """Parts of one table, with a header, quoted where needed, in the memory of one part.

    ``utf-8-sig`` begins with a byte order mark.
    """
    with file.open("wb") as target:
        if encoding == "utf-8-sig":
            target.write(_BOM)
        for number, part in enumerate(parts):
            sink = pa.BufferOutputStream()
            options = pyarrow.csv.WriteOptions(include_header=number == 0, quoting_style="needed")
            pyarrow.csv.write_csv(part, sink, options)
            data = sink.getvalue().to_pybytes()
            target.write(data if encoding in _UTF_8 else data.decode().encode(encoding))


def in_order(table: pa.Table, order: IntArray) -> Iterator[pa.Table]:
    """The rows of a table in another order, in parts."""
    return (table.take(order[rows]) for rows in parts_of(len(order)))


def parts_of(count: int) -> Iterator[slice]:
    """Rows of a table in parts of half a million; at least one part."""
    return (slice(first, first + _PART) for first in range(0, max(count, 1), _PART))


def write_parquet(file: Path, parts: Iterator[pa.Table]) -> None:
    """Parts of one table, a group of rows each."""
    first = next(parts)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        for part in chain([first], parts):
            writer.write_table(part)


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


def numbered(head: str, numbers: IntArray, digits: int) -> pa.Array[pa.StringScalar]:
    """Keys such as ``T000000000042``."""
    texts = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), digits, "0")
    return _joined(head, texts, "")


def times(ms: IntArray) -> pa.Array[pa.StringScalar]:
    """Shanghai wall-clock texts such as ``2016-03-01 08:00:00``; parts of a second are cut off."""
    seconds = pa.array((ms + _SHANGHAI_MS) // 1000)
    texts: pa.Array[pa.StringScalar] = pc.cast(pc.cast(seconds, pa.timestamp("s")), pa.string())
    return texts


def local_times(ms: IntArray) -> list[str]:
    """The same as a list."""
    return [str(text) for text in times(ms).to_pylist()]


def chinese_times(ms: IntArray) -> list[str]:
    """As an office writes it: ``2016年03月01日 08时05分``."""
    return [f"{t[:4]}年{t[5:7]}月{t[8:10]}日 {t[11:13]}时{t[14:16]}分" for t in local_times(ms)]


def chinese_dates(ms: IntArray) -> list[str]:
    """The day alone: ``2016年03月01日``."""
    return [text[: text.index(" ")] for text in chinese_times(ms)]


def amounts(fen: IntArray) -> pa.Array[pa.StringScalar]:
    """Yuan with two decimals."""
    whole, cents = (pa.array(part).cast(pa.string()) for part in np.divmod(fen, 100))
    return _joined(whole, pc.utf8_lpad(cents, 2, "0"), ".")


def yuan(fen: IntArray) -> list[str]:
    """The same as a list."""
    return [str(text) for text in amounts(fen).to_pylist()]


def _joined(left: object, right: object, between: str) -> pa.Array[pa.StringScalar]:
    joined: pa.Array[pa.StringScalar] = pc.binary_join_element_wise(left, right, between)
    return joined
