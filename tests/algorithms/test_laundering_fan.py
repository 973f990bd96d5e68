"""Fans of money in step are found; wages, labour, prices and people who know each other are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms import innocent, planted
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town, ordinary_town

Plant = Callable[[Town, list[Citizen]], set[int]]


@pytest.fixture
def town() -> tuple[Town, list[Citizen]]:
    return ordinary_town()


def _found(town: Town, **changes: float) -> list[Candidate]:
    thresholds = {**shipped_parameters().of("laundering_fan"), **changes}
    return FINDERS["laundering_fan"](**thresholds).run(town.graph())


@pytest.mark.parametrize(
    ("plant", "roles"),
    [
        (planted.plant_fan, {"feeder": 7, "collector": 1, "holder": 8}),
        (partial(planted.plant_fan, into=False), {"feeder": 1, "collector": 7, "holder": 8}),
        (planted.plant_bipartite, {"feeder": 4, "collector": 4, "holder": 8}),
    ],
)
def test_a_fan_is_found_whole_beside_honest_business(
    plant: Plant, roles: dict[str, int], town: tuple[Town, list[Citizen]]
) -> None:
    city, citizens = town
    for business in (innocent.payroll, innocent.market_stall, innocent.seasonal_workers):
        business(city, citizens)
    suspects = plant(city, citizens)
    (found,) = _found(city)
    assert set(found.members.tolist()) == suspects
    assert {role: found.roles.count(role) for role in sorted(set(found.roles))} == roles
    (clue,) = found.clues
    assert clue.values["transfers"] == len(
        [
            eid
            for eid in found.evidence.tolist()
            if eid in {row[0] for row in city.edges["TRANSFERRED"]}
        ]
    )
    assert float(clue.values["usual"]) < 0.25


@pytest.mark.parametrize(
    ("business", "doubtful"),
    [
        (innocent.day_labour, partial(innocent.day_labour, days=(2, 7, 11, 18))),
        (
            partial(innocent.day_labour, days=(2, 12, 22, 32)),
            partial(innocent.day_labour, days=(2, 13, 22, 34)),
        ),
        (innocent.piece_work, partial(innocent.piece_work, calls=False)),
        (innocent.group_buy, partial(innocent.group_buy, priced=False)),
    ],
)
def test_what_tells_honest_business_is_what_it_is_left_out_for(
    business: Callable[[Town], None],
    doubtful: Callable[[Town], None],
    town: tuple[Town, list[Citizen]],
) -> None:
    city, _ = town
    business(city)
    assert _found(city) == []
    doubtful(city)
    assert len(_found(city)) == 1, "without it nobody could tell the difference"


def test_a_cycle_has_no_fan(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    ring = [citizen.account for citizen in citizens[1:114:16]]
    for day in (4, 8, 13):
        for place, account in enumerate(ring):
            yuan, at = 9_000 + 100 * day - place, START + day * DAY + place * HOUR
            city.pay(account, ring[(place + 1) % 8], yuan, at)
    assert _found(city) == []
    assert _found(city, least_fan=1)
