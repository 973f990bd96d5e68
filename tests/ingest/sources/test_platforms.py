"""A platform's two sets of books: who lent what to whom, and what the custodian saw of it."""

from __future__ import annotations

from tests.ingest.factory import Desk
from tests.ingest.sources.firms import FIRM, MANAGER
from tests.ingest.sources.platforms import SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, ties, told


def test_a_platform_has_an_operator_and_where_it_lends_a_custodian_account(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    assert ends(any_desk, "Company", MANAGER, "OPERATES") == {"PT1", "PT2"}
    assert ends(any_desk, "Account", "6229990001", "CUSTODY_OF") == {"PT1"}
    assert told(any_desk, "Platform", "PT1")["trade"] == "lending"
    assert told(any_desk, "Platform", "PT2")["trade"] == "wealth management"


def test_a_bid_has_its_borrower_and_its_lenders_contracts(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    assert ends(any_desk, "Bid", "BD1", "PART_OF") == {"PT1"}
    assert ends(any_desk, "Contract", "HT1", "PART_OF") == {"BD1"}
    assert ends(any_desk, "Person", "P1", "BORROWED") == {"BD1"}
    assert ends(any_desk, "Company", FIRM, "BORROWED") == {"BD2"}
    assert ends(any_desk, "Person", "P2", "INVESTS_IN") == {"HT1"}
    contract = told(any_desk, "Contract", "HT2")
    assert (contract["amount"], contract["signed_at"]) == (15_000_00, local("2016-09-01T10:30"))


def test_the_books_and_the_custodians_statement_can_be_held_against_each_other(
    any_desk: Desk,
) -> None:
    deliver(any_desk, SAMPLES)
    (repaid,) = ties(any_desk, "Bid", "BD1", "REPAID")
    lent, back = ties(any_desk, "Account", "6220002", "SETTLED")
    assert (lent["entry"], lent["amount"]) == ("lend", 5_000_00)
    assert (back["entry"], back["amount"], back["dst"]) == (
        *("repay", repaid["amount"], repaid["dst"]),
    )
    assert back["at"] - repaid["at"] == 5 * 60_000
