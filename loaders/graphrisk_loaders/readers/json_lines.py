"""JSON Lines: one object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from graphrisk_loaders.readers.block import NO_ALIASES, Aliases, BadRow, Block, called
from graphrisk_loaders.readers.lines import read_records

#: From here on floating point has not every hundredth, later not every whole number: a sum or an
#: account number would change.
_INEXACT = 2.0**46


def read_json_lines(
    file: Path, columns: Sequence[str], encoding: str, aliases: Aliases = NO_ALIASES
) -> Iterator[Block]:
    """Blocks of the wanted members as texts; a member that is missing or null is blank.

    Raises:
        FileError: not a text file.
    """
    for records in read_records(file, encoding, quoted=False):
        rows: list[list[str]] = []
        lines: list[int] = []
        bad: list[BadRow] = []
        for place, line in enumerate(records.lines.tolist()):
            data = records.record(place)
            found = (
                "the line is longer than 1 MiB"
                if records.too_long
                else _values(data, columns, encoding, aliases)
            )
            if isinstance(found, str):
                bad.append(BadRow(line, "", data.decode(encoding, errors="replace"), found))
            elif found is not None:
                rows.append(found)
                lines.append(line)
        values = [pa.array([row[i] for row in rows], pa.string()) for i in range(len(columns))]
        table = pa.Table.from_arrays(values, names=list(columns))
        yield Block(table, np.array(lines, np.int64), records.done, bad)


def read_members(file: Path, encoding: str) -> list[str]:
    """Names of the members of the first object."""
    for records in read_records(file, encoding, quoted=False):
        try:
            first = orjson.loads(records.record(0).decode(encoding))
        except (UnicodeDecodeError, orjson.JSONDecodeError):
            return []
        return list(first) if isinstance(first, dict) else []
    return []


def _values(
    data: bytes, columns: Sequence[str], encoding: str, aliases: Aliases
) -> list[str] | str | None:
    """Values of a line, what is wrong with it, or ``None`` for a blank one."""
    if not data.strip():
        return None
    try:
        said = orjson.loads(data if encoding == "utf-8" else data.decode(encoding))
    except UnicodeDecodeError as error:
        return f"not {encoding} at byte {error.start + 1} of the line"
    except orjson.JSONDecodeError as error:
        return f"not JSON: {error}"
    if not isinstance(said, dict):
        return "not a JSON object"
    if aliases:
        names = called([*said], aliases)
        twice = [name for name in columns if names.count(name) > 1]
        if twice:
            return f"names {', '.join(twice)} twice"
        said = dict(zip(names, said.values(), strict=True))
    values = [said.get(name) for name in columns]
    for name, value in zip(columns, values, strict=True):
        if isinstance(value, dict | list):
            return f"{name} is neither a text nor a number"
        if isinstance(value, float) and abs(value) >= _INEXACT:
            return f"{name} is a number that JSON readers round: deliver it as a text"
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
