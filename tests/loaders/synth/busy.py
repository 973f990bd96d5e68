"""How much who was planted, and who only looks like it, has to do with others in each week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.loaders.synth.raw import Numbers, Places, RawCity


@dataclass(frozen=True)
class Busy:
    """Of each row of a file how many events it has an end of, and how much they are a week."""

    degree: Numbers
    weekly: Numbers  # row by week; number of calls, yuan of payments


def busy(city: RawCity) -> Iterator[tuple[str, str, Busy]]:
    """Kind of rows, kind of events, and how many and much of them each row has."""
    log, ledger = city.log, city.ledger
    called = np.ones(len(log.seconds))
    owners, holders = (
        _whose(city, "phones.csv", "owner_id"),
        _whose(city, "accounts.csv", "holder_id"),
    )
    holders = np.append(holders, np.full(len(city.accounts_by_key) - len(holders), -1))
    people = len(city.rows("persons.csv"))
    calls, paid = (log.caller, log.callee), (ledger.payer, ledger.payee)
    told = (
        ("phones", "calls", len(owners), calls, log.week, called),
        ("accounts", "payments", len(city.rows("accounts.csv")), paid, ledger.week, ledger.yuan),
        ("persons", "calls", people, (owners[calls[0]], owners[calls[1]]), log.week, called),
        (
            *("persons", "payments", people),
            *((holders[paid[0]], holders[paid[1]]), ledger.week, ledger.yuan),
        ),
    )
    for kind, events, count, ends, week, size in told:
        yield kind, events, _counted(count, ends, week, size)


def _counted(count: int, ends: tuple[Places, Places], week: Places, size: Numbers) -> Busy:
    weeks = int(week.max()) + 1
    end, when, much = np.concatenate(ends), np.tile(week, 2), np.tile(size, 2)
    ours = (end >= 0) & (end < count)
    weekly = np.bincount((end * weeks + when)[ours], much[ours], count * weeks)
    degree = np.bincount(end[ours], minlength=count).astype(np.float64)
    return Busy(degree, weekly.astype(np.float64).reshape(count, weeks))


def _whose(city: RawCity, file: str, column: str) -> Places:
    """The row of whom each row belongs to among the persons; -1 for nobody's."""
    people = {row["person_id"]: at for at, row in enumerate(city.rows("persons.csv"))}
    return np.array([people.get(row[column], -1) for row in city.rows(file)], np.int64)
