"""Who uses which device, and who is a strange guest on it."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.evidence.device_use import Usual, device_use, sharing_groups
from graphrisk_algorithms.kernels.joins import entries_of, groups_of
from graphrisk_algorithms.kernels.pairs import pair_graph
from tests.algorithms.towns import Town


def _town() -> tuple[Town, dict[str, int], int]:
    """A family of three on one tablet, one of them without a handset, and a guest from afar."""
    town = Town()
    here, there, tablet = town.node("GridCell"), town.node("GridCell"), town.node("Device")
    people = {}
    for name, cell in (("father", here), ("mother", here), ("child", here), ("guest", there)):
        citizen = town.citizen("王" + name, 1980, cell)
        town.edge("USES_DEVICE", citizen.account, tablet)
        people[name] = citizen.person
        if name in ("father", "mother"):
            town.edge("USES_DEVICE", citizen.phone, town.node("Device"))
    return town, people, tablet


def test_use_is_joined_through_what_a_person_holds() -> None:
    town, people, tablet = _town()
    use = device_use(town.graph())
    assert sorted(use.holder[use.device == tablet].tolist()) == sorted(people.values())
    assert len(use) == 6


def test_only_the_guest_from_afar_without_a_device_of_his_own_is_strange() -> None:
    town, people, _ = _town()
    graph = town.graph()
    usual = Usual.of(graph, device_use(graph))
    assert np.flatnonzero(usual.is_strange).tolist() == [people["guest"]]
    assert usual.sharers == 4
    assert usual.strange(guests=1, holders=4) == 0.5
    assert usual.strange(guests=0, holders=0) == 2 / 6


def test_a_device_of_many_holders_joins_nobody() -> None:
    town, _, tablet = _town()
    use = device_use(town.graph())
    assert tablet in use.without_hubs(4).device
    assert tablet not in use.without_hubs(3).device


def test_groups_have_as_many_different_holders_as_asked_for() -> None:
    labels, holder = np.array([0, 0, 0, 1, 1, 1]), np.array([5, 6, 6, 7, 8, 9])
    once = np.ones(10, np.int64)
    assert [rows.tolist() for rows in sharing_groups(labels, holder, once, 3, 9)] == [[3, 4, 5]]
    assert [rows.tolist() for rows in sharing_groups(labels, holder, once, 2, 2)] == [[0, 1, 2]]
    once[5] = 4
    found = sharing_groups(labels, holder, once, 5, 9)
    assert [rows.tolist() for rows in found] == [[0, 1, 2]], "one holder stands there four times"


def test_pairs_weigh_by_the_logarithm_of_their_edges() -> None:
    town = Town()
    left, right = town.node("Phone"), town.node("Phone")
    for _ in range(3):
        town.edge("ASSOCIATED_WITH", left, right)
    town.edge("ASSOCIATED_WITH", right, left)
    town.edge("ASSOCIATED_WITH", left, left)
    view = pair_graph(town.graph())
    index, other, _ = entries_of(view, np.array([right, left]))
    assert index.tolist() == [0, 1]
    assert other.tolist() == [left, right]
    assert view.weights.tolist() == [np.log2(5.0)] * 2
    assert groups_of(np.empty(0, np.int64)) == []
