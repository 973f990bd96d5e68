"""Files are cut into the same records whatever the size of the blocks they are read in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphrisk_loaders.readers import lines
from graphrisk_loaders.readers.block import FileError
from graphrisk_loaders.readers.lines import read_records

Cut = list[tuple[int, bytes]]


def cut(file: Path, *, quoted: bool = True) -> Cut:
    found: Cut = []
    done = 0
    for records in read_records(file, "utf-8", quoted=quoted):
        assert records.done >= done
        done = records.done
        found += [(line, records.record(i)) for i, line in enumerate(records.lines.tolist())]
    assert not found or done == file.stat().st_size
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from([b"a", b",", b'"', b"\n", b"\r\n", b'"x\ny"', b"\xe5\xbc\xa0"])),
    st.integers(1, 9),
)
def test_blocks_do_not_show(tmp_path: Path, pieces: list[bytes], size: int) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(b"".join(pieces))
    whole = cut(file), cut(file, quoted=False)
    kept = lines.BLOCK_BYTES
    lines.BLOCK_BYTES = size
    try:
        assert (cut(file), cut(file, quoted=False)) == whole
    finally:
        lines.BLOCK_BYTES = kept
    assert b"".join(record for _, record in whole[0]).count(b"a") == pieces.count(b"a")


def test_line_ends_within_quotes_belong_to_the_record_of_csv_alone(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(b'a\n"b\nc"\nd')
    assert cut(file) == [(1, b"a"), (2, b'"b\nc"'), (4, b"d")]
    assert cut(file, quoted=False) == [(1, b"a"), (2, b'"b'), (3, b'c"'), (4, b"d")]


def test_a_stray_zero_byte_is_no_binary_file_and_many_are(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(b"a,b\n1,\0\n" + b"2,3\n" * 10)
    assert len(cut(file)) == 12
    file.write_bytes(b"a,b\n" + bytes(10))
    with pytest.raises(FileError, match="zero bytes"):
        cut(file)


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    for data in (b"", b"\xef\xbb\xbf"):
        file.write_bytes(data)
        assert cut(file) == []
