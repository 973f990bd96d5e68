"""The banks' list of whom a customer named for emergencies: somebody at home, or a friend."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.doubles import next_of_group
from graphrisk_loaders.synth.model import NONE, IntArray
from graphrisk_loaders.synth.registers.office import Office, picked

_NAMED = 0.75  # share of those with an account who named somebody
_NEAR = 60  # a friend lives within so many in the order of households


def contacts(office: Office) -> None:
    """Write the list; what rings and look-alikes had their members name stands in it as well."""
    rng, planted = office.chance("emergency_contacts"), office.city.contacts
    phone = _ordinary(office, rng)
    phone[planted.column("person")] = planted.column("phone")
    who = np.flatnonzero(phone != NONE)
    columns = {
        "客户": picked(office.files.person_ids, who),
        "紧急联系电话": picked(office.files.numbers, phone[who]),
    }
    office.csv("emergency_contacts.csv", rng, columns)


def _ordinary(office: Office, rng: np.random.Generator) -> IntArray:
    """The number that each person named, ``NONE`` for most without an account."""
    city, first = office.city, office.people.phone_of
    count = len(first)
    holders = np.unique(city.accounts.column("holder"))
    holders = holders[(holders < count) & (rng.random(len(holders)) < _NAMED)]
    relative = next_of_group(rng, office.people.household, holders)
    friend = np.clip(holders + rng.integers(-_NEAR, _NEAR + 1, len(holders)), 0, count - 1)
    at_home = (relative != holders) & (first[relative] != NONE)
    whom = np.where(at_home, relative, friend)
    phone = np.full(len(city.persons), NONE)
    phone[holders] = np.where(whom != holders, first[whom], NONE)
    return phone
