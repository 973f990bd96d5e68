"""Everyday life: calls along ties and payments for wages, rent, shopping and among friends."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.model import DAY, HOUR, City, IntArray
from graphrisk_loaders.synth.parameters import Parameters
from graphrisk_loaders.synth.people import Population

_MONTH = 30


def everyday_calls(city: City, people: Population, parameters: Parameters) -> None:
    """Calls along ties of family, work and friendship, and to shops; heavy tails, both ways."""
    rng = city.rng
    pairs = np.concatenate([_family(people), _work(city, people), _friends(city, people)])
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    rate = parameters.calls_per_tie * city.days / _MONTH * rng.gamma(0.6, 1 / 0.6, len(pairs))
    counts = rng.poisson(rate)
    src, dst = np.repeat(pairs, counts, axis=0).T
    turned = rng.random(len(src)) < 0.5
    src, dst = np.where(turned, dst, src), np.where(turned, src, dst)
    talk(city, people.phone_of[src], people.phone_of[dst], city.moments(len(src)), 70.0)


def talk(
    city: City, src: IntArray, dst: IntArray, at: IntArray, seconds: float, answered: float = 0.85
) -> None:
    """Calls from phones to phones; ``seconds`` is the median length of an answered one."""
    rng = city.rng
    both = (src >= 0) & (dst >= 0) & (src != dst) & (at < city.end)
    src, dst, at = src[both], dst[both], at[both]
    taken = (rng.random(len(src)) < answered).astype(np.int64)
    length = np.minimum(rng.lognormal(np.log(seconds), 0.9, len(src)), 7200).astype(np.int64) + 1
    city.calls.add(src=src, dst=dst, at=at, seconds=length * taken, answered=taken)


def pay(city: City, src: IntArray, dst: IntArray, at: IntArray, fen: IntArray) -> None:
    """Transfers between accounts, within the observed time."""
    good = (src >= 0) & (dst >= 0) & (src != dst) & (at >= city.start) & (at < city.end)
    city.transfers.add(src=src[good], dst=dst[good], at=at[good], fen=np.maximum(fen[good], 1))


def everyday_payments(city: City, people: Population, parameters: Parameters) -> None:
    """Wages, rents, shopping, gifts among friends, shops paying suppliers."""
    rng, adults = city.rng, people.adults
    account = people.account_of
    shops = rng.choice(adults, max(len(adults) // 40, 5), replace=False)
    _wages(city, people)
    tenants = rng.choice(adults, len(adults) // 5, replace=False)
    landlords = rng.choice(adults, max(len(adults) // 15, 1))
    landlord = landlords[rng.integers(0, len(landlords), len(tenants))]
    rent = (rng.lognormal(7.4, 0.4, len(tenants)) * 100).astype(np.int64) // 5000 * 5000
    monthly(city, account[tenants], account[landlord], rent)
    counts = rng.poisson(parameters.purchases * city.days / _MONTH, len(adults))
    buyer = np.repeat(adults, counts)
    shop = shops[_ranks(rng, len(buyer), len(shops))]
    prices = (rng.lognormal(3.9, 1.1, len(buyer)) * 100).astype(np.int64)
    pay(city, account[buyer], account[shop], city.moments(len(buyer)), prices)
    pairs = np.concatenate([_family(people), _friends(city, people)[:: max(3, 1)]])
    counts = rng.poisson(0.5 * city.days / _MONTH, len(pairs))
    src, dst = np.repeat(pairs, counts, axis=0).T
    gifts = (rng.lognormal(5.3, 1.3, len(src)) * 100).astype(np.int64) // 1000 * 1000
    pay(city, account[src], account[dst], city.moments(len(src)), gifts)
    supplier = shops[rng.integers(0, max(len(shops) // 8, 1), len(shops))]
    for _ in range(max(city.days // 7, 1)):
        bills = (rng.lognormal(8.0, 0.8, len(shops)) * 100).astype(np.int64)
        pay(city, account[shops], account[supplier], city.moments(len(shops)), bills)


def monthly(city: City, src: IntArray, dst: IntArray, fen: IntArray) -> None:
    """One transfer a month on a fixed day of the payer's choice."""
    day = city.rng.integers(1, 28, len(src))
    for month in range(-(-city.days // _MONTH)):
        at = city.start + (month * _MONTH + day) * DAY + 9 * HOUR
        pay(city, src, dst, at + city.rng.integers(0, 9 * HOUR, len(src)), fen)


def live(city: City, people: Population, accounts: IntArray, each: float) -> None:
    """Give accounts an ordinary life: purchases and gifts in and out, ``each`` a month."""
    rng = city.rng
    others = people.account_of[people.adults]
    counts = rng.poisson(each * city.days / _MONTH, len(accounts))
    mine = np.repeat(accounts, counts)
    other = others[rng.integers(0, len(others), len(mine))]
    out = rng.random(len(mine)) < 0.6
    fen = (rng.lognormal(4.6, 1.3, len(mine)) * 100).astype(np.int64)
    at = city.moments(len(mine))
    pay(city, np.where(out, mine, other), np.where(out, other, mine), at, fen)


def chat(city: City, people: Population, phones: IntArray, each: float) -> None:
    """Give numbers ordinary contacts: a few people, called and calling, ``each`` calls a month."""
    rng = city.rng
    friends = people.phone_of[rng.choice(people.adults, (len(phones), 4))]
    counts = rng.poisson(each * city.days / _MONTH, len(phones))
    mine = np.repeat(np.arange(len(phones)), counts)
    other = friends[mine, rng.integers(0, 4, len(mine))]
    out = rng.random(len(mine)) < 0.5
    src, dst = np.where(out, phones[mine], other), np.where(out, other, phones[mine])
    talk(city, src, dst, city.moments(len(mine)), 60.0)


def _family(people: Population) -> IntArray:
    """All pairs within a household."""
    pairs = []
    for gap in range(1, 5):
        same = np.flatnonzero(people.household[gap:] == people.household[:-gap])
        pairs.append(np.column_stack([same, same + gap]))
    return np.concatenate(pairs)


def _workplaces(people: Population) -> IntArray:
    """Employer's number of each adult: few large ones, many small; same every time it is asked."""
    count = max(len(people.adults) // 30, 1)
    rng = np.random.default_rng(len(people.adults))
    ranks = _ranks(rng, len(people.adults), count)
    return people.adults[rng.permutation(len(people.adults))[:count]][ranks]


def _work(city: City, people: Population) -> IntArray:
    """Ties among colleagues: neighbours in a random order of each workplace, four a person."""
    employer = _workplaces(people)
    order = np.lexsort((city.rng.random(len(employer)), employer))
    staff, works = people.adults[order], employer[order]
    pairs = [
        np.column_stack([staff[:-gap], staff[gap:]])[works[:-gap] == works[gap:]] for gap in (1, 2)
    ]
    return np.concatenate(pairs)


def _friends(city: City, people: Population) -> IntArray:
    """Friends: half within the neighbourhood (nearby numbers of households), half anywhere."""
    rng, n = city.rng, len(people.household)
    persons = np.repeat(np.arange(n), 3)
    near = np.clip(persons + rng.integers(-60, 61, len(persons)), 0, n - 1)
    far = rng.integers(0, n, len(persons))
    other = np.where(rng.random(len(persons)) < 0.5, near, far)
    return np.column_stack([persons, other])


def _wages(city: City, people: Population) -> None:
    employer = _workplaces(people)
    wage = (city.rng.lognormal(8.5, 0.45, len(employer)) * 100).astype(np.int64) // 1000 * 1000
    monthly(city, people.account_of[employer], people.account_of[people.adults], wage)


def _ranks(rng: np.random.Generator, count: int, places: int) -> IntArray:
    """Ranks below ``places``, the first ones far likelier (Zipf with exponent near one)."""
    return np.minimum((places ** rng.random(count)).astype(np.int64) - 1, places - 1)
