"""Contacts, and circles among them, against what can be counted number by number."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from graphrisk_algorithms.evidence.circles import Contacts
from graphrisk_algorithms.kernels.circles import Search
from tests.algorithms.towns import Citizen, Town

_CALLS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=40)


def _town(calls: list[tuple[int, int]]) -> tuple[Town, list[int]]:
    """Twelve numbers of nine people in six homes: 0-2 have two each; 6 and 7 share a handset."""
    town = Town()
    people = [town.citizen() for _ in range(9)]
    numbers = [person.phone for person in people]
    for person in people[:3]:
        numbers.append(town.node("Phone"))
        town.edge("OWNS_PHONE", person.person, numbers[-1])
    homes = [town.node("Address") for _ in range(6)]
    for place, person in enumerate(people[:8]):  # the last one's home is not known
        town.edge("RESIDES_AT", person.person, homes[place % 6])
    handset = town.node("Device")
    for place in (6, 7):
        town.edge("USES_DEVICE", numbers[place], handset)
    for one, other in calls:
        town.call(numbers[one], numbers[other], 0)
    town.edge("ASSOCIATED_WITH", people[0].person, people[4].person)
    return town, numbers


def _apart(one: int, other: int) -> bool:
    """Two people, not in one home, not on one handset."""
    owners = [*range(9), 0, 1, 2]
    left, right = owners[one], owners[other]
    home = {place: place % 6 for place in range(8)}
    same_home = left in home and right in home and home[left] == home[right]
    return left != right and not same_home and {one, other} != {6, 7}


@given(_CALLS)
def test_contacts_are_pairs_of_people_who_share_neither_home_nor_handset(
    calls: list[tuple[int, int]],
) -> None:
    town, numbers = _town(calls)
    contacts = Contacts.of(town.graph())
    pairs = {frozenset(call) for call in calls if _apart(*call)}
    for place, number in enumerate(numbers):
        near = contacts.view.indices[
            contacts.view.indptr[number] : contacts.view.indptr[number + 1]
        ]
        expected = {numbers[other] for pair in pairs if place in pair for other in pair - {place}}
        assert set(near.tolist()) == expected
        assert contacts.count[number] == len(expected)
    used = {place for pair in pairs for place in pair}
    assert {place for place, number in enumerate(numbers) if contacts.second[number]} == (
        _second(pairs, used)
    )
    met = {place for place, number in enumerate(numbers) if contacts.met[number]}
    assert met == used & {0, 9, 4}
    assert contacts.seen.sum() == 2 * len(pairs & {frozenset({0, 4}), frozenset({9, 4})})


def _second(pairs: set[frozenset[int]], used: set[int]) -> set[int]:
    """Less busy than the owner's other number, or tied mostly to such, one by one."""
    busy = {place: sum(place in pair for pair in pairs) for place in used}
    other = {place: (place + 9) % 18 for place in (0, 1, 2, 9, 10, 11)}
    less = {one for one in used & set(other) if busy[one] < busy.get(other[one], 0)}
    usual = sum(len(pair & less) for pair in pairs) / max(2 * len(pairs), 1)
    also = set()
    for one in used & set(other):
        if other[one] in used:
            theirs = sum(bool((pair - {one}) & less) for pair in pairs if one in pair)
            if stats.binom.sf(theirs - 1, busy[one], usual) <= 1 / len(used) + 1e-12:
                also.add(one)
    return less | also


@given(_CALLS, st.sets(st.integers(0, 11), min_size=1, max_size=4))
def test_a_circle_grows_by_who_has_more_contacts_in_it_than_chance(
    calls: list[tuple[int, int]], start: set[int]
) -> None:
    town, numbers = _town(calls)
    contacts = Contacts.of(town.graph())
    near = {
        number: set(
            contacts.view.indices[
                contacts.view.indptr[number] : contacts.view.indptr[number + 1]
            ].tolist()
        )
        for number in numbers
    }
    total = sum(map(len, near.values()))
    circle = {numbers[place] for place in start}
    while True:
        share = sum(len(near[one]) for one in circle) / max(total, 1)
        joining = {
            one
            for one in set(numbers) - circle
            if near[one] & circle
            and -stats.binom.logsf(len(near[one] & circle) - 1, len(near[one]), share)
            >= np.log(10.0)
        }
        if not joining:
            break
        circle |= joining
    wide = contacts.widened(np.array(sorted(numbers[place] for place in start)), 1.0, 12)
    assert wide is not None
    assert set(wide.tolist()) == circle
    ends, entries = contacts.inside(wide)
    expected = [(one, other) for one in sorted(circle) for other in near[one] & circle]
    assert len(ends) == len(entries) == len(expected)
    assert sorted(
        zip(wide[ends].tolist(), contacts.view.indices[entries].tolist(), strict=True)
    ) == (sorted(expected))


def _two_rings() -> tuple[Contacts, list[list[int]]]:
    """Twenty people who call at random, and two sixes who all call each other; one link."""
    rng = random.Random(3)
    town = Town()
    crowd, *rings = ([town.citizen() for _ in range(size)] for size in (20, 6, 6))
    for person in crowd:
        town.call(person.phone, rng.choice(crowd).phone, 0)
    for ring in rings:
        for one in ring:
            for other in ring:
                town.call(one.phone, other.phone, 0)
    town.call(rings[0][0].phone, rings[1][0].phone, 0)
    return Contacts.of(town.graph()), [_phones(ring) for ring in rings]


def _phones(people: list[Citizen]) -> list[int]:
    return [person.phone for person in people]


def test_circles_are_found_among_the_numbers_asked_for() -> None:
    contacts, (left, right) = _two_rings()
    of = np.zeros(contacts.view.n, np.bool_)
    of[[*left, *right]] = True
    search = Search(0.15, 1e-4, 3, 8)
    assert sorted(circle.tolist() for circle in contacts.circles(of, search)) == [left, right]
    of[right[3:]] = False
    found = [circle.tolist() for circle in contacts.circles(of, search)]
    assert found == [left, right[:3]], "three of six talk as much with the others"


def test_a_circle_touches_another_when_a_third_of_it_has_contacts_there() -> None:
    contacts, (left, right) = _two_rings()
    one, other = np.array(left), np.array(right)
    assert not contacts.touches(one, other)
    assert contacts.touches(one[:3], other)
    assert contacts.touches(one, one[:1])
