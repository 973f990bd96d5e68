"""Readers that remember, and how they hear of what is new; on both engines."""

from __future__ import annotations

import threading
import time

import pytest

from graphrisk.core.errors import Conflict
from graphrisk.store.operations import outbox, readers
from graphrisk.store.operations.database import Database


def _emit(database: Database, *subjects: str, kind: str = "case.opened") -> None:
    with database.session() as session:
        for subject in subjects:
            outbox.emit(session, kind, subject, {}, 0)


def _relay(database: Database) -> None:
    with database.session() as session:
        outbox.relay(session)


def _handle(database: Database, reader: str, limit: int = 1000) -> list[str]:
    """What the reader finds, its position moved behind it."""
    with database.session() as session:
        before = readers.position_of(session, reader)
        found = readers.unread(session, reader, limit)
        if found:
            readers.move(session, reader, before, found[-1].position, 9)
    return [event.subject for event in found]


def test_each_reader_goes_on_where_it_stopped(database: Database) -> None:
    _emit(database, *"abc")
    _relay(database)
    assert _handle(database, "notices", limit=2) == ["a", "b"]
    assert _handle(database, "cases") == ["a", "b", "c"]
    assert _handle(database, "notices") == ["c"]
    assert _handle(database, "notices") == []
    with database.reading() as session:
        assert readers.slowest(session) == 3


def test_a_reader_that_failed_halfway_reads_the_same_again(database: Database) -> None:
    _emit(database, "a")
    _relay(database)

    def fail() -> None:
        with database.session() as session:
            event = readers.unread(session, "notices")[0]
            readers.move(session, "notices", 0, event.position, 9)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _handle(database, "notices") == ["a"]


def test_of_two_processes_under_one_name_the_later_is_refused(database: Database) -> None:
    _emit(database, "a", "b")
    _relay(database)
    with database.session() as session:
        readers.move(session, "notices", 0, 2, 9)
    with pytest.raises(Conflict, match="notices"), database.session() as session:
        readers.move(session, "notices", 0, 1, 9)
    assert _handle(database, "notices") == []


def test_a_reader_is_told_that_it_missed_what_was_forgotten(database: Database) -> None:
    _emit(database, *"abc")
    _relay(database)
    assert _handle(database, "slow", limit=1) == ["a"]
    _handle(database, "quick")
    with database.session() as session:
        outbox.forget_before(session, 1)
    with pytest.raises(Conflict, match="read the state anew"):
        _handle(database, "slow")
    assert _handle(database, "quick") == []


def test_who_took_the_lower_number_and_commits_last_is_read_all_the_same(
    postgres_url: str,
) -> None:
    """SQLite has one writer: there the order of numbers is the order of commits."""
    database = Database(postgres_url)
    database.migrate()
    with database.session() as late:
        outbox.emit(late, "case.opened", "numbered first", {}, 0)
        late.flush()
        _emit(database, "numbered second")
        _relay(database)
        assert _handle(database, "cases") == ["numbered second"]
    _relay(database)
    assert _handle(database, "cases") == ["numbered first"]
    with database.reading() as session:
        ids = {event.subject: event.position for event in outbox.read_after(session, 0)}
    assert ids == {"numbered second": 1, "numbered first": 2}
    database.dispose()


def test_who_waits_is_woken_by_the_relay_and_gives_up_in_time(database: Database) -> None:
    assert not readers.wait_behind(database, 0, 0.05)
    _emit(database, "a")
    assert not readers.wait_behind(database, 0, 0.05), "not yet placed"
    woken: list[bool] = []
    waiter = threading.Thread(target=lambda: woken.append(readers.wait_behind(database, 0, 30)))
    waiter.start()
    time.sleep(0.3)  # most likely it waits by now; if not, it finds what is there
    _relay(database)
    waiter.join()
    assert woken == [True]
    assert readers.wait_behind(database, 0, 0)
