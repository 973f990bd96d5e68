"""Circles that hide are found among people who use two numbers and meet; kin and firms are not."""

from __future__ import annotations

import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms import covert
from tests.algorithms.towns import Citizen, Town


@pytest.fixture
def town() -> tuple[Town, list[Citizen]]:
    return covert.town_of_two_numbers()


def _found(town: Town, **changes: float) -> list[Candidate]:
    thresholds = {**shipped_parameters().of("covert_cell"), **changes}
    return FINDERS["covert_cell"](**thresholds).run(town.graph())


def _overlap(candidate: Candidate, nodes: set[int]) -> float:
    members = set(candidate.members.tolist())
    return len(members & nodes) / len(members | nodes)


def test_people_with_two_numbers_who_meet_friends_are_no_cell(
    town: tuple[Town, list[Citizen]],
) -> None:
    assert _found(town[0]) == []


def test_a_cell_on_second_numbers_is_found_with_owners_and_accounts(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    cell = covert.plant_burner_cell(city, citizens)
    (found,) = _found(city)
    assert _overlap(found, cell) >= 0.8
    (clue,) = found.clues
    assert clue.code == "circle_keeps_to_itself"
    assert float(clue.values["share"]) > 20 * float(clue.values["usual"])
    assert int(clue.values["second"]) > 0.8 * int(clue.values["numbers"])
    roles = dict(zip(found.members.tolist(), found.roles, strict=True))
    core = {nid for nid, role in roles.items() if role == "core"}
    assert {city.kinds[nid][0] for nid in core} == {"Person", "Phone"}
    assert len(core) == 2, "the star's centre and his number"


def test_a_cell_on_everyday_numbers_is_found_when_it_was_seen_meeting(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    cell = covert.plant_watched_cell(city, citizens)
    (found,) = _found(city)
    assert _overlap(found, cell) >= 0.6
    assert {clue.code for clue in found.clues} == {"circle_keeps_to_itself", "seen_meeting"}


def test_nobody_saw_it_nobody_knows(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    covert.plant_watched_cell(city, citizens, seen=0)
    assert _found(city) == []


def test_pairs_seen_meeting_by_which_a_circle_is_found_do_not_speak_against_it(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    covert.plant_watched_cell(city, citizens, seen=1)
    assert _found(city) == []
    assert _found(city, second_share=0.0), "it keeps to itself, but on everyday numbers"


def test_kin_are_told_by_their_homes(town: tuple[Town, list[Citizen]]) -> None:
    city, _ = town
    covert.kin_with_two_numbers(city)
    assert _found(city) == []
    assert _found(city, homes=0.0)


def test_a_firms_lines_and_their_customers_are_no_circle_of_second_numbers(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    covert.service_line(city, citizens)
    assert _found(city) == []


def test_workers_who_came_with_a_new_number_hide_nothing(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    covert.newcomers(city, citizens)
    assert _found(city) == []
    covert.newcomers(city, citizens, numbers=2)
    assert _found(city), "the same on numbers beside their everyday ones"


def test_evidence_are_the_ties_among_members(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    covert.plant_burner_cell(city, citizens)
    graph = city.graph()
    (found,) = FINDERS["covert_cell"](**shipped_parameters().of("covert_cell")).run(graph)
    members, told = set(found.members.tolist()), set(found.evidence.tolist())
    for kind in ("CALLED", "OWNS_PHONE", "HOLDS", "TRANSFERRED"):
        edges = graph.edges[kind]
        rows = zip(edges.eid.tolist(), edges.src.tolist(), edges.dst.tolist(), strict=True)
        among = {eid for eid, src, dst in rows if {src, dst} <= members}
        assert among
        assert among <= told
        told -= among
    assert not told
