"""Everyday payments: wages, savings, rent, shopping, large bills, gifts, suppliers."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import MONTH, family, friends, pay, ranks, workplaces
from graphrisk_loaders.synth.model import DAY, HOUR, NONE, City, IntArray
from graphrisk_loaders.synth.parameters import Parameters
from graphrisk_loaders.synth.people import Population

_SAVED = 0.5  # share of large bills that are paid from where the wages come in
_AT_THE_USUAL = 0.7  # share of purchases in one of the buyer's few usual shops
_TO_THE_USUAL = 0.75  # share of large bills paid to one of the payer's few usual payees
_USUAL = 3  # usual shops, and usual payees, of each
_CLOSE = 0.35  # shape of how often presents go along a tie: few close ties, many that see one


def everyday_payments(city: City, people: Population, parameters: Parameters) -> None:
    """What everybody's accounts show, so that rings have a crowd to hide in."""
    _wages(city, people)
    _sweeps(city, people, parameters.sweeps)
    _rents(city, people)
    _purchases(city, people, parameters.purchases)
    _bills(city, people, parameters.bills)
    _gifts(city, people, parameters.gifts)
    _suppliers(city, people)


def _wages(city: City, people: Population) -> None:
    employer = workplaces(people)
    wage = _fen(city, 8.5, 0.45, len(employer)) // 1000 * 1000
    _monthly(city, people.account_of[employer], people.savings_of[people.adults], wage)


def _sweeps(city: City, people: Population, each: float) -> None:
    """To the accounts of everyday and other payments."""
    adults = people.adults[people.savings_of[people.adults] != people.account_of[people.adults]]
    who = _so_often(city, people, adults, each)
    to = people.wallets(city.rng, who)
    _sweep(city, people.savings_of[who], to, 7.2)


def fill(city: City, people: Population, accounts: IntArray) -> None:
    """Bring money to further accounts of people, which they use as well; it has no other income."""
    holder = city.accounts.column("holder")[accounts]
    ours = accounts[holder < len(people.savings_of)]
    source = people.savings_of[city.accounts.column("holder")[ours]]
    earns = (source != NONE) & (source != ours)
    counts = city.rng.poisson(city.sweeps * city.days / MONTH, int(earns.sum()))
    _sweep(city, np.repeat(source[earns], counts), np.repeat(ours[earns], counts), 7.9)


def _sweep(city: City, src: IntArray, dst: IntArray, mean: float) -> None:
    """From where the wages come in to where the shopping is paid, in round sums."""
    fen = _fen(city, mean, 0.9, len(src)) // 10_000 * 10_000
    pay(city, src, dst, city.moments(len(src)), fen)


def _rents(city: City, people: Population) -> None:
    rng, adults = city.rng, people.adults
    tenants = rng.choice(adults, len(adults) // 5, replace=False)
    landlords = rng.choice(adults, max(len(adults) // 15, 1))
    landlord = landlords[rng.integers(0, len(landlords), len(tenants))]
    rent = _fen(city, 7.4, 0.4, len(tenants)) // 5000 * 5000
    _monthly(city, people.account_of[tenants], people.account_of[landlord], rent)


def _purchases(city: City, people: Population, each: float) -> None:
    """In shops, the popular ones more often; mostly where one always goes, by the same account."""
    rng = city.rng
    buyer = _so_often(city, people, people.adults, each)
    shop = people.shops[ranks(rng, len(buyer), len(people.shops))]
    payer = people.wallets(rng, buyer)
    usual = people.shops[ranks(rng, len(people.household) * _USUAL, len(people.shops))]
    wallet = np.repeat(people.account_of, _USUAL)
    often = rng.random(len(buyer)) < _AT_THE_USUAL
    place = buyer * _USUAL + _first(rng, len(buyer))
    shop, payer = np.where(often, usual[place], shop), np.where(often, wallet[place], payer)
    prices = _fen(city, 3.9, 1.1, len(buyer))
    pay(city, payer, people.account_of[shop], city.moments(len(buyer)), prices)


def _bills(city: City, people: Population, each: float) -> None:
    """Tuition, furniture, a deposit, a loan paid back, mostly from where the wages come in.

    Most go to the few whom one pays again and again: a child elsewhere, parents, a nanny, a
    tutor, the small trader who delivers.
    """
    rng = city.rng
    who = _so_often(city, people, people.adults, each)
    other = people.wallets(rng, who)
    payer = np.where(rng.random(len(who)) < _SAVED, people.savings_of[who], other)
    payee = people.wallets(rng, rng.choice(people.adults, len(who)))
    count = len(people.household) * _USUAL
    usual = people.wallets(rng, rng.choice(people.adults, count))
    saved = rng.random(count) < _SAVED
    of = np.where(saved, np.repeat(people.savings_of, _USUAL), np.repeat(people.account_of, _USUAL))
    often = rng.random(len(who)) < _TO_THE_USUAL
    place = who * _USUAL + _first(rng, len(who))
    payer, payee = np.where(often, of[place], payer), np.where(often, usual[place], payee)
    pay(city, payer, payee, city.moments(len(who)), _fen(city, 7.8, 0.9, len(who)))


def _gifts(city: City, people: Population, each: float) -> None:
    """Presents, lunches shared, pocket money: along few ties often, by the same two accounts."""
    rng = city.rng
    pairs = np.concatenate([family(people), friends(city, people)[::3]])
    close = rng.gamma(_CLOSE, 1 / _CLOSE, len(pairs))
    counts = rng.poisson(each * city.days / MONTH * close)
    ends = np.column_stack([people.wallets(rng, end) for end in pairs.T])
    src, dst = np.repeat(ends, counts, axis=0).T
    fen = _fen(city, 4.6, 1.3, len(src)) // 1000 * 1000
    pay(city, src, dst, city.moments(len(src)), fen)


def _suppliers(city: City, people: Population) -> None:
    """Every shop pays one of the larger shops about once a week."""
    shops = people.shops
    supplier = shops[city.rng.integers(0, max(len(shops) // 8, 1), len(shops))]
    for _ in range(max(city.days // 7, 1)):
        fen = _fen(city, 8.0, 0.8, len(shops))
        pay(
            city,
            people.account_of[shops],
            people.account_of[supplier],
            city.moments(len(shops)),
            fen,
        )


def _monthly(city: City, src: IntArray, dst: IntArray, fen: IntArray) -> None:
    """One transfer a month on a fixed day of the payer's choice."""
    day = city.rng.integers(1, 28, len(src))
    for month in range(-(-city.days // MONTH)):
        at = city.start + (month * MONTH + day) * DAY + 9 * HOUR
        pay(city, src, dst, at + city.rng.integers(0, 9 * HOUR, len(src)), fen)


def _first(rng: np.random.Generator, count: int) -> IntArray:
    """Which of the usual ones, the first the likeliest."""
    return np.minimum((rng.random(count) ** 2 * _USUAL).astype(np.int64), _USUAL - 1)


def _so_often(city: City, people: Population, who: IntArray, each: float) -> IntArray:
    """Each of ``who`` about ``each`` times a month, lively people more often."""
    rate = each * city.days / MONTH * people.liveliness[who]
    return np.repeat(who, city.rng.poisson(rate))


def _fen(city: City, mean: float, spread: float, count: int) -> IntArray:
    """Lognormal amounts; ``mean`` and ``spread`` are those of the logarithm of yuan."""
    return (city.rng.lognormal(mean, spread, count) * 100).astype(np.int64)
