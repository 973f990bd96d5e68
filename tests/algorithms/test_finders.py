"""Each finder finds what is planted and nothing among what only looks like it."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms import innocent, planted
from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town, ordinary_town, resolved


def _found(name: str, graph: RiskGraph) -> list[Candidate]:
    return FINDERS[name](**shipped_parameters().of(name)).run(graph)


def _overlap(candidate: Candidate, nodes: set[int], without: str = "") -> float:
    roles = zip(candidate.members.tolist(), candidate.roles, strict=True)
    members = {nid for nid, role in roles if role != without}
    return len(members & nodes) / len(members | nodes)


def _shuffled(graph: RiskGraph, seed: int) -> RiskGraph:
    """The ends of each kind's edges dealt anew: degrees stay, structure goes."""
    rng = np.random.default_rng(seed)
    edges = {
        kind: EdgeColumns(old.eid, old.src, rng.permutation(old.dst), old.columns)
        for kind, old in graph.edges.items()
    }
    return RiskGraph(graph.n, graph.nodes, edges)


@pytest.fixture
def town() -> tuple[Town, list[Citizen]]:
    return ordinary_town()


def test_everyday_life_holds_no_ring(town: tuple[Town, list[Citizen]]) -> None:
    graph = town[0].graph()
    assert {name: _found(name, graph) for name in FINDERS} == {name: [] for name in FINDERS}


def test_what_only_looks_like_a_ring_is_not_found(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    innocent.payroll(city, citizens)
    innocent.courier(city, citizens)
    innocent.savings_club(city, citizens)
    innocent.family(city)
    innocent.courier_firm(city)
    innocent.market_stall(city, citizens)
    innocent.treasury(city, citizens)
    innocent.red_packets(city, citizens)
    innocent.seasonal_workers(city, citizens)
    innocent.wedding(city, citizens)
    graph = city.graph()
    assert {name: _found(name, graph) for name in FINDERS} == {name: [] for name in FINDERS}


def test_a_scam_cell_is_found_with_its_callers_and_mules(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    innocent.courier(city, citizens)
    innocent.market_stall(city, citizens)
    offenders = planted.plant_scam_cell(city, citizens)
    found = _found("scam_cell", city.graph())
    assert _overlap(found[0], offenders, without="victim") >= 0.5
    assert len(found) == 1
    assert {clue.code for clue in found[0].clues} >= {"called_before_paying", "passes_on"}


def test_who_was_called_and_paid_is_a_victim_with_account_and_person(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    offenders = planted.plant_scam_cell(city, citizens)
    (found,) = _found("scam_cell", city.graph())
    roles = dict(zip(found.members.tolist(), found.roles, strict=True))
    honest = {nid for one in citizens for nid in (one.person, one.account, one.phone)}
    victims = {nid for nid, role in roles.items() if role == "victim"}
    assert victims == honest & roles.keys()
    assert sorted(city.kinds[nid][0] for nid in victims) == sorted(
        kind for kind in ("Account", "Person", "Phone") for _ in range(len(victims) // 3)
    )
    assert not victims & offenders


def test_a_ladder_that_hardly_anybody_was_called_for_is_no_scam_cell(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    caller = city.node("Phone", scam_listed_at=START)
    mule, behind = city.citizen(), city.citizen()
    for number, payer in enumerate(citizens[:40]):
        at = START + (number % 25 + 1) * DAY + 12 * HOUR
        if number == 0:
            city.call(caller, payer.phone, at - HOUR, 1_800)
        city.pay(payer.account, mule.account, 9_000, at)
        city.pay(mule.account, behind.account, 8_900, at + HOUR)
    assert _found("scam_cell", city.graph()) == []


def test_one_victim_of_two_cells_does_not_make_them_one(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    cells = [planted.plant_scam_cell(city, citizens[half::2], seed=half + 5) for half in (0, 1)]
    both = citizens[0]
    for number, cell in enumerate(cells):
        at = START + 5 * DAY + (11 + 2 * number) * HOUR
        phone = next(nid for nid in sorted(cell) if city.kinds[nid][0] == "Phone")
        mule = _first_mule(city, cell)
        city.call(phone, both.phone, at, 1_800)
        city.pay(both.account, mule, 60_000, at + HOUR // 2)
        city.pay(mule, _last_mule(city, cell), 58_500, at + HOUR)
    found = _found("scam_cell", city.graph())
    assert len(found) == 2
    assert all(max(_overlap(one, cell, without="victim") for one in found) >= 0.5 for cell in cells)


def _first_mule(town: Town, cell: set[int]) -> int:
    return next(nid for nid in sorted(cell) if town.kinds[nid][0] == "Account")


def _last_mule(town: Town, cell: set[int]) -> int:
    return next(nid for nid in sorted(cell, reverse=True) if town.kinds[nid][0] == "Account")


def test_a_laundering_cycle_is_found_beside_a_savings_club(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    innocent.savings_club(city, citizens)
    accounts = planted.plant_cycle(city, citizens)
    found = _found("laundering_cycle", city.graph())
    assert len(found) == 1
    assert _overlap(found[0], accounts) >= 0.5
    assert dict(found[0].clues[-1].values) or found[0].evidence.size


def test_a_club_that_meets_daily_is_told_from_a_ring_by_everybody_paying_everybody(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    innocent.savings_club(city, citizens, every=1)
    graph, thresholds = city.graph(), shipped_parameters().of("laundering_cycle")
    assert FINDERS["laundering_cycle"](**thresholds).run(graph) == []
    loose = {**thresholds, "club_density": 9.0}
    assert len(FINDERS["laundering_cycle"](**loose).run(graph)) == 1


@pytest.mark.parametrize("plant", [planted.plant_scatter_gather, planted.plant_stack])
def test_a_flow_that_parts_and_meets_again_is_found_beside_a_payroll(
    plant: Callable[[Town, list[Citizen]], set[int]], town: tuple[Town, list[Citizen]]
) -> None:
    city, citizens = town
    innocent.payroll(city, citizens)
    innocent.seasonal_workers(city, citizens)
    suspects = plant(city, citizens)
    (found,) = _found("laundering_flow", city.graph())
    assert _overlap(found, suspects, without="payer") >= 0.8
    assert {clue.code for clue in found.clues} == {"meets_again", "passes_on"}


def test_who_only_pays_into_a_flow_is_no_suspect(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    planted.plant_scatter_gather(city, citizens)
    (found,) = _found("laundering_flow", city.graph())
    roles = dict(zip(found.members.tolist(), found.roles, strict=True))
    source = citizens[50]
    assert (roles[source.account], roles[source.person]) == ("payer", "payer")
    assert (roles[citizens[57].account], roles[citizens[51].account]) == ("collector", "passer")


def test_money_that_rests_for_a_day_is_no_flow(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    planted.plant_scatter_gather(city, citizens, hours=26.0)
    assert _found("laundering_flow", city.graph()) == []


def test_what_is_sent_to_ones_own_other_account_is_no_flow(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    boss, *staff = citizens[50:57]
    for lap in range(2):
        for number, one in enumerate(staff):
            at = START + (4 + 9 * lap) * DAY + 9 * HOUR + number * HOUR // 4
            city.pay(boss.account, one.account, 8_000, at)
            city.pay(one.account, citizens[57].account, 7_900, at + HOUR)
    assert len(_found("laundering_flow", city.graph())) == 1
    city.edges["HOLDS"] = [
        (eid, boss.person if dst == citizens[57].account else src, dst, columns)
        for eid, src, dst, columns in city.edges["HOLDS"]
    ]
    assert _found("laundering_flow", city.graph()) == []


def test_an_identity_ring_is_found_beside_a_family(town: tuple[Town, list[Citizen]]) -> None:
    city, _ = town
    innocent.family(city)
    ring = planted.plant_identity_ring(city)
    found = _found("identity_ring", city.graph())
    assert len(found) == 1
    assert _overlap(found[0], ring, without="item") == 1.0


def test_one_person_who_stands_in_the_registers_again_and_again_is_found(
    town: tuple[Town, list[Citizen]],
) -> None:
    city, citizens = town
    ring = planted.plant_identity_ring(city)
    graph = city.graph()
    same_as = np.arange(graph.n)
    persons = sorted(node for node in ring if city.kinds[node][0] == "Person")
    same_as[persons] = persons[0]
    same_as[citizens[1].person] = citizens[0].person  # somebody whom a register knows twice
    found = _found("identity_ring", resolved(graph, same_as))
    assert len(found) == 1
    assert _overlap(found[0], {persons[0], *(ring - set(persons))}, without="item") == 1.0
    (clue,) = [clue for clue in found[0].clues if clue.code == "many_records"]
    assert (clue.values["records"], clue.values["persons"]) == (5, 1)
    mine = next(dst for _, src, dst, _ in city.edges["OWNS_PHONE"] if src == persons[2])
    for one in (*persons, citizens[1].person):
        city.edge("NAMES_CONTACT", one, mine)
    (told,) = _found("identity_ring", resolved(city.graph(), same_as))
    (clue,) = [clue for clue in told.clues if clue.code == "own_contact"]
    assert (clue.values["own"], clue.values["named"]) == (5, 5), "names himself under other names"
    same_as[persons[2:]] = persons[2:]
    two = _found("identity_ring", resolved(graph, same_as))
    assert [len(one.clues) for one in two] == [4], "and where some of his records stand apart"


def test_edges_dealt_anew_hold_no_ring(town: tuple[Town, list[Citizen]]) -> None:
    city, citizens = town
    planted.plant_scam_cell(city, citizens)
    planted.plant_cycle(city, citizens)
    planted.plant_scatter_gather(city, citizens)
    planted.plant_identity_ring(city)
    graph = _shuffled(city.graph(), 1)
    assert {name: _found(name, graph) for name in FINDERS} == {name: [] for name in FINDERS}


def test_a_fan_in_is_found_where_transfers_are_all_there_is() -> None:
    town, ring = planted.ledger_town()
    found = _found("fan_in", town.graph())
    assert len(found) == 1
    assert _overlap(found[0], ring) >= 0.8
    roles = dict(zip(found[0].members.tolist(), found[0].roles, strict=True))
    assert [nid for nid, role in roles.items() if role == "collector"] == [0]


def test_a_fan_in_says_nothing_where_calls_are_known() -> None:
    town, _ = planted.ledger_town()
    town.call(town.node("Phone"), town.node("Phone"), 0)
    assert _found("fan_in", town.graph()) == []


def test_a_close_group_is_found_where_ties_are_all_there_is() -> None:
    town, group = planted.ties_town()
    found = _found("covert_group", town.graph())
    assert _overlap(found[0], group) >= 0.8


def test_a_close_group_says_nothing_where_money_is_known() -> None:
    town, _ = planted.ties_town()
    town.pay(town.node("Account"), town.node("Account"), 5, 0)
    assert _found("covert_group", town.graph()) == []


def test_ties_at_random_hold_no_close_group() -> None:
    rng = random.Random(1)
    town = Town()
    persons = [town.node("Person") for _ in range(100)]
    for _ in range(300):
        town.edge("ASSOCIATED_WITH", *rng.sample(persons, 2))
    assert _found("covert_group", town.graph()) == []
