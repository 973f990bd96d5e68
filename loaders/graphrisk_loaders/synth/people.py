"""The population: grid cells, households, people, phones, handsets and accounts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from graphrisk_loaders.synth.model import NONE, City, FloatArray, IntArray
from graphrisk_loaders.synth.parameters import Parameters

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺顾毛郝龚邵万钱严"
)
#: The last two need four bytes in GB18030.
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文辉玲斌宇"
    "浩鹏飞红梅兰荣国庆海燕雪琴云莲真环荷雅𠮷𡋾"
)
_RARE, _SELDOM = 2, 0.05
_UP_TO = np.cumsum([1.0] * (len(_GIVEN) - _RARE) + [_SELDOM] * _RARE)
_UP_TO = (_UP_TO / _UP_TO[-1]).tolist()  # chance of a sign or one before it
_HOUSEHOLD_SIZES = (1, 2, 3, 4, 5)
_HOUSEHOLD_SHARES = (0.16, 0.27, 0.30, 0.18, 0.09)
_PHONE_AGE = 12
_ADULT_AGE = 18
_ADULTS_A_SHOP = 12  # market stalls and riders who show a code are shops too
_USUAL = 0.3  # share of contacts and payments that one makes by the usual thing come what may
#: Where a number is used: in the holder's first handset (most hold two cards), one that was or is
#: another one's at home, one bought from somebody else, or else in a new one.
_FIRST, _FURTHER = (0.0, 0.32, 0.03), (0.45, 0.32, 0.04)
_SPREAD = 0.8  # of the logarithm of liveliness: one in ten is three times as lively as the median


@dataclass(frozen=True, slots=True)
class Population:
    """Who may take part in what: numbers of persons, of their phones and accounts."""

    adults: IntArray
    phone_of: IntArray  # first phone of each person, -1
    numbers: IntArray  # all phones of each person, a row a person, -1 where he has fewer
    account_of: IntArray  # the account of each person's everyday payments, -1
    savings_of: IntArray  # where wages come in: a second account, or the same one, -1
    accounts: IntArray  # all accounts of each person, a row a person, -1 where he has fewer
    household: IntArray
    shops: IntArray  # adults who take payments, the most popular first
    liveliness: FloatArray  # of each person: mean 1, how often one calls and pays

    def others(self, persons: Collection[int] | IntArray) -> IntArray:
        """The adults but these."""
        return self.adults[~np.isin(self.adults, list(persons))]

    def purses(self, rng: np.random.Generator, persons: IntArray) -> IntArray:
        """An account of each: where the wages come in, or as often the one of everyday."""
        return np.where(
            rng.random(len(persons)) < 0.5, self.savings_of[persons], self.account_of[persons]
        )

    def second(self, persons: IntArray) -> IntArray:
        """A number of each beside the first, -1."""
        found: IntArray = self.numbers[persons, 1:].max(axis=1, initial=NONE)
        return found

    def lines(self, rng: np.random.Generator, persons: IntArray) -> IntArray:
        """The number by which each is in touch with somebody: one of his, the first likelier."""
        return _one_of(rng, self.numbers, self.phone_of, persons)

    def wallets(self, rng: np.random.Generator, persons: IntArray) -> IntArray:
        """The account by which each pays: one of his, that of everyday payments the likelier."""
        return _one_of(rng, self.accounts, self.account_of, persons)

    def without(self, persons: Collection[int]) -> Population:
        """The same people, of whom these take no part as adults."""
        return replace(self, adults=self.others(persons))


def people_town(city: City, parameters: Parameters) -> Population:
    """Fill the city with people and what they own."""
    rng, n = city.rng, parameters.people
    sizes = rng.choice(_HOUSEHOLD_SIZES, n, p=_HOUSEHOLD_SHARES)
    household = np.repeat(np.arange(n), sizes)[:n]
    place = np.arange(n) - np.searchsorted(household, household)  # 0 and 1 parents, 2+ children
    cell_of = rng.integers(0, parameters.cells, household[-1] + 1)
    year = 1970 + city.start // (365 * 24 * 3_600_000)
    age = np.where(
        (place >= 2) & (rng.random(n) < 0.8), rng.integers(0, 26, n), rng.integers(20, 86, n)
    )
    city.persons.add(birth_year=year - age, cell=cell_of[household], household=household)
    city.homes = int(household[-1]) + 1
    city.names = _names(rng, household, place)
    numbers = _phones(city, parameters.phones, np.flatnonzero(age >= _PHONE_AGE), household)
    phone_of = numbers[:, 0]
    adults = np.flatnonzero(age >= _ADULT_AGE)
    device_of = np.where(phone_of >= 0, city.phones.column("device")[phone_of], NONE)
    account_of, savings_of, accounts = _accounts(city, parameters.accounts, adults, device_of)
    shops = rng.choice(adults, max(len(adults) // _ADULTS_A_SHOP, 5), replace=False)
    spread = rng.lognormal(-0.5 * _SPREAD**2, _SPREAD, n)
    of = (phone_of, numbers, account_of, savings_of, accounts)
    return Population(adults, *of, household, shops, spread)


def _one_of(
    rng: np.random.Generator, things: IntArray, usual: IntArray, persons: IntArray
) -> IntArray:
    other = things[persons, rng.integers(0, things.shape[1], len(persons))]
    return np.where((other == NONE) | (rng.random(len(persons)) < _USUAL), usual[persons], other)


def made_up(city: City, cells: IntArray, homes: IntArray) -> IntArray:
    """Persons who exist on paper alone, registered in the cells; those of one home together."""
    count = len(cells)
    year = city.rng.integers(1950, 1998, count)
    first = int(city.persons.column("household").max()) + 1
    city.names += [name_like(city.rng, surname(city.rng)) for _ in range(count)]
    return city.persons.add(birth_year=year, cell=cells, household=first + homes)


def look_alikes(city: City, homes: IntArray) -> IntArray:
    """Persons on paper behind whom is one hand: of one year, with names and numbers like slips.

    The first is what the hand calls itself; the population register writes the others after it.
    """
    cells = city.rng.choice(city.persons.column("cell"), int(homes.max()) + 1)[homes]
    first = int(city.persons.column("household").max()) + 1
    year = city.rng.integers(1950, 1998)
    city.names += [name_like(city.rng, surname(city.rng))] * len(homes)
    persons = city.persons.add(birth_year=int(year), cell=cells, household=first + homes)
    city.look_alikes.append(persons)
    return persons


def name_like(rng: np.random.Generator, surname: str) -> str:
    """A full name with the surname."""
    return surname + "".join(_given(rng, int(rng.integers(1, 3))))


def surname(rng: np.random.Generator) -> str:
    """A surname, the first of the list being the most frequent."""
    rank = min(int(rng.exponential(len(_SURNAMES) / 4)), len(_SURNAMES) - 1)
    return _SURNAMES[rank]


def _names(rng: np.random.Generator, household: IntArray, place: IntArray) -> list[str]:
    """Children and the head of a household share a surname, the spouse has another."""
    heads = [surname(rng) for _ in range(int(household[-1]) + 1)]
    return [
        name_like(rng, surname(rng) if position == 1 else heads[home])
        for home, position in zip(household.tolist(), place.tolist(), strict=True)
    ]


def _given(rng: np.random.Generator, count: int) -> list[str]:
    return [_GIVEN[bisect_right(_UP_TO, lot)] for lot in rng.random(count).tolist()]


def _phones(
    city: City, shares: tuple[float, ...], owners: IntArray, household: IntArray
) -> IntArray:
    """Numbers of each person, a row a person: some have several, some several in one handset."""
    rng = city.rng
    numbers = np.full((len(household), len(shares)), NONE)
    own = city.new_devices(len(owners))
    last = np.maximum(np.arange(len(owners)) - 1, 0)
    relative = np.where(household[owners[last]] == household[owners], own[last], own)
    for place, share in enumerate(shares):
        some = rng.random(len(owners)) < share
        device = own[some]
        fate = rng.random(len(device))
        before, home, used = _FURTHER if place else _FIRST
        at_home, bought = (
            (fate >= low) & (fate < low + share)
            for low, share in ((before, home), (before + home, used))
        )
        device[at_home] = relative[some][at_home]
        device[bought] = rng.choice(own, int(bought.sum()))
        new = (fate >= before + home + used) & (place > 0)
        device[new] = city.new_devices(int(new.sum()))
        numbers[owners[some], place] = city.phones.add(
            owner=owners[some], opened=city.opened(len(device)), device=device
        )
    return numbers


def _accounts(
    city: City, shares: tuple[float, ...], holders: IntArray, device_of: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """The first of the accounts of each is for payments, the last for wages; and all of them."""
    rng, n = city.rng, len(device_of)
    accounts = np.full((n, len(shares)), NONE)
    account_of, savings_of = np.full(n, NONE), np.full(n, NONE)
    for place, share in enumerate(shares):
        some = holders[rng.random(len(holders)) < share]
        new = city.accounts.add(
            holder=some, opened=city.opened(len(some)), device=online(rng, device_of[some])
        )
        savings_of[some] = np.where(savings_of[some] == account_of[some], new, savings_of[some])
        account_of[some] = np.where(account_of[some] < 0, new, account_of[some])
        accounts[some, place] = new
    return account_of, savings_of, accounts


def online(rng: np.random.Generator, devices: IntArray) -> IntArray:
    """Most accounts are used on the holder's own handset, the others on none."""
    return np.where(rng.random(len(devices)) < 0.7, devices, NONE)
