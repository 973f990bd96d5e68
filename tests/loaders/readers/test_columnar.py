"""Parquet: rows by number, types as they are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrisk_loaders.readers import columnar
from graphrisk_loaders.readers.block import FileError
from graphrisk_loaders.readers.columnar import read_names, read_parquet
from tests.loaders.readers.factory import rows_of


def test_wanted_columns_with_the_number_of_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "_BATCH_ROWS", 4)
    file = tmp_path / "f.parquet"
    pq.write_table(pa.table({"c": range(10), "a": map(str, range(10))}), file, row_group_size=3)
    blocks = list(read_parquet(file, ("a", "c")))
    lines = [line for block in blocks for line in block.lines.tolist()]
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    assert lines == list(range(1, 11))
    assert rows == [{"a": str(i), "c": i} for i in range(10)]
    assert [block.rows.num_rows <= 4 for block in blocks] == [True] * len(blocks)
    assert blocks[-1].done == file.stat().st_size


def test_texts_that_are_no_utf8_are_set_aside_even_in_dictionaries(tmp_path: Path) -> None:
    file = tmp_path / "f.parquet"
    torn = pa.array([b"x", b"\xff", b"y"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"a": torn, "b": torn.dictionary_encode()}), file)
    for name in ("a", "b"):
        rows, faults = rows_of(read_parquet(file, (name,)))
        assert rows == [(1, ("x",)), (3, ("y",))]
        assert faults == [(2, "a text is not utf-8")]


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.parquet"
    for data in (b"", b"a,b\n1,2\n", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"):
        file.write_bytes(data)
        with pytest.raises(FileError, match="no readable Parquet"):
            list(read_parquet(file, ("a",)))
        assert read_names(file) == []


def test_columns_that_are_missing_or_there_twice(tmp_path: Path) -> None:
    file = tmp_path / "f.parquet"
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(twice, file)
    with pytest.raises(FileError, match="names a twice"):
        list(read_parquet(file, ("a",)))
    with pytest.raises(FileError, match="the file lacks b, c"):
        list(read_parquet(file, ("b", "a", "c")))
    assert read_names(file) == ["a", "a"]
