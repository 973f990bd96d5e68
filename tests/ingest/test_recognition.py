"""Which mapping a file is given to: its name, then its columns."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Int64Array
from tests.ingest.factory import TRANSFERS, Desk, csv, transfers

ONE = (
    "name: NAME\nfiles: ['edges*.csv']\nformat: csv\nmode: full\nid: COLUMN\n"
    "nodes: [{kind: Person, key: COLUMN}]\n"
)


@pytest.fixture
def mappings(desk: Desk) -> Path:
    """Two mappings whose names of files are the same."""
    folder = desk.folder.parent / "mappings"
    folder.mkdir()
    for name in ("first", "second"):
        text = ONE.replace("NAME", name).replace("COLUMN", f"{name}_id")
        (folder / f"{name}.yaml").write_text(text)
    return folder


def test_columns_decide_where_names_do_not(desk: Desk, mappings: Path) -> None:
    desk.deliver("edges-1.csv", "x,second_id\n1,2\n")
    desk.deliver("edges-2.csv", "first_id\n1\n")
    desk.deliver("edges-3.csv", "third_id\n1\n")
    desk.deliver("edges-4.csv", b"PK\x03\x04")
    report = desk.load(mappings)
    assert [(file.file, file.mapping) for file in report.files] == [
        ("edges-2.csv", "first"),
        ("edges-1.csv", "second"),
    ]
    assert report.ignored == ["edges-3.csv", "edges-4.csv"]


def test_a_file_that_fits_two_is_refused_with_both_named(desk: Desk, mappings: Path) -> None:
    desk.deliver("edges.csv", "first_id,second_id\n1,2\n")
    with pytest.raises(BadInput, match=r"edges\.csv: several mappings fit: first, second"):
        desk.load(mappings)
    assert desk.reader.version() == 0


def test_a_file_that_one_alone_knows_by_name_fails_by_name(desk: Desk) -> None:
    desk.deliver("transfers.csv", "serial,from,to\nS1,a,b\n")
    report = desk.load()
    assert "lacks from_account, to_account" in str(report.files[0].error)


def test_a_single_file_may_be_given(desk: Desk) -> None:
    desk.inbox = desk.deliver("transfers.csv", csv(TRANSFERS, transfers(3)))
    assert desk.load().files[0].loaded == 3


def test_folders_are_not_entered(desk: Desk) -> None:
    desk.deliver("transfers.csv", csv(TRANSFERS, transfers(1)))
    (desk.inbox / "truth").mkdir()
    (desk.inbox / "truth" / "persons.csv").write_text("a\n")
    report = desk.load()
    assert [file.file for file in report.files] == ["transfers.csv"]


def test_what_arrives_says_where_it_came_from(desk: Desk) -> None:
    file = desk.deliver("transfers.csv", csv(TRANSFERS, transfers(2)))
    desk.load()
    eids = [edge["eid"] for edge in desk.edges("TRANSFERRED")]
    found = desk.reader.get_edges(_array(eids))
    rows = found["TRANSFERRED"].to_pylist()
    assert [row["row"] for row in rows] == [2, 3], "lines of the file"
    (batch,) = desk.reader.batches(_array([rows[0]["batch_id"]])).to_pylist()
    assert (batch["source"], batch["file"], batch["mode"]) == (
        "transfers",
        "transfers.csv",
        "events",
    )
    assert batch["known_at"] == desk.clock.now_ms()
    assert batch["delivery"] == _sha256(file)


def _array(numbers: list[int]) -> Int64Array:
    return np.array(numbers, np.int64)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
