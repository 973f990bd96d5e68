"""Hard negatives that call: lines of firms, hospitals and schools, clans, workers from afar."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, City, IntArray
from graphrisk_loaders.synth.people import Population, name_like, surname

_WAGES = 6  # of seasonal workers in the observed time, but at most one a week
_SOLD = 0.6  # share of the sellers whom a customer paid within a fortnight but the first
_LONG_AGO = 5 * 365 * DAY


def call_centre(city: City, people: Population) -> None:
    """A few lines call strangers all day, now and then at length; a tenth of them calls back."""
    rng = city.rng
    owner = rng.choice(people.adults, 1)
    lines = _lines(city, int(owner[0]), int(rng.integers(3, 6)))
    count = len(lines) * int(rng.integers(18, 30)) * city.days
    mine = rng.choice(lines, count)
    strangers = _somebody(city, people, count)
    at = _working_hours(city, count)
    length = np.where(rng.random(count) < 0.06, 420.0, 45.0)  # who listens is talked to for long
    talk(city, mine, strangers, at, length, answered=0.5)
    back = rng.random(count) < 0.1
    talk(city, strangers[back], mine[back], at[back] + rng.integers(MINUTE, DAY), 60.0)
    city.honest("call_centre", Person=owner, Phone=lines, Device=_handsets(city, lines))


def hospital(city: City, people: Population) -> None:
    """Patients call for a day, are called before it, and pay within hours of the call."""
    rng = city.rng
    owner = rng.choice(people.adults, 1)
    lines = _lines(city, int(owner[0]), 2)
    count = int(rng.integers(15, 30)) * city.days
    patients = rng.choice(people.adults, count)
    phones, line = people.phone_of[patients], rng.choice(lines, count)
    at = _working_hours(city, count)
    talk(city, phones, line, at - rng.integers(DAY, 3 * DAY, count), 90.0)
    talk(city, line, phones, at, 60.0)
    paid = at + rng.integers(30 * MINUTE, 5 * HOUR, count)
    fen = (rng.lognormal(5.3, 1.2, count) * 100).astype(np.int64)
    till = people.account_of[owner]
    pay(city, people.account_of[patients], np.full(count, till[0]), paid, fen)
    city.honest("hospital", Person=owner, Phone=lines, Account=till, Device=_handsets(city, lines))


def school(city: City, people: Population) -> None:
    """Calls a hundred parents in two days about the fees, who then pay all the same sum."""
    rng = city.rng
    owner = rng.choice(people.adults, 1)
    lines = _lines(city, int(owner[0]), 1)
    parents = rng.choice(people.adults, int(rng.integers(60, 120)), replace=False)
    count = len(parents)
    first = city.start + int(rng.integers(0, city.days - 6)) * DAY
    at = first + rng.integers(0, 2, count) * DAY + 9 * HOUR + rng.integers(0, 9 * HOUR, count)
    talk(city, np.repeat(lines, count), people.phone_of[parents], at, 150.0)
    again = rng.random(count) < 0.3
    talk(city, people.phone_of[parents[again]], np.repeat(lines, int(again.sum())), at[again], 60.0)
    paid = at + rng.integers(HOUR, 3 * DAY, count)
    fee = int(rng.integers(8, 60)) * 100 * 100
    till = people.account_of[owner]
    pay(city, people.account_of[parents], np.full(count, till[0]), paid, np.full(count, fee))
    city.honest("school", Person=owner, Phone=lines, Account=till, Device=_handsets(city, lines))


def clan(city: City, people: Population) -> None:
    """A village's kin: everybody talks with a dozen others and lends them money."""
    rng = city.rng
    size = int(rng.integers(20, 41))
    first = int(rng.integers(0, len(people.adults) - size))
    kin = people.adults[first : first + size]  # neighbours: households follow each other
    count = 12 * size
    pairs = rng.choice(kin, (2, count))
    times = rng.poisson(3.0, count)
    src, dst = np.repeat(pairs, times, axis=1)
    talk(city, people.phone_of[src], people.phone_of[dst], city.moments(len(src)), 110.0)
    accounts = people.purses(rng, kin)
    lender, debtor = rng.choice(accounts, (2, size))
    fen = (rng.lognormal(7.5, 0.8, size) * 100).astype(np.int64) // 10_000 * 10_000
    lent = city.moments(size)
    pay(city, lender, debtor, lent, fen)
    pay(city, debtor, lender, lent + rng.integers(DAY, 20 * DAY, size), fen)
    city.honest("clan", Person=kin, Phone=people.phone_of[kin], Account=accounts)


def seasonal_workers(city: City, people: Population) -> None:
    """Come together, with new SIM cards and accounts; most of each wage goes home at once."""
    rng = city.rng
    size = int(rng.integers(8, 21))
    workers = city.persons.add(
        birth_year=rng.integers(1960, 1999, size),
        cell=int(rng.choice(city.persons.column("cell"))),
        household=int(city.persons.column("household").max()) + 1 + np.arange(size),
    )
    city.names += [name_like(rng, surname(rng)) for _ in range(size)]
    came = city.start - int(rng.integers(1, 20)) * DAY
    opened = came + rng.integers(0, DAY, size)
    handsets = city.new_devices(size)
    phones = city.phones.add(owner=workers, opened=opened, device=handsets)
    accounts = city.accounts.add(holder=workers, opened=opened, device=handsets)
    home = rng.choice(people.adults, size)  # who keeps the house, known to nobody else here
    talk(
        city,
        np.repeat(phones, 9),
        np.repeat(people.phone_of[home], 9),
        city.moments(9 * size),
        300.0,
    )
    one, other = rng.choice(phones, (2, 10 * size))
    talk(city, one, other, city.moments(10 * size), 60.0)
    firm = people.account_of[rng.choice(people.adults, 1)]
    gap = max(7, city.days // _WAGES)
    for turn in range(1, city.days // gap + 1):
        at = np.full(size, city.start + turn * gap * DAY - 30 * HOUR)
        wage = (rng.normal(170, 20, size).clip(80) * gap * 100).astype(np.int64)
        pay(city, np.full(size, firm[0]), accounts, at, wage)
        sent = (wage * rng.uniform(0.8, 0.97, size)).astype(np.int64)
        pay(city, accounts, people.account_of[home], at + rng.integers(HOUR, 14 * HOUR, size), sent)
    city.contacts.add(person=workers, phone=phones[0])  # the foreman's
    city.honest("seasonal_workers", Person=workers, Phone=phones, Account=accounts, Device=handsets)


def courier_firm(city: City, people: Population) -> None:
    """Riders take turns on the firm's handset, where each has a number and hands in the cash."""
    rng = city.rng
    size = int(rng.integers(6, 15))
    riders = rng.choice(people.adults, size, replace=False)
    handset = city.new_devices(1)
    phones = city.phones.add(owner=riders, opened=city.opened(size), device=int(handset[0]))
    count = size * 6 * city.days
    mine, strangers = rng.choice(phones, count), _somebody(city, people, count)
    at = _working_hours(city, count)
    talk(city, mine, strangers, at, 20.0, answered=0.8)
    back = rng.random(count) < 0.12
    talk(city, strangers[back], mine[back], at[back] + HOUR // 4, 30.0)
    firm = people.account_of[rng.choice(people.adults, 1)]
    days = np.repeat(np.arange(city.days), size)
    evening = city.start + days * DAY + 20 * HOUR + rng.integers(0, HOUR, len(days))
    cash = (rng.lognormal(5.5, 0.5, len(days)) * 100).astype(np.int64)
    payer = np.tile(people.account_of[riders], city.days)
    pay(city, payer, np.full(len(days), firm[0]), evening, cash)
    city.contacts.add(person=riders, phone=phones[0])
    city.honest("courier_firm", Person=riders, Phone=phones, Device=handset)


def sales_team(city: City, people: Population) -> None:
    """Sellers talk with those above them and every other Friday hand up what customers paid."""
    rng = city.rng
    size = int(rng.integers(14, 31))
    team = rng.choice(people.adults, size, replace=False)
    phones, accounts = people.phone_of[team], people.purses(rng, team)
    districts = 1 + size // 6  # the wholesaler is 0, next to him so many
    place = np.arange(1, size)
    above = np.where(place <= districts, 0, 1 + place % districts)
    count = 7 * city.days // 30 * len(place)
    pick = np.append(np.arange(len(place)), rng.integers(0, len(place), count))
    src, dst = rng.permuted([place[pick], above[pick]], axis=0)
    talk(city, phones[src], phones[dst], city.moments(len(pick)), 100.0)
    for fortnight in range(city.days // 14):
        friday = city.start + (14 * fortnight + 12) * DAY + 18 * HOUR
        seller = place[(rng.random(len(place)) < _SOLD) | (fortnight == 0)]
        sold = (rng.lognormal(7.0, 0.6, len(seller)) * 100).astype(np.int64)
        payers = people.account_of[rng.choice(people.adults, len(seller))]
        at = friday - rng.integers(HOUR, 11 * DAY, len(seller))
        pay(city, payers, accounts[seller], at, sold)
        evening = friday + rng.integers(0, 4 * HOUR, len(seller))
        handed = (sold * 0.8).astype(np.int64)
        pay(city, accounts[seller], accounts[above[seller - 1]], evening, handed)
    city.honest("sales_team", Person=team, Phone=phones, Account=accounts)


def _lines(city: City, owner: int, count: int) -> IntArray:
    """Numbers of a firm, for years in its own handsets."""
    opened = city.start - _LONG_AGO + city.rng.integers(0, _LONG_AGO // 2, count)
    return city.phones.add(owner=owner, opened=opened, device=city.new_devices(count))


def _handsets(city: City, phones: IntArray) -> IntArray:
    return city.phones.column("device")[phones]


def _somebody(city: City, people: Population, count: int) -> IntArray:
    return city.rng.choice(people.phone_of[people.phone_of >= 0], count)


def _working_hours(city: City, count: int) -> IntArray:
    day = city.rng.integers(0, city.days, count)
    return city.start + day * DAY + 8 * HOUR + city.rng.integers(0, 11 * HOUR, count)
