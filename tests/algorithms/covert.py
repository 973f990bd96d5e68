"""Circles built by hand: people with second numbers, cells, and who only seems to hide."""

from __future__ import annotations

import random
from itertools import combinations

from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town


def town_of_two_numbers(people: int = 1_200, seed: int = 21) -> tuple[Town, list[Citizen]]:
    """A town that calls: three in a home, four friends each, and every eighth uses two numbers.

    The second ones talk with friends, on whichever number these have. Some friends are seen
    meeting.
    """
    rng = random.Random(seed)
    town = Town()
    citizens = [town.citizen() for _ in range(people)]
    homes = [town.node("Address") for _ in range(people // 3)]
    spare = {citizen.person: second_number(town, citizen) for citizen in citizens[::8]}
    for number, citizen in enumerate(citizens):
        town.edge("RESIDES_AT", citizen.person, homes[number // 3])
        talk(town, rng, citizen.phone, citizens[number // 3 * 3].phone)
        second = [spare[citizen.person]] * 5 if citizen.person in spare else []
        for mine in [citizen.phone] * 4 + second:
            friend = rng.choice(citizens)
            talk(
                town, rng, mine, rng.choice([friend.phone, spare.get(friend.person, friend.phone)])
            )
            if rng.random() < 0.01:
                town.edge("ASSOCIATED_WITH", citizen.person, friend.person)
    return town, citizens


def second_number(town: Town, citizen: Citizen) -> int:
    """A number more, in a handset of its own."""
    phone = town.node("Phone")
    town.edge("OWNS_PHONE", citizen.person, phone)
    town.edge("USES_DEVICE", phone, town.node("Device"))
    return phone


def talk(town: Town, rng: random.Random, one: int, other: int, times: int = 3) -> None:
    """Calls either way, any day."""
    for _ in range(times * (one != other)):
        src, dst = rng.sample([one, other], 2)
        town.call(src, dst, START + rng.randrange(28 * DAY) + 10 * HOUR, rng.randint(20, 200))


def _tied(rng: random.Random, size: int) -> list[tuple[int, int]]:
    """Pairs of a cell: a star about the first, a chain, and twice as many more."""
    pairs = {(0, place) for place in range(1, size)}
    pairs |= {(place - 1, place) for place in range(1, size)}
    more = (rng.sample(range(size), 2) for _ in range(2 * size))
    return sorted(pairs | {(min(pair), max(pair)) for pair in more})


def plant_burner_cell(town: Town, citizens: list[Citizen], size: int = 14) -> set[int]:
    """A cell on second numbers, each of which has a friend outside; members pay the first one."""
    rng = random.Random(22)
    members = [town.citizen() for _ in range(size)]
    numbers = [second_number(town, one) for one in members]
    for member in members:
        for friend in rng.sample(citizens, 8):
            talk(town, rng, member.phone, friend.phone)
    for one, other in _tied(rng, size):
        talk(town, rng, numbers[one], numbers[other])
    for number in numbers:
        talk(town, rng, number, rng.choice(citizens).phone)
    for member in members[1:]:
        town.pay(member.account, members[0].account, 800, START + rng.randrange(28 * DAY))
    nodes = {node for one in members for node in (one.person, one.account)}
    return nodes | set(numbers)


def plant_watched_cell(town: Town, citizens: list[Citizen], seen: int = 3) -> set[int]:
    """Fourteen people who talk on their everyday numbers; each was seen with up to ``seen``."""
    rng = random.Random(23)
    members = citizens[5:145:10]  # each from another home
    met = dict.fromkeys(range(len(members)), 0)
    for one, other in _tied(rng, len(members)):
        talk(town, rng, members[one].phone, members[other].phone)
        if max(met[one], met[other]) < seen:
            town.edge("ASSOCIATED_WITH", members[one].person, members[other].person)
            met[one], met[other] = met[one] + 1, met[other] + 1
    return {node for one in members for node in (one.person, one.phone)}


def kin_with_two_numbers(town: Town, seed: int = 24) -> None:
    """Eighteen of one family in four homes, all on second numbers with each other."""
    rng = random.Random(seed)
    kin = [town.citizen() for _ in range(18)]
    homes = [town.node("Address") for _ in range(4)]
    for number, one in enumerate(kin):
        town.edge("RESIDES_AT", one.person, homes[number % 4])
    numbers = [second_number(town, one) for one in kin]
    for left, right in combinations(range(18), 2):
        talk(town, rng, kin[left].phone, kin[right].phone, 1)
        if (right - left) % 3:
            talk(town, rng, numbers[left], numbers[right])


def newcomers(town: Town, citizens: list[Citizen], numbers: int = 1, seed: int = 26) -> None:
    """Fourteen who came together and talk on one new number each, or on one beside their own."""
    rng = random.Random(seed)
    came = [town.citizen() for _ in range(14)]
    lines = [one.phone if numbers == 1 else second_number(town, one) for one in came]
    for one, line in zip(came, lines, strict=True):
        for friend in rng.sample(citizens, 10 if numbers > 1 else 1):
            talk(town, rng, one.phone, friend.phone)
        talk(town, rng, line, rng.choice(citizens).phone)
    for left, right in _tied(rng, len(lines)):
        talk(town, rng, lines[left], lines[right])


def service_line(town: Town, citizens: list[Citizen], seed: int = 25) -> None:
    """Four of a firm's staff answer on a line each, beside their own numbers; forty customers."""
    rng = random.Random(seed)
    staff = citizens[150:154]
    lines = [second_number(town, one) for one in staff]
    for line in lines:
        for customer in citizens[160:200]:
            if rng.random() < 0.7:
                talk(town, rng, line, customer.phone)
