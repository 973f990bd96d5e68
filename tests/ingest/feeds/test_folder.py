"""A watched folder: what is complete is taken once, in the order in which it came."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from graphrisk.core.errors import BadInput
from graphrisk.ingest.feeds.config import FolderFeed
from graphrisk.ingest.feeds.run import Turn, take_turn
from graphrisk.store.contract import AsOf
from tests.ingest.factory import DAY, PERSONS, TRANSFERS, csv, persons, transfers
from tests.ingest.feeds.conftest import Inlet

MINUTE = 60_000


@pytest.fixture
def inbox(inlet: Inlet, tmp_path: Path) -> Path:
    """A watched folder; the clock shows the time at which the files of the test are written."""
    folder = tmp_path / "watched"
    folder.mkdir()
    inlet.feeds.mkdir(parents=True)
    _describe(inlet)
    inlet.clock.now = folder.stat().st_ctime_ns // 1_000_000
    return folder


def _describe(inlet: Inlet, more: str = "") -> None:
    path = os.path.relpath(inlet.place.folder.parent / "watched", inlet.feeds)
    text = f"name: banks\nkind: folder\nevery: 1 minute\npath: {path}\n{more}"
    (inlet.feeds / "banks.yaml").write_text(text)


def _people(folder: Path, name: str, count: int, first: int = 0) -> Path:
    rows = persons(first + count)[first:]
    file = folder / name
    file.write_bytes(csv(PERSONS, rows).encode("gb18030"))
    return file


def _loaded(turn: Turn) -> list[tuple[str, int]]:
    return [(file.file, file.loaded) for file in turn.files]


def test_a_file_is_taken_once_it_has_stood_still(inlet: Inlet, inbox: Path) -> None:
    _people(inbox, "persons.csv", 3)
    feed = FolderFeed("banks", inbox)
    inlet.clock.advance(-1)  # the file is newer than the folder was
    assert take_turn(feed, inlet.place).files == [], "somebody may still be writing it"
    inlet.clock.advance(MINUTE)
    assert _loaded(take_turn(feed, inlet.place)) == [("persons.csv", 3)]
    assert take_turn(feed, inlet.place).files == []
    assert (inbox / "persons.csv").exists(), "it stays where it is"


def test_a_marker_beside_a_file_says_that_it_is_complete(inlet: Inlet, inbox: Path) -> None:
    _describe(inlet, "marker: required\n")
    _people(inbox, "persons.csv", 3)
    assert inlet.pull("banks").files == []
    (inbox / "persons.csv.done").touch()
    assert _loaded(inlet.pull("banks")) == [("persons.csv", 3)]


@pytest.mark.parametrize("name", [".persons.csv", "persons.csv.part", "~$persons.csv", "a.tmp"])
def test_half_copied_files_are_passed_over_until_they_are_renamed(
    inlet: Inlet, inbox: Path, name: str
) -> None:
    file = _people(inbox, name, 3)
    turn = inlet.pull("banks")
    assert (turn.files, turn.refused) == ([], {})
    file.rename(inbox / "persons.csv")
    assert _loaded(inlet.pull("banks")) == [("persons.csv", 3)]


def test_a_folder_is_one_delivery_once_it_is_marked(inlet: Inlet, inbox: Path) -> None:
    """A register in two files: alone, each would end what the other names."""
    folder = inbox / "january"
    folder.mkdir()
    _people(folder, "persons.csv", 3)
    _describe(inlet, "mappings: parts.yaml\n")
    (inlet.feeds / "parts.yaml").write_text(
        "name: parts\nfiles: ['persons*.csv']\nformat: csv\nencoding: gb18030\nmode: full\n"
        "id: person_id\nnodes: [{kind: Person, key: person_id, properties: {name: name}}]\n",
    )
    assert inlet.pull("banks").files == []
    _people(folder, "persons-2.csv", 4, first=3)
    (folder / ".done").touch()
    turn = inlet.pull("banks")
    assert _loaded(turn) == [("persons-2.csv", 4), ("persons.csv", 3)]
    assert sum(file.closed for file in turn.files) == 0


def test_deliveries_are_loaded_in_the_order_in_which_they_came(inlet: Inlet, inbox: Path) -> None:
    _describe(inlet, "mappings: list.yaml\n")
    (inlet.feeds / "list.yaml").write_text(
        "name: list\nfiles: ['*.csv']\nformat: csv\nmode: delta\nid: a\n"
        "nodes: [{kind: Phone, key: a, properties: {operator: b}}]\n"
    )
    for name in "zam":
        file = inbox / f"{name}.csv"
        file.write_text(f"a,b\n1,{name}\n")
    turn = inlet.pull("banks")
    assert [file.file for file in turn.files] == ["z.csv", "a.csv", "m.csv"]
    phone = inlet.desk.node("Phone", "1")
    assert phone is not None
    assert phone["operator"] == "m"


def test_the_same_bytes_written_again_are_not_loaded_but_keep_the_source_fresh(
    inlet: Inlet, inbox: Path
) -> None:
    file = _people(inbox, "persons.csv", 3)
    inlet.pull("banks")
    first = inlet.source("persons").delivered_at
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))
    assert inlet.pull("banks").files == []
    again = inlet.source("persons")
    assert again.delivered_at == inlet.clock.now_ms() != first
    assert again.last is not None
    assert again.last.loaded == 3


def test_an_older_list_delivered_anew_counts_as_what_it_says(inlet: Inlet, inbox: Path) -> None:
    for number, (count, expected) in enumerate(((5, 5), (3, 0), (5, 2))):
        file = _people(inbox, "persons.csv", count)
        os.utime(file, ns=(number, number))
        (loaded,) = inlet.pull("banks").files
        assert loaded.loaded == expected
    person = inlet.desk.node("Person", "P00004", AsOf(valid_at=inlet.clock.now_ms()))
    assert person is not None
    assert person["name"] == "名4"


def test_an_older_list_under_its_old_name_counts_once_another_came_between(
    inlet: Inlet, inbox: Path
) -> None:
    for number, (name, count, loaded) in enumerate(
        (("persons-01.csv", 5, 5), ("persons-02.csv", 3, 0), ("persons-01.csv", 5, 2))
    ):
        os.utime(_people(inbox, name, count), ns=(number, number))
        inlet.clock.advance(1)
        assert [file.loaded for file in inlet.pull("banks").files] == [loaded]
    person = inlet.desk.node("Person", "P00004", AsOf(valid_at=inlet.clock.now_ms()))
    assert person is not None
    assert person["name"] == "名4"


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_cannot_be_read_is_told_once_and_taken_when_it_can(
    inlet: Inlet, inbox: Path, is_folder: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root, whom no mode keeps out, the system's refusal has to be played."""
    _people(inbox, "persons.csv", 3)
    hidden = inbox / "accounts.csv"
    if is_folder:
        hidden = inbox / "january"
        hidden.mkdir()
        (hidden / ".done").touch()
    file = (hidden / "accounts.csv") if is_folder else hidden
    file.write_text("account_no,holder_id\nA1,P00001\n")
    refused = PermissionError(errno.EACCES, "Permission denied", str(hidden))

    def refuse(path: Path, *_: object, **__: object) -> object:
        if path.name == hidden.name:
            raise refused
        return real(path, *_, **__)

    name = "iterdir" if is_folder else "open"
    real = getattr(Path, name)
    monkeypatch.setattr(Path, name, refuse)
    turn = inlet.pull("banks")
    assert _loaded(turn) == [("persons.csv", 3)]
    assert list(turn.refused) == [hidden.name]
    assert "Permission denied" in turn.refused[hidden.name]
    assert inlet.pull("banks") == Turn([], {})
    monkeypatch.undo()
    assert [one.file for one in inlet.pull("banks").files] == ["accounts.csv"]


def test_what_is_at_fault_is_told_once_and_stops_nothing(inlet: Inlet, inbox: Path) -> None:
    (inbox / "unknown.csv").write_text("a\n1\n")
    (inbox / "transfers.csv").write_text("serial,time\n1,2\n")
    _people(inbox, "persons.csv", 3)
    turn = inlet.pull("banks")
    assert list(turn.refused) == ["unknown.csv"]
    assert "no mapping knows a file of unknown.csv" in turn.refused["unknown.csv"]
    assert {file.file: file.error is None for file in turn.files} == {
        "transfers.csv": False,
        "persons.csv": True,
    }
    with pytest.raises(BadInput, match=r"unknown\.csv"):
        turn.check()
    after = inlet.pull("banks")
    assert (after.files, after.refused) == ([], {})
    (inbox / "transfers.csv").write_text(csv(TRANSFERS, transfers(2)))
    inlet.clock.advance(DAY)
    assert _loaded(inlet.pull("banks")) == [("transfers.csv", 2)]


def test_a_folder_that_is_not_there_is_named(inlet: Inlet, inbox: Path) -> None:
    inbox.rmdir()
    with pytest.raises(BadInput, match="watched cannot be watched: No such file"):
        inlet.pull("banks")
