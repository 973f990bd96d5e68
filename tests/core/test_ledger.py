"""Double entry without a store: what an entry is, and what the book refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphrisk.core.errors import BadInput, Conflict, GraphRiskError, NotFound
from graphrisk.core.ledger import LARGEST, Award, Entry, Ledger, Posting, imbalances, replay

POOL, ANNA, BERT = "pool:city", "person:anna", "person:bert"


def booked(
    number: str,
    *moves: tuple[str, int],
    award: Award | None = None,
    reverses: str | None = None,
) -> Entry:
    postings = tuple(Posting(account, amount) for account, amount in moves)
    return Entry(number, postings, "clerk", "a visit", 7, award, reverses)


GIVEN = booked("e1", (POOL, -10), (ANNA, 10), award=Award("visit-1", "t1", "anna"))


def test_an_award_moves_points_from_the_pool_and_all_adds_up_to_zero() -> None:
    ledger = Ledger()
    assert ledger.post(GIVEN)
    assert ledger.balances == {POOL: -10, ANNA: 10}
    assert replay(ledger.entries.values()) == ledger


def test_the_same_booking_again_changes_nothing_whenever_it_comes() -> None:
    ledger = replay([GIVEN])
    assert not ledger.post(replace(GIVEN, at=99, postings=GIVEN.postings[::-1]))
    assert ledger == replay([GIVEN])


@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        (replace(GIVEN, reason="another"), Conflict),
        (replace(GIVEN, entry_id="e2"), Conflict),  # the same award once more
        (booked("e2", (ANNA, -11), (BERT, 11)), Conflict),  # anna has 10
        (booked("e2", (POOL, 10), (ANNA, -10), reverses="e9"), NotFound),
        (booked("e2", (POOL, 9), (ANNA, -9), reverses="e1"), Conflict),
        (booked("e2", (POOL, -10), (ANNA, 9)), BadInput),
        (booked("e2", (POOL, 10)), BadInput),
        (booked("e2", (ANNA, 10), (ANNA, -10)), BadInput),
        (booked("e2", (POOL, 0), (ANNA, 0)), BadInput),
        (booked("e2", (POOL, -LARGEST - 1), (ANNA, LARGEST + 1)), BadInput),
        (booked("e2", (POOL, -LARGEST), (ANNA, LARGEST)), Conflict),
        (booked("e2", ("anna", -1), (POOL, 1)), BadInput),
        (booked("e2", ("king:anna", -1), (POOL, 1)), BadInput),
        (replace(GIVEN, entry_id="e2", author=" "), BadInput),
        (
            booked("e2", (POOL, 10), (ANNA, -10), award=Award("r", "t", "p"), reverses="e1"),
            BadInput,
        ),
    ],
)
def test_what_is_refused_leaves_the_book_as_it_was(
    entry: Entry, refused: type[GraphRiskError]
) -> None:
    ledger = replay([GIVEN])
    with pytest.raises(refused):
        ledger.post(entry)
    assert ledger == replay([GIVEN])


def test_an_entry_is_reversed_once_and_a_reversal_can_be_reversed_itself() -> None:
    back = booked("e2", (ANNA, -10), (POOL, 10), reverses="e1")
    ledger = replay([GIVEN, back])
    assert ledger.balances == {POOL: 0, ANNA: 0}
    with pytest.raises(Conflict, match="reversed before"):
        ledger.post(replace(back, entry_id="e3"))
    ledger.post(booked("e3", (POOL, -10), (ANNA, 10), reverses="e2"))
    assert ledger.balances[ANNA] == 10


def test_what_was_spent_cannot_be_taken_back() -> None:
    ledger = replay([GIVEN, booked("e2", (ANNA, -4), ("shop:tea", 4))])
    with pytest.raises(Conflict, match="below 0"):
        ledger.post(booked("e3", (ANNA, -10), (POOL, 10), reverses="e1"))


def test_books_that_differ_are_told_by_account() -> None:
    assert imbalances({POOL: -1, ANNA: 1}, {POOL: -1, BERT: 0, ANNA: 2}) == [ANNA]
