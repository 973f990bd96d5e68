"""How departments write their files: CSV in some encoding, JSON Lines, local times as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv

from graphrisk_loaders.synth.model import IntArray

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
