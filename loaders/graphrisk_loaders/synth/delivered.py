"""Files of a written city as tables, and back in the formats of their departments."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.parser import builtin_mappings
from graphrisk_loaders.readers.sheet import read_rows
from graphrisk_loaders.readers.workbook import open_workbook
from graphrisk_loaders.synth.formats import write_csv, write_json_lines, write_xlsx


def source_of(file: Path) -> Mapping | None:
    """The mapping of a delivered file; ``None`` for what no department delivers."""
    return next((one for one in _owned() if one.accepts(file)), None)


def read_delivered(file: Path, mapping: Mapping) -> pa.Table:
    """All columns: typed as Parquet and JSON have them, otherwise texts."""
    match mapping.format:
        case "csv":
            return _read_csv(file.read_bytes().decode(mapping.encoding), mapping.delimiter)
        case "jsonl":
            return pa.Table.from_pylist(
                [orjson.loads(row) for row in file.read_bytes().splitlines()]
            )
        case "parquet":
            return pq.read_table(file)
        case "xlsx":
            return _read_xlsx(file)[1]


def write_delivered(file: Path, mapping: Mapping, table: pa.Table, like: Path) -> None:
    """Write the table as the department wrote ``like``."""
    match mapping.format:
        case "csv":
            has_mark = like.read_bytes()[:3] == b"\xef\xbb\xbf"
            write_csv(file, [table], "utf-8-sig" if has_mark else mapping.encoding)
        case "jsonl":
            write_json_lines(file, table.to_pylist())
        case "parquet":
            pq.write_table(table, file, compression="zstd")
        case "xlsx":
            write_xlsx(file, _read_xlsx(like)[0], table.to_pydict())


@cache
def _owned() -> tuple[Mapping, ...]:
    return tuple(one for one in builtin_mappings() if one.about.owner_en)


def _read_csv(text: str, delimiter: str) -> pa.Table:
    text = text.removeprefix("\ufeff")
    names = next(csv.reader([text.partition("\n")[0]], delimiter=delimiter))
    as_text = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in names})
    return pyarrow.csv.read_csv(
        io.BytesIO(text.encode()),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter),
        convert_options=as_text,
    )


def _read_xlsx(file: Path) -> tuple[str, pa.Table]:
    """Name and cells of the first sheet, whose first row names the columns."""
    with open_workbook(file) as workbook:
        sheet = next(iter(workbook.sheets))
        rows = [row for _, rows in read_rows(workbook, workbook.sheet(sheet)) for _, row in rows]
    names = {place: str(name) for place, name in rows[0].items()}
    columns = {name: [str(row.get(at, "")) for row in rows[1:]] for at, name in names.items()}
    return sheet, pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
