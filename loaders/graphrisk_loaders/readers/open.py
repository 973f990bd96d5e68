"""The reader that a mapping asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.readers.block import Block, FileError, called
from graphrisk_loaders.readers.columnar import read_names, read_parquet
from graphrisk_loaders.readers.delimited import read_csv, read_header
from graphrisk_loaders.readers.json_lines import read_json_lines, read_members
from graphrisk_loaders.readers.spreadsheet import read_column_names, read_xlsx


def read_blocks(file: Path, mapping: Mapping) -> Iterator[Block]:
    """Blocks of the mapping's columns; ``FileError`` where the file as a whole is unusable."""
    try:
        if mapping.format == "csv":
            yield from read_csv(
                file, mapping.columns, mapping.encoding, mapping.delimiter, mapping.aliases
            )
        elif mapping.format == "jsonl":
            yield from read_json_lines(file, mapping.columns, mapping.encoding, mapping.aliases)
        elif mapping.format == "xlsx":
            yield from read_xlsx(
                file, mapping.sheet, mapping.columns, mapping.time_forms, mapping.aliases
            )
        else:
            yield from read_parquet(file, mapping.columns, mapping.aliases)
    except OSError as error:
        raise FileError.of(error) from error


def column_names(file: Path, mapping: Mapping) -> list[str]:
    """Names of the file's columns as the mapping has them; empty when they cannot be told."""
    try:
        if mapping.format == "csv":
            names = read_header(file, mapping.encoding, mapping.delimiter)
        elif mapping.format == "jsonl":
            names = read_members(file, mapping.encoding)
        elif mapping.format == "xlsx":
            names = read_column_names(file, mapping.sheet, mapping.columns, mapping.aliases)
        else:
            names = read_names(file)
    except (OSError, FileError):
        return []
    return called(names, mapping.aliases)
