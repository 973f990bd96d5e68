"""Supply cells and covert cells: grown nets whose members talk, and money along their ties."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.camouflage import camouflage, crew_accounts, kept
from graphrisk_loaders.synth.covert import NOBODY, lay, members_of
from graphrisk_loaders.synth.everyday import MONTH, pay
from graphrisk_loaders.synth.growth import grown
from graphrisk_loaders.synth.model import NONE, City, IntArray, Ring
from graphrisk_loaders.synth.nets import Net
from graphrisk_loaders.synth.people import Population

_LIVING = 0.6  # share of camouflaged members who pay by the account that they live with


def supply_cell(city: City, people: Population, level: int) -> None:
    """Drug supply: every month takings go up, from each to the best tied whom he knows."""
    net = grown(city.rng, "supply_cell", city.sizes.cell)
    payer, payee = _upward(net)
    _plant(city, people, level, "supply_cell", net, payer, payee, city.days / MONTH)


def _upward(net: Net) -> tuple[IntArray, IntArray]:
    """Who pays whom: each member the one with most ties whom he knows, if those are more."""
    ties = net.ties()
    best = np.where(net.adjacency(), ties, 0).argmax(axis=1)
    payer = np.flatnonzero(ties[best] > ties)
    return payer, best[payer]


def covert_cell(city: City, people: Population, level: int) -> None:
    """A cell that prepares a crime: now and then the organiser pays the upkeep of one he knows."""
    net = grown(city.rng, "covert_cell", city.sizes.cell)
    centre = int(net.ties().argmax())
    his = (net.src == centre) | (net.dst == centre)
    known = (net.src + net.dst)[his] - centre
    payer = np.full(len(known), centre)
    _plant(city, people, level, "covert_cell", net, payer, known, city.days / MONTH)


def _plant(
    city: City,
    people: Population,
    level: int,
    kind: str,
    net: Net,
    payer: IntArray,
    payee: IntArray,
    times: float,
) -> None:
    """Let a net talk, and each payer (by place in the net) pay ``times`` times, on average."""
    rng = city.rng
    persons = rng.choice(people.adults, net.size, replace=False)
    phones = lay(city, people, level, net, persons)
    paid = np.unique([payer, payee])
    accounts = np.full(net.size, NONE)
    accounts[paid], own = crew_accounts(city, people, level, persons[paid], _LIVING)
    counts = 1 + rng.poisson(times, len(payer))
    fen = (rng.lognormal(7.2, 0.8, int(counts.sum())) * 100).astype(np.int64)
    src, dst = accounts[np.repeat([payer, payee], counts, axis=1)]
    pay(city, src, dst, city.moments(len(fen)), fen)
    camouflage(city, people, level, NOBODY, own)
    members = members_of(net, Person=persons, Phone=phones, Account=accounts)
    taken = int(fen.sum())
    city.rings.append(Ring(kind, level, city.start, city.end, taken, kept(members), net.name))
