"""Loading again changes nothing; a full delivery ends what it no longer names."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrisk.core.clock import OPEN
from graphrisk.ingest.report import LoadReport
from graphrisk.store.contract import AsOf
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk_loaders.synth.city import write_city
from tests.ingest.factory import DAY, PERSONS, Desk, csv, persons, rejects

HEADERLESS = ".jsonl"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All deliveries of a small city, cut short for speed."""
    whole = tmp_path_factory.mktemp("whole")
    write_city("small", 5, whole, lambda *_: None)
    folder = tmp_path_factory.mktemp("city")
    for file in whole.glob("*.*"):
        if file.suffix == ".parquet":
            pq.write_table(pq.read_table(file)[:400], folder / file.name)
        else:
            (folder / file.name).write_bytes(b"".join(_lines(file)[:401]))
    return folder


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def _reversed(city: Path, inbox: Path) -> None:
    inbox.mkdir()
    for file in city.iterdir():
        if file.suffix == ".parquet":
            rows = pq.read_table(file)
            pq.write_table(rows.take(pa.array(range(rows.num_rows)[::-1])), inbox / file.name)
            continue
        lines = _lines(file)
        head = [] if file.suffix == HEADERLESS else lines[:1]
        (inbox / file.name).write_bytes(b"".join([*head, *lines[len(head) :][::-1]]))


def _loaded(report: LoadReport) -> dict[str, int]:
    return {file.file: file.loaded for file in report.files}


def test_loading_again_and_with_rows_reversed_changes_nothing(any_desk: Desk, city: Path) -> None:
    for file in city.iterdir():
        any_desk.deliver(file.name, file.read_bytes())
    first = any_desk.load()
    assert all(file.loaded == file.rows > 0 for file in first.files), _loaded(first)
    snapshot = Snapshot.open(
        any_desk.folder / "snapshot", any_desk.reader, any_desk.store.health().store_id
    )
    assert snapshot.refresh().rows_read > 0
    again = any_desk.load()
    any_desk.inbox = any_desk.inbox.with_name("reversed")
    _reversed(city, any_desk.inbox)
    for report in (again, any_desk.load()):
        assert set(_loaded(report).values()) == {0}
        assert all(file.unchanged == file.rows for file in report.files)
        assert sum(file.closed for file in report.files) == 0
        assert report.version == first.version
        assert snapshot.refresh().rows_read == 0


def test_a_full_delivery_ends_what_it_no_longer_names(any_desk: Desk) -> None:
    rows = persons(50)
    any_desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    snapshot = Snapshot.open(
        any_desk.folder / "snapshot", any_desk.reader, any_desk.store.health().store_id
    )
    snapshot.refresh()
    assert len(snapshot.csr("LIVES_IN").indices) == 50
    before = any_desk.clock.now_ms()
    report = any_desk.load_one("persons.csv", csv(PERSONS, rows[:20] + rows[30:]), "gb18030")
    assert (report.loaded, report.unchanged, report.closed) == (0, 40, 20), "ten people, ten homes"
    after = any_desk.clock.now_ms()
    gone, there = rows[25], rows[5]
    assert _name(any_desk, gone, AsOf()) is None
    assert _name(any_desk, gone, AsOf(valid_at=after)) is None
    assert _name(any_desk, gone, AsOf(valid_at=before)) == gone[1], "it held before"
    assert _name(any_desk, gone, AsOf(known_at=before)) == gone[1], "it was known before"
    assert _name(any_desk, there, AsOf()) == there[1]
    snapshot.refresh()
    assert len(snapshot.csr("LIVES_IN").indices) == 40
    again = any_desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert (again.loaded, again.unchanged, again.closed) == (10, 40, 0)
    assert _name(any_desk, gone, AsOf()) == gone[1], "it came back"
    assert _name(any_desk, gone, AsOf(valid_at=after, known_at=after + DAY // 2)) is None


def _name(desk: Desk, row: tuple[object, ...], as_of: AsOf) -> object:
    node = desk.node("Person", str(row[0]), as_of)
    assert node is not None
    return node["name"]


def test_a_changed_row_is_a_new_version_of_the_same_fact(desk: Desk) -> None:
    desk.load_one("persons.csv", csv(PERSONS, persons(3)), "gb18030")
    rows = persons(3)
    rows[1] = (*rows[1][:4], "G77")
    report = desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert (report.loaded, report.unchanged, report.closed) == (1, 2, 0)
    homes = desk.edges("LIVES_IN")
    assert len(homes) == 4
    assert len({home["eid"] for home in homes}) == 3, "the edge keeps its number"


def test_what_is_at_fault_in_one_column_has_not_ended(desk: Desk) -> None:
    header = "code,name,kind,area_code,lon,lat,boundary"
    rows = [(f"C{i}", "n", "unit", "A1", "118.1", "24.5", "") for i in range(3)]
    desk.load_one("grid_cells.csv", csv(header, rows))
    rows[1] = (*rows[1][:4], "east", "24.5", "")
    rows[2] = (*rows[2][:3], "", "118.1", "24.5", "")
    report = desk.load_one("grid_cells.csv", csv(header, rows))
    assert (report.rejected, report.closed) == (2, 0)
    assert [edge["known_to"] for edge in desk.edges("PART_OF")] == [2**63 - 1] * 3


@pytest.mark.parametrize("fault", ["D2\x01", "D" * 10_001, "D" * 201])
def test_a_typing_error_in_an_optional_column_ends_nothing(any_desk: Desk, fault: str) -> None:
    header = "account_no,bank,opened_at,balance_yuan,holder_id,device_id"
    rows = [(f"A{i}", "b", "2025-01-01 00:00:00", "1", f"P{i}", f"D{i}") for i in range(4)]
    any_desk.load_one("accounts.csv", csv(header, rows))
    rows[1] = (*rows[1][:5], fault)
    rows[2] = (*rows[2][:3], "much", "P2", "")
    rows[3] = (*rows[3][:5], "")
    report = any_desk.load_one("accounts.csv", csv(header, rows))
    assert (report.rejected, report.closed) == (2, 1), "only the blank cell of a good row ends"
    versions = any_desk.edges("USES_DEVICE")
    still = {row["eid"] for row in versions if row["known_to"] == row["valid_to"] == OPEN}
    assert len(still) == 3


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([], "the delivery names nothing"),
        ([("", "x", 1950, "", "")], "the identity of 1 rows could not be read"),
        ([("P00000", "x")], "the identity of 1 rows could not be read"),
    ],
)
def test_a_delivery_that_may_not_be_whole_ends_nothing(
    desk: Desk, rows: list[tuple[object, ...]], note: str
) -> None:
    desk.load_one("persons.csv", csv(PERSONS, persons(5)), "gb18030")
    report = desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert report.closed == 0
    assert report.note is not None
    assert note in report.note
    assert _name(desk, persons(5)[3], AsOf()) is not None


def test_an_empty_cell_of_an_optional_edge_ends_the_edge(desk: Desk) -> None:
    desk.load_one("persons.csv", csv(PERSONS, persons(5)), "gb18030")
    rows = persons(5)
    rows[2] = (*rows[2][:4], "")
    report = desk.load_one("persons.csv", csv(PERSONS, rows), "gb18030")
    assert (report.loaded, report.closed) == (1, 1)


def test_a_full_delivery_may_come_in_several_files(desk: Desk) -> None:
    mapping = desk.mapping(
        "name: people\nfiles: ['people-*.csv']\nformat: csv\nmode: full\nid: id\n"
        "nodes: [{kind: Person, key: id, properties: {name: name}}]\n"
    )
    desk.deliver("people-1.csv", "id,name\n1,a\n2,b\n")
    desk.deliver("people-2.csv", "id,name\n3,c\n1,a\n")
    first = desk.load(mapping)
    assert [(f.loaded, f.unchanged, f.closed) for f in first.files] == [(2, 0, 0), (1, 1, 0)]
    assert desk.load(mapping).version == first.version
    desk.deliver("people-2.csv", "id,name\n3,c\n1,other\n")
    report = desk.load(mapping)
    assert [row["line"] for row in rejects(report.files[1])] == [3], "which one holds is not known"
    assert report.version == first.version
    desk.deliver("people-2.csv", "id,name\n1,a\n")
    assert [f.closed for f in desk.load(mapping).files] == [0, 1]


def test_a_delta_is_applied_once_and_ends_nothing(desk: Desk) -> None:
    desk.deliver("scam_numbers.jsonl", '{"number":"1","category":"loan","listed_at":1}\n')
    desk.load()
    monday = (desk.inbox / "scam_numbers.jsonl").read_bytes()
    desk.deliver("scam_numbers.jsonl", '{"number":"1","category":"police","listed_at":1}\n')
    tuesday = desk.load()
    assert tuesday.files[0].loaded == 1
    desk.deliver("scam_numbers.jsonl", monday)
    late = desk.load()
    assert (late.files[0].unchanged, late.version) == (1, tuesday.version)
    node = desk.node("Phone", "1")
    assert node is not None
    assert node["scam_category"] == "police"


def test_a_delta_that_is_known_tells_its_rejects_again(desk: Desk) -> None:
    desk.deliver("scam_numbers.jsonl", '{"number":"1"}\n{"category":"x"}\n[]\n')
    first = desk.load().files[0]
    assert (first.loaded, first.rejected) == (1, 2)
    Path(str(first.reject_file)).unlink()
    again = desk.load().files[0]
    assert (again.loaded, again.unchanged, again.rejected) == (0, 1, 2)
    assert [row["line"] for row in rejects(again)] == [2, 3]
