"""What every ring shares: its accounts, its members, and how it hides.

Members keep their own phones, accounts and ties. What a level of camouflage adds:

===== ===========================================================================
0     numbers and accounts of the ring serve nothing else
1     accounts make as many ordinary payments, with anybody, as the ring has them
      make, and some more, and get a part of their holder's wages; numbers have
      friends of their own; handsets hold three numbers or so, as many do at home
2     as 1, but the ordinary payments are with popular shops; handsets hold two numbers
3     mule and cycle accounts are hijacked ones of ordinary people and lead their
      lives; times and amounts are spread wider
===== ===========================================================================
"""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import MONTH, chat, live
from graphrisk_loaders.synth.model import DAY, NONE, City, IntArray
from graphrisk_loaders.synth.people import Population, online
from graphrisk_loaders.synth.spending import fill

HIJACKED = 3  # level from which a ring uses accounts of ordinary people
_FRIENDLY_PAYMENTS = 0.5  # a month, in and out, beside those that match the ring's own
_FRIENDLY_CALLS = 5.0  # a month, in and out, of a number that is camouflaged
#: Numbers that a ring has in one handset, by level: more than most people's would tell it.
_IN_ONE_HANDSET = (NONE, 3, 2, 2)
Members = list[tuple[str, int, str, bool]]


def kept(members: Members) -> tuple[tuple[str, int, str, bool], ...]:
    """Each member once, in order."""
    return tuple(dict.fromkeys(members))


def named(kind: str, numbers: IntArray, role: str, offender: bool = True) -> Members:
    """Members of one node kind with one role."""
    return [(kind, int(number), role, offender) for number in numbers]


def window(city: City, days: int) -> int:
    """Start of a ring's activity of so many days, within the observed time."""
    latest = max(city.days - days - 1, 1)
    return city.start + int(city.rng.integers(0, latest)) * DAY


def camouflage(
    city: City, people: Population, level: int, phones: IntArray, accounts: IntArray
) -> None:
    """Give numbers and accounts of a ring the ordinary life of their level."""
    if level:
        chat(city, people, phones, _FRIENDLY_CALLS)
    if level in (1, 2):
        more = city.rng.poisson(_FRIENDLY_PAYMENTS * city.days / MONTH, len(accounts))
        live(city, people, accounts, _ties(city, accounts) + more, popular=level == 2)
        fill(city, people, accounts)


def shared_handsets(city: City, level: int, numbers: int, bare: int) -> IntArray:
    """New handsets for so many numbers: ``bare`` when nothing is hidden, else few numbers each."""
    if not level:
        return city.new_devices(bare)
    return city.new_devices(max(-(-numbers // _IN_ONE_HANDSET[level]), 2))


def _ties(city: City, accounts: IntArray) -> IntArray:
    """Transfers so far of each account, in and out."""
    ends = np.concatenate([city.transfers.column("src"), city.transfers.column("dst")])
    return np.bincount(ends, minlength=len(city.accounts))[accounts]


def ring_accounts(city: City, people: Population, level: int, holders: IntArray) -> IntArray:
    """Accounts a ring uses: newly opened by the holders, or from level 3 on their old ones."""
    if level >= HIJACKED:
        return people.purses(city.rng, holders)
    phone = people.phone_of[holders]
    handset = np.where(phone >= 0, city.phones.column("device")[phone], NONE)
    return city.accounts.add(
        holder=holders, opened=city.opened(len(holders)), device=online(city.rng, handset)
    )


def crew_accounts(
    city: City, people: Population, level: int, holders: IntArray, living: float
) -> tuple[IntArray, IntArray]:
    """Accounts of the holders, and those of them that serve the ring alone.

    From level 1 on a share ``living`` of the holders uses the account that he lives with.
    """
    lives = city.rng.random(len(holders)) < (living if level else 0.0)
    accounts = people.purses(city.rng, holders)
    accounts[~lives] = ring_accounts(city, people, level, holders[~lives])
    return accounts, accounts[~lives]
