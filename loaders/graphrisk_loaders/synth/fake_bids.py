"""Fake bids: a lending platform invents its borrowers and takes the lenders' money itself."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.camouflage import (
    HIJACKED,
    camouflage,
    kept,
    named,
    ring_accounts,
    shared_handsets,
)
from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.ladders import tell_crew
from graphrisk_loaders.synth.loans import Desk, Loans, lend
from graphrisk_loaders.synth.model import DAY, HOUR, MISSING, NONE, City, IntArray, Ring
from graphrisk_loaders.synth.people import Population, made_up

_RATES = (0.14, 0.24)
_AT_ONE_ADDRESS = 0.4  # share of the bare and lightly hidden rings; the others share handsets


def fake_bids(city: City, people: Population, level: int) -> None:
    """Borrowers share a handset or an address; the custodian never hears of their bids."""
    rng = city.rng
    crew = rng.choice(people.adults, 2, replace=False)
    organiser, front = crew[:1], crew[1:]
    borrowers, phones, accounts, devices = _borrowers(city, people, level, crew)
    till, purse = (
        ring_accounts(city, people, level, front),
        ring_accounts(city, people, level, organiser),
    )
    firm = city.market.firms.add(head=front, owner=organiser)
    platform = city.market.platforms.add(firm=firm, dubious=1, trouble=city.start, poster=NONE)
    first = int(rng.integers(1, 4))
    last = max(city.days - int(rng.integers(3, 8)), first + 1)
    desk = Desk(int(platform[0]), int(till[0]), _RATES, MISSING)
    others = people.others(np.concatenate([crew, borrowers]))
    loans = lend(city, people, desk, borrowers, others, range(first, last))
    _take(city, loans, int(till[0]), accounts, int(purse[0]), level)
    started = city.start + first * DAY
    tell_crew(city, people, organiser, front, started, last - first)
    # Who keeps the numbers has them ring each other, so that they look alive.
    one, other = rng.choice(phones, (2, 6 * len(phones)))
    talk(city, one, other, city.moments(len(one)), 60.0)
    own = accounts if level < HIJACKED else accounts[:0]
    camouflage(city, people, level, phones, np.concatenate([own, till, purse]))
    members = [
        *named("Person", organiser, "organiser"),
        *named("Person", front, "shell_firm"),
        *named("Company", firm, "shell_firm"),
        *named("Platform", platform, "platform"),
        *named("Bid", loans.bid, "bid"),
        *named("Person", borrowers, "borrower"),
        *named("Phone", phones, "borrower"),
        *named("Account", accounts, "borrower"),
        *named("Device", devices, "device"),
        *named("Account", np.append(till, purse), "account"),
        *named("Person", loans.lenders, "victim", offender=False),
        *named("Account", people.account_of[loans.lenders], "victim", offender=False),
    ]
    taken, ended = int(loans.fen.sum()), city.start + last * DAY
    city.rings.append(Ring("fake_bids", level, started, ended, taken, kept(members)))


def _borrowers(
    city: City, people: Population, level: int, crew: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Persons, their phones, their accounts, and the handsets that they share."""
    rng = city.rng
    count = city.drawn(city.sizes.borrowers)
    neighbours = level < HIJACKED and bool(rng.random() < _AT_ONE_ADDRESS)
    if level >= HIJACKED:
        persons = rng.choice(people.others(crew), count, replace=False)
    else:
        cells = rng.choice(city.persons.column("cell"), 1 if neighbours else count)
        homes = np.zeros(count, np.int64) if neighbours else np.arange(count)
        persons = made_up(city, np.resize(cells, count), homes)
    devices = city.new_devices(count) if neighbours else shared_handsets(city, level, count, 1)
    handset = devices[np.arange(count) % len(devices)]
    phones = city.phones.add(owner=persons, opened=city.opened(count), device=handset)
    accounts = (
        people.account_of[persons]
        if level >= HIJACKED
        else city.accounts.add(holder=persons, opened=city.opened(count), device=handset)
    )
    return persons, phones, accounts, devices[:0] if neighbours else devices


def _take(city: City, loans: Loans, till: int, accounts: IntArray, purse: int, level: int) -> None:
    """Each loan goes to its borrower, and from there to the organiser within a day or two."""
    rng, count = city.rng, len(loans.fen)
    account = accounts[loans.borrower]
    fen = (loans.fen * rng.uniform(0.93, 0.97, count)).astype(np.int64)
    pay(city, np.full(count, till), account, loans.paid_out, fen)
    wait = rng.integers(HOUR, 16 * HOUR * (3 if level >= HIJACKED else 1), count)
    rest = (fen * rng.uniform(0.95, 0.99, count)).astype(np.int64)
    pay(city, account, np.full(count, purse), loans.paid_out + wait, rest)
