"""Hard negatives that collect money of many: lenders, donations, products, group buys, fees."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.loans import Desk, lend
from graphrisk_loaders.synth.model import DAY, HOUR, NONE, WHOLE, City
from graphrisk_loaders.synth.people import Population

_BONUS = (50 * 100, 200 * 100)  # fen for who brought a client


def p2p_lender(city: City, people: Population) -> None:
    """An honest platform: borrowers exist, the custodian sees all, interest is what they paid."""
    rng = city.rng
    owner, *rest = rng.choice(people.adults, 16, replace=False)
    borrowers = np.array(rest)
    till = city.accounts.add(holder=int(owner), opened=city.opened(1), device=NONE)
    firm = city.market.firms.add(head=int(owner), owner=int(owner))
    platform = city.market.platforms.add(firm=firm, dubious=0, trouble=city.start, poster=NONE)
    others = people.others([owner, *rest])
    desk = Desk(int(platform[0]), int(till[0]), (0.06, 0.11), WHOLE)
    loans = lend(city, people, desk, borrowers, others, range(1, city.days - 2))
    account = people.account_of[borrowers[loans.borrower]]
    mine = np.full(len(account), till[0])
    pay(city, mine, account, loans.paid_out, loans.fen)
    before = loans.due - rng.integers(HOUR, 12 * HOUR, len(account))
    pay(city, account, mine, before, loans.interest)
    city.honest(
        "p2p_lender", Person=np.array([owner]), Account=till, Company=firm, Platform=platform
    )


def donation_drive(city: City, people: Population) -> None:
    """Dozens give small sums for a sick child within days; the hospital is paid, nobody else."""
    rng = city.rng
    family, clinic, *donors = rng.choice(people.adults, int(rng.integers(61, 161)), replace=False)
    hospital = people.account_of[[clinic]]
    count = len(donors)
    first = city.start + int(rng.integers(1, city.days - 10)) * DAY
    at = first + (rng.beta(1.2, 3.0, count) * 7 * DAY).astype(np.int64)
    fen = (rng.lognormal(4.2, 0.9, count) * 100).astype(np.int64) // 1000 * 1000 + 1000
    account = people.account_of[[family]]
    pay(city, people.account_of[donors], np.full(count, account[0]), at, fen)
    bills = (fen.sum() * np.array([0.4, 0.35, 0.2])).astype(np.int64)
    due = first + rng.integers(3 * DAY, 9 * DAY, 3)
    pay(city, np.full(3, account[0]), np.full(3, hospital[0]), due, bills)
    city.honest("donation_drive", Person=np.array([family]), Account=account)


def wealth_product(city: City, people: Population) -> None:
    """A bank's product: who brings a friend gets a bonus once; principal and interest come back."""
    rng = city.rng
    issuer, treasury, *rest = rng.choice(people.adults, int(rng.integers(32, 82)), replace=False)
    clients = np.array(rest)
    till = city.accounts.add(holder=int(issuer), opened=city.opened(1), device=NONE)
    account, count = people.account_of[clients], len(clients)
    joined = city.start + rng.integers(0, city.days * DAY // 2, count)
    fen = rng.integers(1, 11, count) * 5000 * 100
    pay(city, account, np.full(count, till[0]), joined, fen)
    due = joined + city.days * DAY // 3 + rng.integers(0, 8 * HOUR, count)
    back = (fen * (1 + 0.042 * city.days / 3 / 365)).astype(np.int64)
    pay(city, np.full(count, till[0]), account, due, back)
    by_friend = np.flatnonzero(rng.random(count) < 0.4)
    friend = rng.integers(0, count, len(by_friend))
    bonus = rng.integers(*_BONUS, len(by_friend))
    late = joined[by_friend] + rng.integers(HOUR, 2 * DAY, len(by_friend))
    pay(city, np.full(len(friend), till[0]), account[friend], late, bonus)
    # Interest and bonus are the bank's: it pays in what the product earns.
    earned = np.array([int((back - fen).sum() + bonus.sum())])
    pay(city, people.account_of[[treasury]], till, np.array([int(joined.min())]), earned)
    told = people.phone_of[clients[friend]], people.phone_of[clients[by_friend]]
    talk(city, *told, joined[by_friend] - rng.integers(HOUR, DAY, len(friend)), 240.0)
    city.honest("wealth_product", Person=np.array([issuer]), Account=till)


def group_buy(city: City, people: Population) -> None:
    """Neighbours pay the leader for a box of fruit; the supplier gets it in the morning."""
    rng = city.rng
    place = int(rng.integers(0, len(people.adults) - 60))
    leader, *neighbours = rng.permutation(people.adults[place : place + 60]).tolist()
    supplier = people.account_of[rng.choice(people.adults, 1)]
    account = people.account_of[[leader]]
    for day in range(int(rng.integers(0, 4)), city.days - 1, int(rng.integers(3, 8))):
        buyers = rng.choice(neighbours, int(rng.integers(15, 45)), replace=False)
        price = int(rng.integers(25, 160)) * 100 - 10
        fen = price * rng.integers(1, 4, len(buyers))
        evening = city.start + day * DAY + 18 * HOUR + rng.integers(0, 4 * HOUR, len(buyers))
        pay(city, people.account_of[buyers], np.full(len(buyers), account[0]), evening, fen)
        morning = np.array([city.start + (day + 1) * DAY + 8 * HOUR])
        pay(city, account, supplier, morning, np.array([int(fen.sum() * 0.9)]))
    city.honest("group_buy", Person=np.array([leader]), Account=account)


def property_firm(city: City, people: Population) -> None:
    """Flat owners pay equal fees within days; the staff answers on one handset of the firm."""
    rng = city.rng
    owner, *staff = rng.choice(people.adults, int(rng.integers(5, 10)), replace=False)
    workers = np.array([owner, *staff])
    handset = city.new_devices(1)
    lines = city.phones.add(owner=workers, opened=city.opened(len(workers)), device=int(handset[0]))
    till = city.accounts.add(holder=int(owner), opened=city.opened(1), device=int(handset[0]))
    flats = rng.choice(people.adults, int(rng.integers(60, 140)), replace=False)
    fee = int(rng.integers(80, 400)) * 100
    for month in range(-(-city.days // 30)):
        first = city.start + (month * 30 + int(rng.integers(0, 8))) * DAY
        at = first + rng.integers(9 * HOUR, 10 * DAY, len(flats))
        pay(
            city,
            people.account_of[flats],
            np.full(len(flats), till[0]),
            at,
            np.full(len(flats), fee),
        )
        wage = np.full(len(workers) - 1, int(0.8 * fee * len(flats)) // len(workers))
        due = np.full(len(wage), first + 12 * DAY + 10 * HOUR)
        pay(city, np.full(len(wage), till[0]), people.account_of[workers[1:]], due, wage)
    count = 4 * city.days
    caller, line = people.phone_of[rng.choice(flats, count)], rng.choice(lines, count)
    out = rng.random(count) < 0.4
    src, dst = np.where(out, line, caller), np.where(out, caller, line)
    talk(city, src, dst, city.moments(count), 80.0)
    city.honest("property_firm", Person=workers, Phone=lines, Account=till, Device=handset)
