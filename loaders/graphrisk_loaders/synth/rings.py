"""The rings: scam cells with their mule ladders, laundering cycles, identity rings."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.camouflage import (
    HIJACKED,
    camouflage,
    kept,
    named,
    ring_accounts,
    shared_handsets,
    window,
)
from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.keys import CATEGORIES
from graphrisk_loaders.synth.ladders import LAST_MULES, pass_down, tell_crew
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, City, IntArray, Ring
from graphrisk_loaders.synth.people import Population, look_alikes

_IN_ONE_HOME = 2  # identities of a hand that gave one address, where it hides them
_SAME_CONTACT = 0.7  # of its identities, those that then name one number for emergencies


def scam_cell(city: City, people: Population, level: int) -> None:
    """Callers on shared handsets call strangers; some pay; mules pass the money on within hours."""
    rng = city.rng
    sizes = city.sizes
    size = city.drawn(sizes.callers)
    layers_of = (sizes.first_mules, sizes.cell_mules, LAST_MULES)
    mules = [city.drawn(one) for one in layers_of]
    crew = rng.choice(people.adults, 1 + size + sum(mules), replace=False)
    organiser, callers, hands = crew[:1], crew[1 : 1 + size], crew[1 + size :]
    days = min(int(rng.integers(14, 29)), city.days - 2)
    started = window(city, days)
    phones, devices = _number_pool(city, level, callers)
    accounts = ring_accounts(city, people, level, hands)
    layers = np.split(accounts, np.cumsum(mules)[:-1])
    _call_strangers(city, people, phones, started, days)
    taken, victims = _collect(city, people, phones, layers, started, days, level)
    camouflage(city, people, level, phones, accounts)
    tell_crew(city, people, organiser, callers, started, days)
    category = int(rng.integers(0, len(CATEGORIES)))
    _list_some(city, phones, started, days, category)
    members = [
        *named("Person", organiser, "organiser"),
        *named("Person", callers, "caller"),
        *named("Phone", phones, "caller"),
        *named("Device", devices, "device"),
        *named("Person", hands, "mule"),
        *named("Account", accounts, "mule"),
        *named("Person", victims, "victim", offender=False),
        *named("Phone", people.phone_of[victims], "victim", offender=False),
        *named("Account", people.account_of[victims], "victim", offender=False),
    ]
    ended = started + days * DAY
    city.rings.append(
        Ring("scam_cell", level, started, ended, taken, kept(members), category=category)
    )


def _number_pool(city: City, level: int, callers: IntArray) -> tuple[IntArray, IntArray]:
    """Three or four numbers a caller, in a few handsets that the cell shares."""
    owners = np.repeat(callers, city.rng.integers(3, 5, len(callers)))
    devices = shared_handsets(city, level, len(owners), max(len(callers) // 2, 1))
    handset = devices[np.arange(len(owners)) % len(devices)]
    phones = city.phones.add(owner=owners, opened=city.opened(len(owners)), device=handset)
    return phones, devices


def _call_strangers(
    city: City, people: Population, phones: IntArray, started: int, days: int
) -> None:
    """Each number is worked for a few days: a dozen short one-way calls a day."""
    rng = city.rng
    targets = people.phone_of[people.phone_of >= 0]
    for phone in phones.tolist():
        first = int(rng.integers(0, max(days - 4, 1)))
        count = int(rng.integers(8, 16)) * int(rng.integers(2, 5))
        at = started + (first + rng.integers(0, 4, count)) * DAY + 9 * HOUR
        at = at + rng.integers(0, 11 * HOUR, count)
        mine = np.full(count, phone)
        talk(city, mine, rng.choice(targets, count), at, 25.0, answered=0.4)


def _collect(
    city: City,
    people: Population,
    phones: IntArray,
    layers: list[IntArray],
    started: int,
    days: int,
    level: int,
) -> tuple[int, IntArray]:
    """Victims: a long call, then a payment within two hours, then the ladder."""
    rng = city.rng
    victims = rng.choice(
        people.adults, max(int(days * city.drawn(city.sizes.victims) / 7), 6), replace=False
    )
    victims = victims[people.phone_of[victims] >= 0]
    count = len(victims)
    called = started + rng.integers(0, days, count) * DAY + 10 * HOUR
    called = called + rng.integers(0, 8 * HOUR, count)
    talk(city, rng.choice(phones, count), people.phone_of[victims], called, 900.0, answered=1.0)
    spread = 3 if level >= HIJACKED else 1
    paid = called + rng.integers(10 * MINUTE, 120 * MINUTE * spread, count)
    taken = pass_down(city, people.account_of[victims], layers, paid, level)
    return taken, victims


def _list_some(city: City, phones: IntArray, started: int, days: int, category: int) -> None:
    """Police and public put a third of the numbers on the list, days after they were worked."""
    rng = city.rng
    some = phones[rng.random(len(phones)) < 0.33]
    if len(some):
        at = started + rng.integers(2 * DAY, max(days, 3) * DAY, len(some))
        city.listed.add(phone=some, at=at, category=category)


def laundering_cycle(city: City, people: Population, level: int) -> None:
    """Money goes round through accounts, a little less each hop, and starts again."""
    rng = city.rng
    size = city.drawn(city.sizes.passers)
    holders = rng.choice(people.adults, size, replace=False)
    accounts = ring_accounts(city, people, level, holders)
    rounds = int(rng.integers(3, 7))
    days = min(3 * rounds + 3, city.days - 2)
    started = window(city, days)
    gap = (12 if level >= HIJACKED else 6) * HOUR
    total = 0
    for turn in range(rounds):
        at = started + int(turn * (days - 2) / rounds * DAY) + int(rng.integers(8, 12)) * HOUR
        fen = int(rng.lognormal(8.3, 0.8) * 100)
        total += fen
        times = at + np.cumsum(rng.integers(20 * MINUTE, gap, size))
        sums = fen * np.cumprod(1 - rng.uniform(0.003, 0.02, size))
        pay(city, accounts, np.roll(accounts, -1), times, sums.astype(np.int64))
    camouflage(city, people, level, np.empty(0, np.int64), accounts)
    members = named("Account", accounts, "passer") + named("Person", holders, "holder")
    ended = started + days * DAY
    city.rings.append(Ring("laundering_cycle", level, started, ended, total, kept(members)))


def identity_ring(city: City, people: Population, level: int) -> None:
    """One hand behind several identities: alike but for slips, a few handsets, one purse."""
    rng = city.rng
    count = city.drawn(city.sizes.identities)
    persons = look_alikes(city, np.arange(count) // (_IN_ONE_HOME if level > 1 else count))
    devices = shared_handsets(city, level, count, 1)
    place = np.arange(count)
    handset, other = devices[place % len(devices)], devices[(place + 1) % len(devices)]
    phones = city.phones.add(owner=persons, opened=city.opened(count), device=handset)
    # The account is used on the next handset, which ties the identities of both together.
    accounts = city.accounts.add(holder=persons, opened=city.opened(count), device=other)
    _name_contact(city, people, level, persons, phones)
    days = city.days - 2
    started = city.start + DAY
    at = started + rng.integers(0, days * DAY, 4 * count)
    fen = (rng.lognormal(7.0, 0.6, 4 * count) * 100).astype(np.int64)
    giver = people.account_of[rng.choice(people.adults, 4 * count)]
    pay(city, giver, rng.choice(accounts, 4 * count), at, fen)
    purse = np.full(2 * count, accounts[0])
    later = started + rng.integers(0, days * DAY, 2 * count)
    pay(city, np.repeat(accounts, 2), purse, later, fen[: 2 * count])
    camouflage(city, people, level, phones, accounts)
    members = [
        *named("Person", persons, "identity"),
        *named("Phone", phones, "phone"),
        *named("Account", accounts, "account"),
        *named("Device", devices, "device"),
    ]
    ended = started + days * DAY
    taken = int(fen[: 2 * count].sum())
    city.rings.append(Ring("identity_ring", level, started, ended, taken, kept(members)))


def _name_contact(
    city: City, people: Population, level: int, persons: IntArray, phones: IntArray
) -> None:
    """For emergencies all name the number of the first; from level 2 on some name anybody's."""
    anybody = people.phone_of[city.rng.choice(people.adults, len(persons))]
    other = (city.rng.random(len(persons)) >= _SAME_CONTACT) & (level > 1)
    city.contacts.add(person=persons, phone=np.where(other, anybody, phones[0]))
