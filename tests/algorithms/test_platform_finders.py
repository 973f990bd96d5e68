"""Fake bids and fundraising are found by their books and their money; honest lenders are not."""

from __future__ import annotations

import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms.platforms import honest_lender, plant_fake_bids, plant_fundraising
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town, ordinary_town


@pytest.fixture
def town() -> tuple[Town, list[Citizen]]:
    """A town with two honest lenders."""
    town, citizens = ordinary_town()
    for seed in (8, 9):
        honest_lender(town, citizens, seed)
    return town, citizens


def _found(name: str, town: Town) -> list[Candidate]:
    return FINDERS[name](**shipped_parameters().of(name)).run(town.graph())


def _suspects(candidate: Candidate) -> set[int]:
    roles = zip(candidate.members.tolist(), candidate.roles, strict=True)
    return {nid for nid, role in roles if role != "victim"}


def test_honest_lenders_are_not_found(town: tuple[Town, list[Citizen]]) -> None:
    graph = town[0].graph()
    for name, finder in FINDERS.items():
        assert finder(**shipped_parameters().of(name)).run(graph) == [], name


@pytest.mark.parametrize("at_home", [False, True])
def test_invented_borrowers_are_found_with_bids_platform_and_who_takes_the_money(
    at_home: bool, town: tuple[Town, list[Citizen]]
) -> None:
    offenders = plant_fake_bids(*town, at_home=at_home)
    (found,) = _found("fake_bids", town[0])
    assert _suspects(found) == offenders
    assert {clue.code for clue in found.clues} == {"unbooked", "borrowers_share"}


def test_a_family_of_borrowers_whom_the_custodian_knows_is_not_found(
    town: tuple[Town, list[Citizen]],
) -> None:
    plant_fake_bids(*town, booked=True)
    assert _found("fake_bids", town[0]) == []


def test_borrowers_who_share_nothing_are_no_fake_bids_whatever_the_books_say(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    lending = honest_lender(city, citizens, 11)
    for borrower in citizens[:6]:
        bid = lending.bid(borrower.person)
        for number, lender in enumerate(citizens[20:24]):
            lending.lend(bid, lender, 1_000 + number, START + 5 * DAY, booked=False)
    assert _found("fake_bids", city) == []


def test_a_scheme_is_found_with_its_promoters_and_investors_are_victims(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    offenders = plant_fundraising(city, citizens)
    (found,) = _found("fundraising", city)
    assert _suspects(found) == offenders
    victims = {n for n, role in zip(found.members, found.roles, strict=True) if role == "victim"}
    honest = {nid for one in citizens for nid in (one.person, one.account)}
    assert len(victims) == 80
    assert victims <= honest
    assert {clue.code for clue in found.clues} == {
        "unbooked",
        "pays_from_deposits",
        "returns_on_deposit",
        "brought_in",
        "stalled",
    }
    (clue,) = (clue for clue in found.clues if clue.code == "pays_from_deposits")
    assert (clue.values["payouts"], clue.values["unearned"]) == (30, 30)
    assert float(clue.values["usual"]) < 0.1, "what borrowers were lent is no payout"


@pytest.mark.parametrize(("hours", "brings"), [(3.0, True), (24.0 * 20, False)])
def test_who_is_paid_by_the_till_and_knows_investors_is_a_promoter_only_if_he_brought_them(
    town: tuple[Town, list[Citizen]], hours: float, brings: bool
) -> None:
    """A caretaker of the firm has friends among the investors, whom he called at other times."""
    city, citizens = town
    offenders = plant_fundraising(city, citizens)
    caretaker = city.citizen()
    till = max(nid for nid in offenders if city.kinds[nid][0] == "Account" and _takes(city, nid))
    for week in range(3):
        city.pay(till, caretaker.account, 300, START + (5 + 7 * week) * DAY)
    phone_of = {one.account: one.phone for one in citizens}
    deposits = [row for row in city.edges["TRANSFERRED"] if row[2] == till and row[1] in phone_of]
    for _, investor, _, columns in deposits[:3]:
        city.call(caretaker.phone, phone_of[investor], int(columns["at"] - hours * HOUR), 200)
    (found,) = _found("fundraising", city)
    assert (caretaker.person in _suspects(found)) is brings


def _takes(city: Town, account: int) -> bool:
    """Whether forty or more payments went into the account."""
    return sum(row[2] == account for row in city.edges["TRANSFERRED"]) >= 40


@pytest.mark.parametrize("changes", [{"booked": True}, {"back": 0.01}])
def test_booked_contracts_or_interest_alone_are_no_scheme(
    changes: dict[str, float], town: tuple[Town, list[Citizen]]
) -> None:
    plant_fundraising(*town, **changes)  # type: ignore[arg-type]
    assert _found("fundraising", town[0]) == []
