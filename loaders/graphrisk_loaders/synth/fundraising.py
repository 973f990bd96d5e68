"""Illegal fundraising: a platform that pays the first investors from the money of the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth.camouflage import (
    Members,
    camouflage,
    crew_accounts,
    kept,
    named,
    ring_accounts,
)
from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.ladders import tell_crew
from graphrisk_loaders.synth.model import (
    DAY,
    HOUR,
    MISSING,
    NONE,
    WHOLE,
    City,
    FloatArray,
    IntArray,
    Ring,
)
from graphrisk_loaders.synth.people import Population
from graphrisk_loaders.synth.referrals import Referrals, referral_tree

_JOINED, _STALLED, _FROZEN = 0.7, 0.75, 0.93  # shares of its life: nobody new, few more, no payouts
_TERMS = 6  # of a deposit, in the life of the platform
_STAYS = 0.7  # share of those who are paid back and pay in again
_COMMISSION, _OVERRIDE = 0.04, 0.01  # of a deposit: to who brought the investor, to who brought him
_LIVING = 0.75  # share of camouflaged promoters who are paid on the account that they live with
_DRIFT = 0.6  # share of the last contracts that the custodian never saw
_ROUND = 100 * 100  # fen of a deposit


@dataclass(frozen=True, slots=True)
class _Life:
    """From the first deposit to the flight; it may have begun before the observed time."""

    started: int
    ended: int

    @classmethod
    def of(cls, city: City) -> _Life:
        days = max(min(int(city.rng.integers(40, 81)), city.days - 4), 24)
        ended = city.end - int(city.rng.integers(1, max(city.days - days, 2))) * DAY
        return cls(ended - days * DAY, ended)

    def at(self, share: float) -> int:
        return self.started + int(share * (self.ended - self.started))

    def share(self, at: IntArray) -> FloatArray:
        passed: FloatArray = (at - self.started) / (self.ended - self.started)
        return passed


@dataclass(frozen=True, slots=True)
class _Deposits:
    """One row a deposit, with what was paid back of it; ``due`` lies after the end where never."""

    investor: IntArray
    sponsor: IntArray  # place in the tree
    pool: IntArray
    at: IntArray
    fen: IntArray
    due: IntArray
    back: IntArray


def fundraising(city: City, people: Population, level: int) -> None:
    """Promoters bring investors, who are paid back with the money of others, until the flight."""
    rng, life = city.rng, _Life.of(city)
    tree = referral_tree(rng, city.sizes.promoters, city.sizes.brought)
    crew = rng.choice(people.adults, 2 + level + len(tree.parent), replace=False)
    organiser, fronts, promoters = crew[:1], crew[1 : 2 + level], crew[2 + level :]
    pools = ring_accounts(city, people, level, fronts)
    purse = ring_accounts(city, people, level, organiser)
    paid, own = crew_accounts(city, people, level, promoters, _LIVING)
    rate = float(rng.uniform(0.12, 0.36))
    deposits = _deposits(city, people.others(crew), tree, pools, life, rate)
    _pay_in_and_out(city, people, deposits, life)
    _commissions(city, tree, deposits, pools, paid, life)
    _flee(city, deposits, pools, int(purse[0]), life)
    _persuade(city, people, tree, promoters, deposits)
    days = (life.ended - life.started) // DAY
    tell_crew(city, people, organiser, np.append(fronts, promoters[:1]), life.started, days)
    firms = city.market.firms.add(head=fronts[:2], owner=organiser)
    platform = _platform(city, people, firms, promoters, life)
    _books(city, platform, firms, deposits, life, rate)
    camouflage(city, people, level, np.empty(0, np.int64), np.concatenate([pools, purse, own]))
    members = [
        *named("Person", organiser, "organiser"),
        *named("Person", fronts, "shell_firm"),
        *named("Company", firms, "shell_firm"),
        *named("Platform", platform, "platform"),
        *named("Person", promoters, "promoter"),
        *named("Account", paid, "promoter"),
        *named("Account", np.append(pools, purse), "account"),
        *_victims(people, np.unique(deposits.investor)),
    ]
    taken = int(deposits.fen.sum())
    city.rings.append(Ring("fundraising", level, life.started, life.ended, taken, kept(members)))


def _victims(people: Population, investors: IntArray) -> Members:
    return [
        *named("Person", investors, "victim", offender=False),
        *named("Account", people.account_of[investors], "victim", offender=False),
    ]


def _deposits(
    city: City, others: IntArray, tree: Referrals, pools: IntArray, life: _Life, rate: float
) -> _Deposits:
    """Who joins pays in again after each term, more every time, until it stalls."""
    rng = city.rng
    sponsor = np.repeat(np.arange(len(tree.parent)), rng.integers(2, 7, len(tree.parent)))
    sponsor = rng.permutation(sponsor)[: len(others) // 3]
    investor = rng.choice(others, len(sponsor), replace=False)
    joined = life.started + (
        _JOINED * np.sqrt(rng.random(len(sponsor))) * (life.ended - life.started)
    ).astype(np.int64)
    first, growth = rng.lognormal(7.0, 1.0, len(sponsor)), rng.uniform(1.0, 1.5, len(sponsor))
    rounds = rng.geometric(1 - _STAYS, len(sponsor)).clip(max=_TERMS)
    row = np.repeat(np.arange(len(sponsor)), rounds)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    term = (life.ended - life.started) // _TERMS
    at = joined[row] + turn * term + rng.integers(0, 6 * HOUR, len(row)) * (turn + 1)
    told = (at < life.at(_STALLED)) | ((at < life.ended) & (rng.random(len(row)) < 0.3))
    row, turn, at = row[told], turn[told], at[told]
    yuan = first[row] * growth[row] ** turn
    fen = np.maximum((yuan * 100).astype(np.int64) // _ROUND, 1) * _ROUND
    due = at + term + rng.integers(HOUR, 10 * HOUR, len(at))
    back = (fen * (1 + rate * term / (365 * DAY))).astype(np.int64)
    pool = rng.choice(pools, len(sponsor))[row]
    return _Deposits(investor[row], sponsor[row], pool, at, fen, due, back)


def _pay_in_and_out(city: City, people: Population, deposits: _Deposits, life: _Life) -> None:
    account = people.account_of[deposits.investor]
    pay(city, account, deposits.pool, deposits.at, deposits.fen)
    due = deposits.due < life.at(_FROZEN)
    pay(city, deposits.pool[due], account[due], deposits.due[due], deposits.back[due])


def _commissions(
    city: City,
    tree: Referrals,
    deposits: _Deposits,
    pools: IntArray,
    paid: IntArray,
    life: _Life,
) -> None:
    """Once a week, to who brought an investor and to who brought that promoter."""
    weeks = -(-(life.ended - life.started) // (7 * DAY))
    upline = tree.parent[deposits.sponsor]
    due = np.zeros((weeks, len(paid)))
    week = (deposits.at - life.started) // (7 * DAY)
    np.add.at(due, (week, deposits.sponsor), _COMMISSION * deposits.fen)
    np.add.at(
        due,
        (week[upline != NONE], upline[upline != NONE]),
        _OVERRIDE * deposits.fen[upline != NONE],
    )
    week, promoter = np.nonzero(due)
    at = life.started + (week + 1) * 7 * DAY + city.rng.integers(9 * HOUR, 18 * HOUR, len(week))
    before = at < life.at(_FROZEN)
    fen = due[week, promoter].astype(np.int64)
    payer = city.rng.choice(pools, len(week))
    pay(city, payer[before], paid[promoter[before]], at[before], fen[before])


def _flee(city: City, deposits: _Deposits, pools: IntArray, purse: int, life: _Life) -> None:
    """What is left in each pool goes to the organiser within a day, in parts."""
    rng = city.rng
    due = deposits.due < life.at(_FROZEN)
    back = np.where(due, deposits.back, 0) + _COMMISSION * deposits.fen
    for pool in pools.tolist():
        mine = deposits.pool == pool
        left = max(float(deposits.fen[mine].sum() - back[mine].sum()), 0.0) * 0.97
        parts = rng.dirichlet(np.ones(int(rng.integers(2, 5)))) * left
        at = life.ended - rng.integers(0, DAY, len(parts))
        pay(city, np.full(len(parts), pool), np.full(len(parts), purse), at, parts.astype(np.int64))


def _persuade(
    city: City, people: Population, tree: Referrals, promoters: IntArray, deposits: _Deposits
) -> None:
    """Promoters talk with their investors before they pay, and with who brought them every week."""
    rng = city.rng
    before = rng.integers(HOUR, 3 * DAY, len(deposits.at))
    caller = people.phone_of[promoters[deposits.sponsor]]
    talk(city, caller, people.phone_of[deposits.investor], deposits.at - before, 240.0)
    child = np.repeat(np.flatnonzero(tree.parent != NONE), 6)
    pair = people.phone_of[promoters[tree.parent[child]]], people.phone_of[promoters[child]]
    turned = rng.random(len(child)) < 0.4
    src, dst = np.where(turned, pair[1], pair[0]), np.where(turned, pair[0], pair[1])
    talk(city, src, dst, city.moments(len(child)), 180.0)


def _platform(
    city: City, people: Population, firms: IntArray, promoters: IntArray, life: _Life
) -> IntArray:
    return city.market.platforms.add(
        firm=firms[:1],
        dubious=1,
        trouble=life.at(_FROZEN),
        poster=people.phone_of[promoters[:1]],
    )


def _books(
    city: City, platform: IntArray, firms: IntArray, deposits: _Deposits, life: _Life, rate: float
) -> None:
    """Its own firms borrow at the promised rate; the custodian sees less and less of it."""
    rng = city.rng
    count = max(len(deposits.at) // 25, 3)
    opened = np.sort(rng.integers(life.started, life.ended, count))
    opened[0] = life.started
    bids = city.market.bids.add(
        platform=int(platform[0]),
        person=NONE,
        firm=rng.choice(firms, count),
        fen=rng.integers(20, 101, count) * 10_000 * 100,
        rate=int(rate * 10_000),
        months=rng.choice([1, 3, 6], count),
        at=opened,
    )
    unseen = rng.random(len(deposits.at)) < _DRIFT * life.share(deposits.at) ** 2
    city.market.contracts.add(
        bid=bids[np.searchsorted(opened, deposits.at, "right") - 1],
        lender=deposits.investor,
        fen=deposits.fen,
        at=deposits.at,
        booked=np.where(unseen, MISSING, WHOLE),
    )
