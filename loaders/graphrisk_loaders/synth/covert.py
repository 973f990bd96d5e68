"""Covert networks: real ones laid over citizens, and cells grown in the likeness of such."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphrisk_loaders.synth.camouflage import HIJACKED, Members, camouflage, kept, named
from graphrisk_loaders.synth.everyday import MONTH, talk
from graphrisk_loaders.synth.model import NONE, City, IntArray, Ring
from graphrisk_loaders.synth.nets import ROLES, Net, roles_of
from graphrisk_loaders.synth.people import Population
from graphrisk_loaders.synth.templates import TemplateError

_CALLS_A_TIE = 1.2  # a month, of a tie of median weight, beside a first one
_WEIGHTIEST = 8.0  # times the median; the real ones have a few ties a hundred times as strong
NOBODY = np.empty(0, np.int64)


def lay_templates(
    city: City, people: Population, nets: Sequence[Net], levels: Sequence[int]
) -> None:
    """Lay real networks over citizens, nobody in two of them, at the levels in turn.

    Raises:
        TemplateError: The city has fewer adults than the networks have members.
    """
    needed = sum(net.size for net in nets)
    if needed > len(people.adults):
        what = f"{needed} members in all, but only {len(people.adults)} adults left in the city"
        raise TemplateError("templates", None, what)
    drawn = city.rng.choice(people.adults, needed, replace=False)
    bounds = np.cumsum([net.size for net in nets])[:-1]
    for number, (net, persons) in enumerate(zip(nets, np.split(drawn, bounds), strict=True)):
        level = levels[number % len(levels)]
        phones = lay(city, people, level, net, persons)
        members = members_of(net, Person=persons, Phone=phones)
        city.rings.append(Ring("template", level, city.start, city.end, 0, kept(members), net.name))


def lay(city: City, people: Population, level: int, net: Net, persons: IntArray) -> IntArray:
    """Have the persons call each other along the ties, all the observed time; their numbers.

    Each tie is called at least once, stronger ones more often, either way.
    """
    phones = _numbers(city, people, level, persons)
    strength = np.clip(net.weight / np.median(net.weight), 1 / _WEIGHTIEST, _WEIGHTIEST)
    calls = 1 + city.rng.poisson(_CALLS_A_TIE * city.days / MONTH * strength)
    src, dst = phones[np.repeat([net.src, net.dst], calls, axis=1)]
    turned = city.rng.random(len(src)) < 0.5
    src, dst = np.where(turned, dst, src), np.where(turned, src, dst)
    talk(city, src, dst, city.moments(len(src)), 60.0)
    return phones


def members_of(net: Net, **nodes: IntArray) -> Members:
    """Members by node kind, each with the part that the ties give it; ``NONE`` has none."""
    roles = roles_of(net)
    return [
        member
        for kind, numbers in nodes.items()
        for role in ROLES
        for member in named(kind, numbers[(roles == role) & (numbers != NONE)], role)
    ]


def _numbers(city: City, people: Population, level: int, persons: IntArray) -> IntArray:
    """Numbers for the cell alone in handsets of their own, or from level 3 on everybody's usual.

    From level 1 on who has a second number uses that, and every other new one is in the handset
    that its owner has anyway.
    """
    if level >= HIJACKED:
        return people.phone_of[persons]
    phones = people.second(persons) if level else np.full(len(persons), NONE)
    lacks = np.flatnonzero(phones == NONE)
    handset = city.new_devices(len(lacks))
    usual = people.phone_of[persons[lacks]]
    kept_in = (usual != NONE) & (city.rng.random(len(lacks)) < (0.5 if level else 0.0))
    handset[kept_in] = city.phones.column("device")[usual[kept_in]]
    phones[lacks] = city.phones.add(
        owner=persons[lacks], opened=city.opened(len(lacks)), device=handset
    )
    camouflage(city, people, level, phones[lacks], NOBODY)
    return phones
