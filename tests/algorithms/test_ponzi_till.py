"""Schemes without a contract book are found once they stall; banks, clubs and shops are not."""

from __future__ import annotations

import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms.platforms import plant_ponzi
from tests.algorithms.towns import Citizen, Town, ordinary_town


@pytest.fixture
def town() -> tuple[Town, list[Citizen]]:
    return ordinary_town()


def _found(town: Town, **changes: float) -> list[Candidate]:
    thresholds = {**shipped_parameters().of("ponzi_till"), **changes}
    return FINDERS["ponzi_till"](**thresholds).run(town.graph())


def test_a_scheme_that_stalled_is_found_and_who_paid_in_is_a_victim(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    head, victims = plant_ponzi(city, citizens)
    (found,) = _found(city)
    roles = dict(zip(found.members.tolist(), found.roles, strict=True))
    assert {nid for nid, role in roles.items() if role == "backer"} == {head.person, head.account}
    assert {nid for nid, role in roles.items() if role == "victim"} == victims
    assert {clue.code for clue in found.clues} == {"returns_on_deposit", "stalled"}


@pytest.mark.parametrize(
    "honest",
    [{"keeps": True}, {"flees": False}, {"rate": 0.0}, {"until": 29}],
    ids=["pays everybody back", "still has the money", "no regular return", "goes on"],
)
def test_what_tells_honest_business_is_what_it_is_left_out_for(
    town: tuple[Town, list[Citizen]], honest: dict[str, float]
) -> None:
    city, citizens = town
    plant_ponzi(city, citizens, **honest)  # type: ignore[arg-type]
    assert _found(city) == []


def test_what_takes_in_the_contracts_of_a_platform_is_left_to_the_other_finder(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    plant_ponzi(city, citizens, on_books=True)
    assert _found(city) == []
    assert _found(city, least_contracts=999), "it is the book that makes the difference"


def test_everyday_life_has_no_such_till(town: tuple[Town, list[Citizen]]) -> None:
    assert _found(town[0]) == []
