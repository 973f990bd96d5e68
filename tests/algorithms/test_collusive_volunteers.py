"""Farmers of points are found among volunteers who help; friends who help together are not."""

from __future__ import annotations

import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms.towns import Citizen, Town, ordinary_town
from tests.algorithms.volunteering import (
    Roll,
    everyday_volunteers,
    plant_collusive_volunteers,
    race,
    task_team,
)


@pytest.fixture
def town() -> tuple[Town, list[Citizen], Roll]:
    town, citizens = ordinary_town(people=120)
    return town, citizens, everyday_volunteers(town, citizens[:60])


def _found(town: Town, **changes: float) -> list[Candidate]:
    thresholds = {**shipped_parameters().of("collusive_volunteers"), **changes}
    return FINDERS["collusive_volunteers"](**thresholds).run(town.graph())


def test_volunteers_who_help_each_by_himself_are_not_found(
    town: tuple[Town, list[Citizen], Roll],
) -> None:
    assert _found(town[0]) == []


def test_friends_who_help_together_and_races_are_not_found(
    town: tuple[Town, list[Citizen], Roll],
) -> None:
    city, citizens, roll = town
    task_team(roll, citizens[60:])
    race(roll, citizens[66:])
    assert _found(city) == []
    assert _found(city, crowd=1_000), "a race alone would be taken for a ring"


def test_farmers_of_points_are_found_beside_a_team(town: tuple[Town, list[Citizen], Roll]) -> None:
    city, citizens, roll = town
    task_team(roll, citizens[60:])
    farmers = plant_collusive_volunteers(roll, citizens[70:])
    (found,) = _found(city)
    assert set(found.members.tolist()) == farmers
    assert {clue.code: clue.values.get("torn") for clue in found.clues} == {
        "grabs_together": None,
        "in_two_places": 35,
        "brought_by_members": None,
    }
    roles = dict(zip(found.members.tolist(), found.roles, strict=True))
    first = citizens[70].person
    assert {nid for nid, role in roles.items() if role == "core"} == {
        first,
        min(farmers - _persons(citizens)),
    }


def _persons(citizens: list[Citizen]) -> set[int]:
    return {citizen.person for citizen in citizens}


def test_evidence_are_the_grabs_made_together_and_who_stands_behind_them(
    town: tuple[Town, list[Citizen], Roll],
) -> None:
    city, citizens, roll = town
    before = city.eids
    plant_collusive_volunteers(roll, citizens[70:])
    alone = roll.grab(roll.volunteers[-1], roll.task(0, 0), 0)
    (found,) = _found(city)
    grabs = {eid for eid, *_ in city.edges["GRABBED"] if before <= eid < alone}
    told = set(found.evidence.tolist())
    assert told & {eid for eid, *_ in city.edges["GRABBED"]} == grabs
    assert len(told - grabs) == 5 + 4  # on the roll, and brought


@pytest.mark.parametrize("changes", [{"apart": False}, {"within": 900}])
def test_one_place_or_many_minutes_accuse_nobody(
    changes: dict[str, int], town: tuple[Town, list[Citizen], Roll]
) -> None:
    city, citizens, roll = town
    plant_collusive_volunteers(roll, citizens[70:], **changes)  # type: ignore[arg-type]
    assert _found(city) == []
