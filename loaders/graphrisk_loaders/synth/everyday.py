"""Everyday life: calls along ties of family, work and friendship; what calls and payments are."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.model import City, FloatArray, IntArray
from graphrisk_loaders.synth.parameters import Parameters
from graphrisk_loaders.synth.people import Population

MONTH = 30  # days
_TO_SHOPS = 0.5  # share of the calls to strangers


def everyday_calls(city: City, people: Population, parameters: Parameters) -> None:
    """Calls along ties of family, work and friendship; heavy tails, both ways; and to strangers."""
    rng = city.rng
    pairs = np.concatenate([family(people), _work(city, people), friends(city, people)])
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    lively = people.liveliness[pairs].prod(axis=1)
    rate = parameters.calls_per_tie * city.days / MONTH * rng.gamma(0.6, 1 / 0.6, len(pairs))
    counts = rng.poisson(rate * lively)
    lines = np.column_stack([people.lines(rng, end) for end in pairs.T])  # kept for each tie
    src, dst = np.repeat(lines, counts, axis=0).T
    turned = rng.random(len(src)) < 0.5
    src, dst = np.where(turned, dst, src), np.where(turned, src, dst)
    talk(city, src, dst, city.moments(len(src)), 70.0)
    _strangers(city, people, parameters.strangers)


def _strangers(city: City, people: Population, each: float) -> None:
    """Calls to whom one need not know: half of them to shops, the popular ones more often."""
    rng = city.rng
    rate = each * city.days / MONTH * people.liveliness[people.adults]
    who = np.repeat(people.adults, rng.poisson(rate))
    whom = rng.choice(people.adults, len(who))
    shops = rng.random(len(who)) < _TO_SHOPS
    whom[shops] = people.shops[ranks(rng, int(shops.sum()), len(people.shops))]
    talk(city, people.lines(rng, who), people.lines(rng, whom), city.moments(len(who)), 40.0)


def talk(
    city: City,
    src: IntArray,
    dst: IntArray,
    at: IntArray,
    seconds: float | FloatArray,
    answered: float = 0.85,
) -> None:
    """Calls from phones to phones; ``seconds`` is the median length of an answered one."""
    rng = city.rng
    both = (src >= 0) & (dst >= 0) & (src != dst) & (at >= city.start) & (at < city.end)
    median = np.broadcast_to(np.asarray(seconds, np.float64), src.shape)[both]
    src, dst, at = src[both], dst[both], at[both]
    taken = (rng.random(len(src)) < answered).astype(np.int64)
    length = np.minimum(rng.lognormal(np.log(median), 0.9), 7200).astype(np.int64) + 1
    city.calls.add(src=src, dst=dst, at=at, seconds=length * taken, answered=taken)


def pay(city: City, src: IntArray, dst: IntArray, at: IntArray, fen: IntArray) -> None:
    """Transfers between accounts, within the observed time."""
    good = (src >= 0) & (dst >= 0) & (src != dst) & (at >= city.start) & (at < city.end)
    city.transfers.add(src=src[good], dst=dst[good], at=at[good], fen=np.maximum(fen[good], 1))


def live(
    city: City, people: Population, accounts: IntArray, counts: IntArray, *, popular: bool
) -> None:
    """Give accounts an ordinary life: so many purchases and gifts each, in and out.

    With anybody, or with the ``popular`` shops.
    """
    rng = city.rng
    mine = np.repeat(accounts, counts)
    others = people.account_of[people.shops if popular else people.adults]
    place = (
        ranks(rng, len(mine), len(others)) if popular else rng.integers(0, len(others), len(mine))
    )
    other = others[place]
    out = rng.random(len(mine)) < 0.8
    fen = (rng.lognormal(5.9, 1.3, len(mine)) * 100).astype(np.int64)
    at = city.moments(len(mine))
    pay(city, np.where(out, mine, other), np.where(out, other, mine), at, fen)


def chat(city: City, people: Population, phones: IntArray, each: float) -> None:
    """Give numbers ordinary contacts: a few people, called and calling, ``each`` calls a month."""
    rng = city.rng
    friends = people.phone_of[rng.choice(people.adults, (len(phones), 4))]
    counts = rng.poisson(each * city.days / MONTH, len(phones))
    mine = np.repeat(np.arange(len(phones)), counts)
    other = friends[mine, rng.integers(0, 4, len(mine))]
    out = rng.random(len(mine)) < 0.5
    src, dst = np.where(out, phones[mine], other), np.where(out, other, phones[mine])
    talk(city, src, dst, city.moments(len(mine)), 60.0)


def family(people: Population) -> IntArray:
    """All pairs within a household."""
    pairs = []
    for gap in range(1, 5):
        same = np.flatnonzero(people.household[gap:] == people.household[:-gap])
        pairs.append(np.column_stack([same, same + gap]))
    return np.concatenate(pairs)


def workplaces(people: Population) -> IntArray:
    """Employer's number of each adult: few large ones, many small; same every time it is asked."""
    count = max(len(people.adults) // 30, 1)
    rng = np.random.default_rng(len(people.adults))
    places = ranks(rng, len(people.adults), count)
    return people.adults[rng.permutation(len(people.adults))[:count]][places]


def _work(city: City, people: Population) -> IntArray:
    """Ties among colleagues: neighbours in a random order of each workplace, four a person."""
    employer = workplaces(people)
    order = np.lexsort((city.rng.random(len(employer)), employer))
    staff, works = people.adults[order], employer[order]
    pairs = [
        np.column_stack([staff[:-gap], staff[gap:]])[works[:-gap] == works[gap:]] for gap in (1, 2)
    ]
    return np.concatenate(pairs)


def friends(city: City, people: Population) -> IntArray:
    """Friends: half within the neighbourhood (nearby numbers of households), half anywhere."""
    rng, n = city.rng, len(people.household)
    persons = np.repeat(np.arange(n), 3)
    near = np.clip(persons + rng.integers(-60, 61, len(persons)), 0, n - 1)
    far = rng.integers(0, n, len(persons))
    other = np.where(rng.random(len(persons)) < 0.5, near, far)
    return np.column_stack([persons, other])


def ranks(rng: np.random.Generator, count: int, places: int) -> IntArray:
    """Ranks below ``places``, the first ones far likelier (Zipf with exponent near one)."""
    return np.minimum((places ** rng.random(count)).astype(np.int64) - 1, places - 1)
