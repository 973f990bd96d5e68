"""Events get one public order without gaps, whoever commits when; on both engines."""

from __future__ import annotations

import threading

import pytest

from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database

DAY = 86_400_000


def _emit(database: Database, *subjects: str, at: int = 0) -> None:
    with database.session() as session:
        for subject in subjects:
            outbox.emit(session, "case.opened", subject, {"n": 1}, at)


def _relay(database: Database, limit: int = 1000) -> int:
    with database.session() as session:
        return outbox.relay(session, limit)


def _read(database: Database, after: int = 0, limit: int = 1000) -> list[tuple[int, str]]:
    with database.reading() as session:
        return [(e.position, e.subject) for e in outbox.read_after(session, after, limit)]


def test_an_event_is_seen_once_placed_and_only_if_its_change_happened(database: Database) -> None:
    def emit_and_fail() -> None:
        with database.session() as session:
            outbox.emit(session, "case.opened", "never", {}, 0)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        emit_and_fail()
    _emit(database, "a", "b")
    assert _read(database) == []
    assert _relay(database) == 2
    assert _read(database) == [(1, "a"), (2, "b")]
    assert _relay(database) == 0


def test_a_reader_goes_on_where_it_was(database: Database) -> None:
    _emit(database, *"abcde")
    assert [_relay(database, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert _read(database, after=1, limit=2) == [(2, "b"), (3, "c")]
    assert _read(database, after=5) == []


def test_events_of_one_kind_are_read_and_counted_apart(database: Database) -> None:
    _emit(database, "a", "b")
    with database.session() as session:
        outbox.emit(session, "case.closed", "a", {}, 0)
    _emit(database, "c")
    _relay(database, limit=3)
    with database.reading() as session:
        found = outbox.read_after(session, 1, kind="case.opened")
        counts = [outbox.count(session, kind) for kind in (None, "case.opened", "case.none")]
        closed = outbox.read_after(session, 0, kind="case.closed")
    assert [(event.position, event.subject) for event in found] == [(2, "b")]
    assert counts == [3, 2, 0], "what has no place yet does not count"
    assert [event.position for event in closed] == [3]


def test_whether_something_waits_is_told_without_placing_it(database: Database) -> None:
    def waits() -> bool:
        with database.reading() as session:
            return outbox.has_unplaced(session)

    seen = [waits()]
    _emit(database, "a")
    seen.append(waits())
    _relay(database)
    assert [*seen, waits()] == [False, True, False]


def test_many_writers_and_relays_leave_no_gap_and_no_double(database: Database) -> None:
    writers = [threading.Thread(target=_emit, args=(database, f"{n}x", f"{n}y")) for n in range(8)]
    relays = [threading.Thread(target=_relay, args=(database, 3)) for _ in range(8)]
    for thread in (*writers, *relays):
        thread.start()
    for thread in (*writers, *relays):
        thread.join()
    _relay(database)
    places = _read(database)
    assert [position for position, _ in places] == list(range(1, 17))
    assert sorted(subject for _, subject in places) == sorted(
        f"{n}{half}" for n in range(8) for half in "xy"
    )


def test_old_events_go_but_places_go_on(database: Database) -> None:
    _emit(database, "old", at=0)
    _emit(database, "last", at=1)
    _relay(database)
    _emit(database, "unplaced", at=2)
    with database.session() as session:
        assert outbox.forget_before(session, DAY) == 1
    assert _read(database) == [(2, "last")]
    _relay(database)
    assert _read(database) == [(2, "last"), (3, "unplaced")]
