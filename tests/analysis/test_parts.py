"""Who pays, passes on and collects in a finding's evidence, read from a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import Finding, Member
from graphrisk.analysis.parts import money_parts
from graphrisk.store.contract import Reader
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.towns import DAY, START, Town
from tests.analysis.samples import finding
from tests.analysis.stores import fill


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Twelve victims pay four mules, all of these two collectors; ten friends pay each other."""
    town = Town()
    people = [town.citizen() for _ in range(28)]
    victims, mules, bosses, friends = people[:12], people[12:16], people[16:18], people[18:]
    for payer, payees in [*((one, mules) for one in victims), *((one, bosses) for one in mules)]:
        for payee in payees:
            town.pay(payer.account, payee.account, 900, START + DAY)
    for number, payer in enumerate(friends):
        for step in (1, 3, 4):
            payee = friends[(number + step) % len(friends)]
            town.pay(payer.account, payee.account, 900, START + DAY)
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    fill(store, town.graph())
    yield store.reader(EVERYTHING, Purpose("test"))
    store.close()


def _finding(reader: Reader, accounts: list[int]) -> Finding:
    eids = _column(reader, "eid")
    members = tuple(Member(nid, "Account", "account") for nid in accounts)
    plain = finding("ring_1")
    return Finding(plain.finding_id, plain.kind, 0.5, members, (), tuple(sorted(eids)), "r")


def _accounts(reader: Reader) -> list[int]:
    return sorted({*_column(reader, "src"), *_column(reader, "dst")})


def _column(reader: Reader, name: str) -> list[int]:
    (rows,) = reader.export_edges("TRANSFERRED", 0, reader.version())
    return [int(value) for value in rows[name].to_numpy()]


def test_parts_follow_the_payments_among_members(reader: Reader) -> None:
    accounts = _accounts(reader)
    group = accounts[:18]
    parts = money_parts(_finding(reader, group), reader)
    assert list(parts) == group
    told = list(parts.values())
    assert told == ["pays"] * 12 + ["passes_on"] * 4 + ["collects"] * 2


def test_where_there_is_no_structure_no_part_is_told(reader: Reader) -> None:
    accounts = _accounts(reader)
    assert money_parts(_finding(reader, accounts[18:]), reader) == {}
    assert money_parts(_finding(reader, [accounts[0], accounts[12]]), reader) == {}
    nothing = Finding("ring_2", "fan_in", 0.5, (), (), (), "r")
    assert money_parts(nothing, reader) == {}
