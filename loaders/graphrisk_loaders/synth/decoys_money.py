"""Hard negatives that move money: wages, rents, weddings, red packets, sweeps within a firm."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, City, IntArray
from graphrisk_loaders.synth.people import Population

_LUCKY = np.array([200, 300, 500, 600, 800, 1000, 1200, 1600]) * 100  # fen of a wedding gift


def payroll(city: City, people: Population) -> None:
    """Clients pay a firm, which pays its staff within hours, every week or month."""
    rng = city.rng
    owner, *clients = people.account_of[rng.choice(people.adults, 4, replace=False)].tolist()
    staff = people.account_of[rng.choice(people.adults, int(rng.integers(15, 50)), replace=False)]
    every = int(rng.choice([7, 14, 28]))
    wage = (rng.lognormal(7.0, 0.2, len(staff)) * every / 7).astype(np.int64) * 100
    for day in range(int(rng.integers(1, 6)), city.days - 1, every):
        noon = city.start + day * DAY + 11 * HOUR
        part = np.full(len(clients), int(wage.sum() * 1.05) // len(clients))
        got = noon - rng.integers(MINUTE, 20 * HOUR, len(clients))
        pay(city, np.array(clients), np.full(len(clients), owner), got, part)
        at = noon + np.sort(rng.integers(0, 2 * HOUR, len(staff)))
        pay(city, np.full(len(staff), owner), staff, at, wage)
    accounts = np.array([owner, *clients])
    city.honest("payroll", Person=_holders(city, accounts), Account=accounts)


def landlord(city: City, people: Population) -> None:
    """A dozen equal rents come in within days and go to the mortgage."""
    rng = city.rng
    mine, bank = people.account_of[rng.choice(people.adults, 2, replace=False)].tolist()
    tenants = people.account_of[rng.choice(people.adults, int(rng.integers(8, 25)), replace=False)]
    rent = (rng.integers(12, 40, len(tenants)) * 100 * 100).astype(np.int64)
    for month in range(-(-city.days // 30)):
        first = city.start + (month * 30 + int(rng.integers(0, 8))) * DAY + 8 * HOUR
        at = first + rng.integers(0, 3 * DAY, len(tenants))
        pay(city, tenants, np.full(len(tenants), mine), at, rent)
        due = np.array([int(at.max()) + int(rng.integers(HOUR, 8 * HOUR))])
        pay(city, np.array([mine]), np.array([bank]), due, np.array([int(rent.sum() * 0.9)]))
    accounts = np.array([mine, bank])
    city.honest("landlord", Person=_holders(city, accounts), Account=accounts)


def wedding(city: City, people: Population) -> None:
    """Guests are called, give lucky sums within a day, and the banquet is paid from them."""
    rng = city.rng
    couple = rng.choice(people.adults, 2, replace=False)
    guests = rng.choice(people.adults, int(rng.integers(30, 80)), replace=False)
    hall = people.account_of[rng.choice(people.adults, 1)]
    day = city.start + int(rng.integers(8, city.days - 2)) * DAY
    host = rng.choice(couple, len(guests))
    invited = day - rng.integers(DAY, 7 * DAY, len(guests))
    talk(city, people.phone_of[host], people.phone_of[guests], invited, 90.0)
    came = day + 9 * HOUR + rng.integers(0, 12 * HOUR, len(guests))
    gift = rng.choice(_LUCKY, len(guests))
    pay(city, people.account_of[guests], people.account_of[host], came, gift)
    for one in couple.tolist():
        fen = np.array([int(gift[host == one].sum() * 0.9)])
        night = np.array([day + 22 * HOUR])
        pay(city, people.account_of[[one]], hall, night, fen)
    city.honest("wedding", Person=couple, Account=people.account_of[couple])


def red_packets(city: City, people: Population) -> None:
    """On one evening everybody of a circle sends small sums to most of the others."""
    rng = city.rng
    circle = rng.choice(people.adults, int(rng.integers(8, 16)), replace=False)
    accounts = people.purses(rng, circle)
    src, dst = (side.ravel() for side in np.meshgrid(accounts, accounts))
    some = (src != dst) & (rng.random(len(src)) < 0.5)
    evening = city.start + int(rng.integers(0, city.days)) * DAY + 19 * HOUR
    at = evening + rng.integers(0, 4 * HOUR, int(some.sum()))
    fen = (rng.lognormal(2.6, 0.9, len(at)) * 100).astype(np.int64)
    pay(city, src[some], dst[some], at, fen)
    city.honest("red_packets", Person=circle, Account=accounts)


def treasury(city: City, people: Population) -> None:
    """One owner's business accounts: takings are swept up, lent on, and come round again."""
    rng = city.rng
    owner = int(rng.choice(people.adults))
    size = int(rng.integers(4, 8))
    accounts = city.accounts.add(holder=owner, opened=city.opened(size), device=-1)
    customers = people.account_of[people.adults]
    for day in range(0, city.days, 2):
        fen = (rng.lognormal(8.0, 0.5, size) * 100).astype(np.int64)
        morning = city.start + day * DAY + 8 * HOUR + rng.integers(0, 4 * HOUR, size)
        pay(city, rng.choice(customers, size), accounts, morning, fen)
        lent = int(rng.lognormal(9.0, 0.5) * 100)
        at = city.start + day * DAY + 13 * HOUR + np.cumsum(rng.integers(MINUTE, HOUR, size))
        pay(city, accounts, np.roll(accounts, -1), at, np.full(size, lent))
    city.honest("treasury", Person=np.array([owner]), Account=accounts)


def _holders(city: City, accounts: IntArray) -> IntArray:
    return city.accounts.column("holder")[accounts]
