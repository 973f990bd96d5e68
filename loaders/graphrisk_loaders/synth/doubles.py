"""Faults of identity: people whom a register knows twice, and numbers that two people have.

A later record arises where an operator or a bank registers somebody anew: with a name by ear, a
number mistyped or left out, and one or more of his telephones and accounts. Two people have one
number where it was given out twice (to two of one year) or copied from a relative's line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.look_alikes import disguise
from graphrisk_loaders.synth.model import NONE, City, IntArray, stream
from graphrisk_loaders.synth.parameters import Noise

_THIRD = 0.1  # of those who stand twice and hold three things, who stand thrice
_RELATIVE = 0.5  # of shared numbers, those that were copied within a household
_OLD_FORM = 0.1  # of numbers, those in their form of 15 digits
_CENTURY = slice(6, 8)


@dataclass(frozen=True, slots=True)
class Doubles:
    """Later records by number, and whose they are; what is registered under them."""

    keys: list[str]
    person: IntArray
    phone: IntArray  # of each telephone the later record that owns it, ``NONE`` for the first
    account: IntArray
    given: IntArray  # persons who were given another's number
    owner: IntArray  # whose number that is


def doubles(city: City, noise: Noise, seed: int, person_ids: list[str]) -> Doubles:
    """Draw who stands twice and whose number another has."""
    rng = stream(seed, "second records")
    phones = len(city.phones)
    holder = np.concatenate([city.phones.column("owner"), city.accounts.column("holder")])
    held = np.bincount(holder, minlength=len(city.persons))
    twice = np.flatnonzero((rng.random(len(held)) < noise.unmerged) & (held > 1))
    thrice = twice[(rng.random(len(twice)) < _THIRD) & (held[twice] > 2)]
    person = np.sort(np.concatenate([twice, thrice]))
    taken = set(person_ids)
    fresh = (key for key in keys.person_ids(rng, 2 * len(person)) if key not in taken)
    record = _shared_out(rng, person, holder)
    given, other = _shared_numbers(city, noise, seed)
    return Doubles(
        keys=[key for _, key in zip(person.tolist(), fresh, strict=False)],
        person=person,
        phone=record[:phones],
        account=record[phones:],
        given=given,
        owner=other,
    )


def _shared_out(rng: np.random.Generator, person: IntArray, holder: IntArray) -> IntArray:
    """The later record of its holder that each thing is registered under, ``NONE`` for the first.

    Each record has something: it arose where somebody was registered.
    """
    first, last = (np.searchsorted(person, holder, side) for side in ("left", "right"))
    order = np.lexsort((rng.random(len(holder)), holder))
    place = np.empty(len(holder), np.int64)
    place[order] = np.arange(len(holder)) - np.searchsorted(holder[order], holder[order])
    records = 1 + last - first
    turn = np.where(place < records, place, (rng.random(len(holder)) * records).astype(np.int64))
    return np.where(turn == 0, NONE, first + turn - 1)


def _shared_numbers(city: City, noise: Noise, seed: int) -> tuple[IntArray, IntArray]:
    """Persons who were given a number that another has: a relative, or one born in that year."""
    rng = stream(seed, "shared numbers")
    n = len(city.persons)
    given = np.flatnonzero(rng.random(n) < noise.shared_numbers)
    relative = rng.random(len(given)) < _RELATIVE
    other = np.empty(len(given), np.int64)
    for name, chosen in (("household", relative), ("birth_year", ~relative)):
        other[chosen] = next_of_group(rng, city.persons.column(name), given[chosen])
    planted = np.concatenate([np.empty(0, np.int64), *city.look_alikes])
    kept = (other != given) & ~np.isin(other, given) & ~np.isin([given, other], planted).any(axis=0)
    return given[kept], other[kept]


def next_of_group(rng: np.random.Generator, group: IntArray, rows: IntArray) -> IntArray:
    """Another row of the group of each, or itself where the group has none."""
    order = np.lexsort((rng.random(len(group)), group))
    first, last = (np.searchsorted(group[order], group[rows], side) for side in ("left", "right"))
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group))
    behind = first + (place[rows] + 1 - first) % (last - first)
    found: IntArray = order[behind]
    return found


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the population register."""

    key: list[str]
    name: list[str]
    birth_year: list[int | None]
    number: list[str]
    cell: list[str]


def register(
    first: Lines, doubles: Doubles, look_alikes: list[IntArray], cells: list[str], seed: int
) -> Lines:
    """The register with its faults: numbers that two have, and later records behind the first."""
    rng = stream(seed, "faults of records")
    names, number = list(first.name), list(first.number)
    heard = _homophones(names)
    disguise(stream(seed, "look-alike identities"), look_alikes, names, number, heard)
    own = list(number)
    for person, owner in zip(doubles.given.tolist(), doubles.owner.tolist(), strict=True):
        number[person] = number[owner]
    person = doubles.person.tolist()
    return Lines(
        key=[*first.key, *doubles.keys],
        name=[*names, *(_misspelt(rng, names[one], heard) for one in person)],
        birth_year=[*first.birth_year, *(_misdated(rng, first.birth_year[one]) for one in person)],
        number=[*number, *(_mistyped(rng, own[one]) for one in person)],
        cell=[*first.cell, *(_misplaced(rng, first.cell[one], cells) for one in person)],
    )


def _homophones(names: list[str]) -> dict[str, list[str]]:
    """Signs in use that sound like each sign in use."""
    from pypinyin import lazy_pinyin

    signs = sorted({sign for name in names for sign in name})
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for sign in signs:
        alike[lazy_pinyin(sign)[0]].append(sign)
    return {sign: alike[lazy_pinyin(sign)[0]] for sign in signs}


def _misspelt(rng: np.random.Generator, name: str, heard: dict[str, list[str]]) -> str:
    """By ear (often the same sign), by another sign, in pinyin, back to front, or as it is."""
    from pypinyin import lazy_pinyin

    place, fate = int(rng.integers(0, len(name))), rng.random()
    if fate < 0.25:
        signs = heard[name[place]]
    elif fate < 0.35:
        signs = list(heard)
    elif fate < 0.5:
        return f"{''.join(lazy_pinyin(name[1:]))} {lazy_pinyin(name[0])[0]}".title()
    else:
        return name[1:] + name[0] if fate < 0.6 else name
    return name[:place] + signs[int(rng.integers(0, len(signs)))] + name[place + 1 :]


def _misdated(rng: np.random.Generator, year: int | None) -> int | None:
    """Missing in one of ten, one year late in one of twenty."""
    fate = rng.random()
    if year is None or fate < 0.1:
        return None
    return year + 1 if fate < 0.15 else year


def _mistyped(rng: np.random.Generator, number: str) -> str:
    """Missing in three of ten, one digit wrong in two of ten, else right."""
    fate = rng.random()
    if fate < 0.3 or not number:
        return ""
    if fate < 0.5:
        place, step = int(rng.integers(0, 17)), int(rng.integers(1, 10))
        digit = (int(number[place]) + step) % 10
        return f"{number[:place]}{digit}{number[place + 1 :]}"
    if fate < 0.5 + _OLD_FORM and number[_CENTURY] == "19":
        return number[:6] + number[8:17]
    return number


def _misplaced(rng: np.random.Generator, cell: str, cells: list[str]) -> str:
    """Missing in one of ten, another one in one of ten."""
    fate = rng.random()
    if fate < 0.1:
        return ""
    return cells[int(rng.integers(0, len(cells)))] if fate < 0.2 else cell
