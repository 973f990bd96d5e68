"""Mule ladders: what victims paid goes down through layers of accounts within hours.

A scam cell has a ladder of its own; a ladder by itself serves frauds whose callers this city never
sees, such as rebates for made-up orders over chat.
"""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.camouflage import (
    HIJACKED,
    camouflage,
    crew_accounts,
    kept,
    named,
    window,
)
from graphrisk_loaders.synth.everyday import pay, talk
from graphrisk_loaders.synth.keys import CATEGORIES
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, City, IntArray, Ring
from graphrisk_loaders.synth.people import Population

LAST_MULES, _CASHIERS = (2, 4), (1, 2)  # the third layer, and a fourth
_REPORTING_LINE = 50_000 * 100  # fen; larger sums are split below it
_REBATES = CATEGORIES.index("刷单返利")  # what its victims were promised
_LENT = 1 / 3  # share of camouflaged mules who lend the account they live with


def mule_ladder(city: City, people: Population, level: int) -> None:
    """Victims of frauds elsewhere pay into the first layer; cash is taken out of the last."""
    rng = city.rng
    hops = int(rng.integers(2, 5))
    layers_of = (city.sizes.first_mules, city.sizes.ladder_mules, LAST_MULES, _CASHIERS)
    least, most = np.transpose(layers_of)
    sizes = rng.integers(least, most + 1)[:hops]
    crew = rng.choice(people.adults, 1 + int(sizes.sum()), replace=False)
    organiser, hands = crew[:1], crew[1:]
    days = min(int(rng.integers(10, 29)), city.days - 2)
    started = window(city, days)
    accounts, own = crew_accounts(city, people, level, hands, _LENT)
    layers = np.split(accounts, np.cumsum(sizes)[:-1])
    others = people.others(crew)
    victims = rng.choice(
        others, max(int(days * city.drawn(city.sizes.victims) / 7), 8), replace=False
    )
    paid = started + rng.integers(0, days, len(victims)) * DAY + 9 * HOUR
    paid = paid + rng.integers(0, 12 * HOUR, len(victims))
    taken = pass_down(city, people.account_of[victims], layers, paid, level)
    camouflage(city, people, level, np.empty(0, np.int64), own)
    tell_crew(city, people, organiser, hands, started, days)
    members = [
        *named("Person", organiser, "organiser"),
        *named("Person", hands, "mule"),
        *named("Account", accounts, "mule"),
        *named("Person", victims, "victim", offender=False),
        *named("Account", people.account_of[victims], "victim", offender=False),
    ]
    ended = started + days * DAY
    city.rings.append(
        Ring("mule_ladder", level, started, ended, taken, kept(members), category=_REBATES)
    )


def pass_down(
    city: City, payers: IntArray, layers: list[IntArray], paid: IntArray, level: int
) -> int:
    """Each payer pays once into the first layer, whence the sum goes down; all that was paid."""
    rng = city.rng
    fen = (rng.lognormal(8.0, 1.1, len(payers)) * 100).astype(np.int64)
    entry = rng.choice(layers[0], len(payers))
    pay(city, payers, entry, paid, fen)
    taken = int(fen.sum())
    spread = 3 if level >= HIJACKED else 1
    for lower in layers[1:]:
        entry, paid, fen = _pass_on(city, lower, entry, paid, fen, spread)
    return taken


def tell_crew(
    city: City, people: Population, boss: IntArray, crew: IntArray, started: int, days: int
) -> None:
    """The organiser speaks with the crew on their own phones, every few days."""
    rng = city.rng
    count = max(days // 3, 1) * len(crew)
    at = started + rng.integers(0, days * DAY, count)
    src = np.full(count, people.phone_of[boss[0]])
    talk(city, src, people.phone_of[rng.choice(crew, count)], at, 90.0)


def _pass_on(
    city: City,
    lower: IntArray,
    account: IntArray,
    at: IntArray,
    fen: IntArray,
    spread: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """Each sum goes on within hours, less a fee, in parts below the reporting line."""
    rng = city.rng
    parts = np.maximum(rng.integers(1, 3, len(fen)), -(-fen // _REPORTING_LINE))
    after = np.repeat(at, parts) + rng.integers(5 * MINUTE, 90 * MINUTE * spread, parts.sum())
    source = np.repeat(account, parts)
    weight = rng.uniform(0.7, 1.3, parts.sum())
    which = np.repeat(np.arange(len(fen)), parts)
    total = np.bincount(which, weight)
    rest = 1 - rng.uniform(0.01, 0.03, len(fen))
    share = (fen * rest)[which] * weight / total[which]
    target = rng.choice(lower, len(source))
    amount = np.maximum(share.astype(np.int64), 100)
    pay(city, source, target, after, amount)
    return target, after, amount
