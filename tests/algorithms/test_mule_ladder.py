"""Ladders of layers are found with nobody's calls; takings passed on once and cycles are not."""

from __future__ import annotations

from itertools import pairwise

import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms import innocent, planted
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town, ordinary_town


@pytest.fixture
def town() -> tuple[Town, list[Citizen]]:
    return ordinary_town()


def _found(town: Town, **changes: float) -> list[Candidate]:
    thresholds = {**shipped_parameters().of("mule_ladder"), **changes}
    return FINDERS["mule_ladder"](**thresholds).run(town.graph())


def test_a_ladder_is_found_with_all_its_layers_and_payers_are_not_accused(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    innocent.market_stall(city, citizens)
    innocent.payroll(city, citizens)
    ladder = planted.plant_ladder(city, citizens)
    (found,) = _found(city)
    roles = dict(zip(found.members.tolist(), found.roles, strict=True))
    assert {nid for nid, role in roles.items() if role == "mule"} == ladder
    honest = {nid for one in citizens for nid in (one.person, one.account)}
    payers = {nid for nid, role in roles.items() if role == "payer"}
    assert len(payers) == 20
    assert payers <= honest
    assert {clue.code for clue in found.clues} == {"passes_on", "passed_again"}


def test_takings_that_are_passed_on_once_are_no_ladder(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    planted.plant_ladder(city, citizens, layers=1)
    first, behind, last = (city.citizen() for _ in range(3))
    for number in range(20):
        at = START + (number + 1) * DAY
        city.pay(citizens[number].account, first.account, 9_000, at)
        city.pay(first.account, behind.account, 4_400, at + HOUR)
        city.pay(first.account, citizens[100].account, 4_400, at + HOUR)
        if number == 0:
            city.pay(behind.account, last.account, 4_300, at + 2 * HOUR)
    assert _found(city) == []
    assert _found(city, again_surprise=-1.0, mule_surprise=0.5)


def test_a_chain_without_branches_is_no_ladder(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    chain = [city.citizen() for _ in range(4)]
    for number in range(9):
        at = START + (number + 2) * 2 * DAY
        city.pay(citizens[3 * number].account, chain[0].account, 9_000, at)
        for step, (payer, payee) in enumerate(pairwise(chain)):
            city.pay(payer.account, payee.account, 8_900 - 100 * step, at + (step + 1) * HOUR)
    assert _found(city) == []


def test_money_that_rests_between_the_layers_shows_no_ladder(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    planted.plant_ladder(city, citizens)
    assert _found(city, pass_hours=0.5) == []
