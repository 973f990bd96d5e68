"""Books as rows: the pure ledger's rule within the transaction, for many at once; both engines."""

from __future__ import annotations

import threading
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from graphrisk.core.errors import Conflict, GraphRiskError, NotFound
from graphrisk.core.ledger import Award, Entry, Ledger, Posting, mirrored
from graphrisk.store.operations import books
from graphrisk.store.operations.database import Database
from tests.effort import LONG, effort

BOOK, POOL = "points", "pool:city"
PEOPLE = [f"person:{name}" for name in ("anna", "bert", "cao")]
ACCOUNTS = [*PEOPLE, POOL, "shop:tea"]


def _entry(
    name: str,
    giver: str,
    taker: str,
    amount: int,
    award: Award | None = None,
    reverses: str | None = None,
) -> Entry:
    postings = sorted([Posting(giver, -amount), Posting(taker, amount)])
    return Entry(name, tuple(postings), "clerk", "visit", 5, award, reverses)


def _post(database: Database, entry: Entry) -> bool:
    with database.session() as session:
        return books.post(session, BOOK, entry)


def _balances(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {account: books.balance(session, BOOK, account) for account in ACCOUNTS}


def _proof(database: Database) -> books.BookProof:
    with database.reading() as session:
        return books.prove(session, BOOK)


def test_an_entry_is_kept_with_its_balances_and_read_back(database: Database) -> None:
    award = Award("visit-1", "t1", "anna")
    given = _entry("e1", POOL, PEOPLE[0], 10, award)
    assert _post(database, given)
    assert not _post(database, given)
    _post(database, _entry("e2", PEOPLE[0], PEOPLE[1], 4))
    assert _balances(database) == {**dict.fromkeys(ACCOUNTS, 0), POOL: -10, PEOPLE[0]: 6,
                                   PEOPLE[1]: 4}  # fmt: skip
    with database.reading() as session:
        lines = books.statement(session, BOOK, PEOPLE[0])
        older = books.statement(session, BOOK, PEOPLE[0], before=lines[0].number)
        other = books.statement(session, "yuan", PEOPLE[0])
    assert [(line.entry.entry_id, line.amount) for line in lines] == [("e2", -4), ("e1", 10)]
    assert [line.entry for line in older] == [given]
    assert other == []
    assert _proof(database) == books.BookProof(2, 0, ())


def test_a_book_refuses_to_be_edited(database: Database) -> None:
    _post(database, _entry("e1", POOL, PEOPLE[0], 10))
    for change in (
        "UPDATE book_entries SET reason = 'better'",
        "UPDATE book_postings SET amount = 11 WHERE amount = 10",
        "DELETE FROM book_postings",
        "DELETE FROM book_entries",
    ):
        with pytest.raises(Conflict, match="not edited"), database.session() as session:
            session.execute(text(change))
    assert _proof(database).holds


def test_a_balance_that_was_tampered_with_is_found(database: Database) -> None:
    _post(database, _entry("e1", POOL, PEOPLE[0], 10))
    with database.session() as session:
        session.execute(text("UPDATE book_accounts SET balance = 99 WHERE balance = 10"))
    assert _proof(database).differences == (PEOPLE[0],)
    with database.session() as session:
        session.execute(text("INSERT INTO book_postings VALUES (1, 'person:cao', 5)"))
    assert _proof(database).differences == ("e1", PEOPLE[0], POOL)


def test_what_failed_leaves_nothing(database: Database) -> None:
    refused: list[tuple[Entry, type[GraphRiskError]]] = [
        (_entry("e1", PEOPLE[0], PEOPLE[1], 1), Conflict),
        (_entry("e1", PEOPLE[0], POOL, 1, reverses="e0"), NotFound),
    ]
    for entry, error in refused:
        with pytest.raises(error):
            _post(database, entry)
    assert _proof(database) == books.BookProof(0, 0, ())


def test_of_many_who_award_or_spend_at_once_the_rule_lets_one(database: Database) -> None:
    _post(database, _entry("first", POOL, PEOPLE[0], 10))
    given: list[str] = []
    begin = threading.Barrier(8)

    def book(number: int) -> None:
        begin.wait()
        for entry in (
            _entry(f"a{number}", POOL, PEOPLE[1], 5, Award("visit-1", "t1", "bert")),
            _entry(f"s{number}", PEOPLE[0], "shop:tea", 7),
            _entry(f"r{number}", PEOPLE[1], PEOPLE[2], 1),
        ):
            try:
                _post(database, entry)
            except Conflict:
                continue
            given.append(entry.entry_id[0])

    threads = [threading.Thread(target=book, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (given.count("a"), given.count("s")) == (1, 1)
    held = _balances(database)
    assert (held[POOL], held["shop:tea"], held[PEOPLE[0]]) == (-15, 7, 3)
    assert held[PEOPLE[1]] + held[PEOPLE[2]] == 5
    assert _proof(database).holds


class Booking(RuleBasedStateMachine):
    """The rows do what the pure ledger does, step by step."""

    database: Database
    _names = count()

    def __init__(self) -> None:
        super().__init__()
        self.book = f"book{next(self._names)}"
        self.model = Ledger()

    def _both(self, entry: Entry) -> None:
        try:
            fresh: bool | type[GraphRiskError] = self.model.post(entry)
        except GraphRiskError as error:
            fresh = type(error)
        try:
            with self.database.session() as session:
                kept: bool | type[GraphRiskError] = books.post(session, self.book, entry)
        except GraphRiskError as error:
            kept = type(error)
        assert kept == fresh

    @rule(
        giver=st.sampled_from(ACCOUNTS),
        taker=st.sampled_from(ACCOUNTS),
        amount=st.integers(-3, 20),
        name=st.integers(0, 12),
        task=st.none() | st.sampled_from("xy"),
    )
    def book_one(self, giver: str, taker: str, amount: int, name: int, task: str | None) -> None:
        award = None if task is None else Award("visit-1", task, taker)
        self._both(_entry(f"{self.book}-{name}", giver, taker, amount, award))

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data(), name=st.integers(0, 20), bent=st.booleans())
    def reverse(self, data: st.DataObject, name: int, bent: bool) -> None:
        held = data.draw(st.sampled_from(list(self.model.entries.values())))
        postings = held.postings if bent else mirrored(held.postings)
        self._both(Entry(f"{self.book}-{name}", postings, "chief", "wrong", 6, None, held.entry_id))

    @invariant()
    def balances_are_the_sums_of_their_entries_and_add_up_to_zero(self) -> None:
        with self.database.reading() as session:
            kept = {account: books.balance(session, self.book, account) for account in ACCOUNTS}
        assert sum(kept.values()) == 0
        assert all(held >= 0 for account, held in kept.items() if account != POOL)
        assert kept == {**dict.fromkeys(ACCOUNTS, 0), **self.model.balances}

    def teardown(self) -> None:
        with self.database.reading() as session:
            proof = books.prove(session, self.book)
        assert proof == books.BookProof(len(self.model.entries), 0, ())


def test_the_rows_follow_the_ledger_whatever_is_booked(database: Database) -> None:
    run_state_machine_as_test(
        type("BookingHere", (Booking,), {"database": database}),
        settings=settings(
            max_examples=effort(8, 2_000),
            stateful_step_count=effort(10, 50),
            deadline=None,
            phases=[Phase.generate, *([Phase.shrink] if LONG else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
