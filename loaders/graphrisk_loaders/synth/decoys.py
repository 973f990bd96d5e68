"""Hard negatives, the first: couriers, stalls, savings clubs and families on one handset."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.model import DAY, HOUR, City
from graphrisk_loaders.synth.people import Population


def courier(city: City, people: Population) -> None:
    """Calls dozens of strangers a day, briefly, from one stable number; some call back."""
    rng = city.rng
    person = rng.choice(people.adults, 1)
    phone = int(people.phone_of[person[0]])
    count = int(rng.integers(15, 35)) * city.days
    strangers = rng.choice(people.phone_of[people.phone_of >= 0], count)
    at = city.start + rng.integers(0, city.days, count) * DAY + 8 * HOUR
    at = at + rng.integers(0, 12 * HOUR, count)
    mine = np.full(count, phone)
    talk(city, mine, strangers, at, 20.0, answered=0.8)
    back = rng.random(count) < 0.12
    talk(city, strangers[back], mine[back], at[back] + HOUR // 4, 30.0)
    device = int(city.phones.column("device")[phone])
    city.honest("courier", Person=person, Phone=np.array([phone]), Device=np.array([device]))


def market_stall(city: City, people: Population) -> None:
    """Takes many payments a day and sends nearly all of it to two suppliers every evening."""
    rng = city.rng
    persons = rng.choice(people.adults, 3, replace=False)
    stall, *suppliers = people.account_of[persons].tolist()
    buyers = people.account_of[rng.choice(people.adults, 120)]
    for day in range(city.days):
        count = int(rng.integers(15, 40))
        at = city.start + day * DAY + 7 * HOUR + rng.integers(0, 11 * HOUR, count)
        fen = (rng.lognormal(3.6, 0.9, count) * 100).astype(np.int64)
        pay(city, rng.choice(buyers, count), np.full(count, stall), at, fen)
        share = np.array([0.5, 0.45]) * fen.sum()
        evening = city.start + day * DAY + 19 * HOUR + rng.integers(0, 2 * HOUR, 2)
        pay(city, np.full(2, stall), np.array(suppliers), evening, share.astype(np.int64))
    city.honest("market_stall", Person=persons, Account=people.account_of[persons])


def savings_club(city: City, people: Population) -> None:
    """Friends put a fixed sum together, each round another one takes the pot: legal cycles."""
    rng = city.rng
    size = int(rng.integers(4, 8))
    persons = rng.choice(people.adults, size, replace=False)
    accounts = people.purses(rng, persons)
    fen = int(rng.integers(3, 21)) * 100 * 100
    gap = max(city.days // size, 7) * DAY  # within the observed time everybody has the pot once
    for turn in range(city.days * DAY // gap):
        taker = int(accounts[turn % size])
        payers = accounts[accounts != taker]
        at = city.start + turn * gap + rng.integers(0, 2 * DAY, len(payers))
        pay(city, payers, np.full(len(payers), taker), at, np.full(len(payers), fen))
    friends = people.phone_of[rng.choice(persons, (2, 12 * size))]
    talk(city, friends[0], friends[1], city.moments(12 * size), 120.0)
    city.honest("savings_club", Person=persons, Account=accounts)


def shared_handset(city: City, people: Population) -> None:
    """Grandparents and children use one handset of the family for their numbers and accounts."""
    rng = city.rng
    homes, sizes = np.unique(people.household, return_counts=True)
    accused = [one for one in city.offenders() if one < len(people.household)]
    home = rng.choice(np.setdiff1d(homes[sizes >= 4], people.household[accused]))
    family = np.flatnonzero(people.household == home)
    first = int(family[0])
    device = int(city.phones.column("device")[people.phone_of[first]])
    count = len(family)
    phones = city.phones.add(owner=family, opened=city.opened(count), device=device)
    adults = family[np.isin(family, people.adults)]
    accounts = city.accounts.add(holder=adults, opened=city.opened(len(adults)), device=device)
    talk(
        city,
        rng.choice(phones, 20 * count),
        people.phone_of[rng.choice(family, 20 * count)],
        city.moments(20 * count),
        60.0,
    )
    shared = np.array([device])
    city.honest("shared_handset", Person=family, Phone=phones, Account=accounts, Device=shared)
