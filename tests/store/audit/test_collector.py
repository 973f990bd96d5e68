"""Collecting: all that was recorded comes into log and rows, once, whatever happens meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.core.errors import ConfigError, Conflict
from graphrisk.store.audit import records
from graphrisk.store.audit.collector import TORN, Collected
from graphrisk.store.audit.entry import read_entry
from graphrisk.store.audit.records import AuditFilter
from graphrisk.store.audit.spool import AuditSpool
from tests.store.audit.office import Office


def test_what_was_recorded_is_in_log_and_rows_once(office: Office) -> None:
    office.note("a", "b")
    other = AuditSpool(office.place.folder, office.clock)
    office.note("c", spool=other)
    assert office.collect() == Collected(3, 3, [])
    office.note("d", spool=other)
    office.note("e")
    assert office.collect() == Collected(2, 5, [])
    assert office.collect() == Collected(0, 5, [])
    assert not office.files()
    lines = office.lines()
    assert [line.action for line in lines[:3]] == ["a", "b", "c"]
    assert sorted(line.action for line in lines[3:]) == ["d", "e"]
    reader = office.reader()
    for number, line in enumerate(lines):
        assert line.number == number
        assert line.stands_for(read_entry(reader.entry(number)))
        reader.proof(number)
    assert lines[0].record is not None
    assert (lines[0].principal, lines[0].what) == ("development", "of a")


def test_a_collector_that_ends_anywhere_is_made_good_by_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(Exception):
        pass

    def ended(*_: object) -> None:
        raise Ended

    office.note("a", "b")
    for place, name in ((records, "keep"), (Path, "unlink")):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, ended)
            with pytest.raises(Ended):
                office.collect()
        assert office.files()
        office.note(f"after {name}")
    office.collect()
    assert [line.action for line in office.lines()] == ["a", "b", "after keep", "after unlink"]
    assert office.reader().checkpoint.size == 4


def test_one_collects_and_who_comes_second_is_told(office: Office) -> None:
    office.note("a")
    with office.place.open(office.clock), pytest.raises(Conflict):
        office.collect()
    assert office.collect().records == 1


def test_a_torn_end_is_on_record(office: Office) -> None:
    office.note("a", "b")
    (file,) = office.files()
    content = file.read_bytes()
    file.write_bytes(content[:-7])
    office.note("c")  # the writer sees that the file is not as it left it
    assert office.collect().records == 3
    lines = office.lines()
    assert [line.action for line in lines] == ["a", TORN, "c"]
    assert [line.sequence for line in lines] == [0, 1, 2]
    assert all(line.stands_for(read_entry(office.reader().entry(line.number))) for line in lines)


def test_a_file_that_holds_no_records_is_named_and_stops_nothing(office: Office) -> None:
    (office.place.spool / "0").write_bytes(b"nonsense")
    office.note("a")
    assert office.collect() == Collected(1, 1, ["0.taken"])


def test_a_log_whose_key_is_gone_is_not_given_another(office: Office) -> None:
    office.note("a")
    office.collect()
    kept = office.place.key.read_bytes()
    assert b"seeds" not in kept
    office.place.key.unlink()
    office.note("b")
    with pytest.raises(ConfigError, match="is missing"):
        office.collect()
    office.place.key.write_bytes(kept)
    assert office.collect() == Collected(1, 2, [])


def test_rows_are_found_by_who_what_and_when(office: Office) -> None:
    start = office.clock.now_ms()
    office.note("a", "b", "a")
    office.collect()
    for wanted, found in (
        (AuditFilter(action="a"), [0, 2]),
        (AuditFilter(principal="development", what="of b"), [1]),
        (AuditFilter(case="A-8"), []),
        (AuditFilter(since=start + 1, until=start + 2), [1]),
    ):
        assert [line.number for line in office.lines(wanted)] == found, wanted
