"""Leases: one holder, a fence that only grows, clocks that jump; on both engines."""

from __future__ import annotations

import threading

import pytest

from graphrisk.core.errors import Conflict
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.leases import Lease, is_free, release, renew, take

TERM = 10_000


def _take(database: Database, owner: str, now: int) -> Lease | None:
    with database.session() as session:
        return take(session, "relay", owner, now, TERM)


def _held(database: Database, owner: str, now: int) -> Lease:
    lease = _take(database, owner, now)
    assert lease is not None
    return lease


def test_one_holder_until_the_term_ends(database: Database) -> None:
    first = _held(database, "a", now=1_000)
    assert first == Lease("relay", "a", 1, 11_000)
    assert _take(database, "b", now=10_999) is None
    assert _take(database, "a", now=10_999) is None, "not even its own holder takes it twice"
    second = _held(database, "b", now=11_000)
    assert (second.owner, second.fence) == ("b", 2)


def test_renewing_moves_the_end(database: Database) -> None:
    lease = _held(database, "a", now=0)
    with database.session() as session:
        assert renew(session, lease, 9_000, TERM).expires_at == 19_000
    assert _take(database, "b", now=18_999) is None


def test_a_late_holder_keeps_what_nobody_took(database: Database) -> None:
    lease = _held(database, "a", now=0)
    with database.session() as session:
        renew(session, lease, 50_000, TERM)
    assert _take(database, "b", now=50_001) is None


def test_a_holder_that_was_overtaken_is_refused(database: Database) -> None:
    lost = _held(database, "a", now=0)
    _held(database, "b", now=TERM)
    with pytest.raises(Conflict, match="relay"), database.session() as session:
        renew(session, lost, TERM + 1, TERM)
    with database.session() as session:
        release(session, lost, TERM + 1)  # must not end what is b's now
    assert _take(database, "c", now=TERM + 2) is None


def test_a_released_lease_is_free_at_once_and_its_fence_grows(database: Database) -> None:
    lease = _held(database, "a", now=0)
    with database.session() as session:
        release(session, lease, 1)
    assert _held(database, "b", now=1).fence == 2


def test_a_clock_that_ran_ahead_does_not_lock_everybody_out(database: Database) -> None:
    _held(database, "a", now=3_600_000)
    assert _take(database, "b", now=3_600_000 - TERM) is None, "skew below a term is believed"
    assert _held(database, "b", now=0).fence == 2


def test_looking_agrees_with_taking(database: Database) -> None:
    def free(now: int) -> bool:
        with database.reading() as session:
            return is_free(session, "relay", now, TERM)

    assert free(0)
    _held(database, "a", now=0)
    assert [free(TERM - 1), free(TERM)] == [False, True]


def test_of_many_that_try_at_once_one_gets_it(database: Database) -> None:
    got: list[Lease | None] = []
    begin = threading.Barrier(8)

    def try_it(owner: str) -> None:
        begin.wait()
        got.append(_take(database, owner, now=0))

    threads = [threading.Thread(target=try_it, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert [lease.fence for lease in got if lease is not None] == [1]
