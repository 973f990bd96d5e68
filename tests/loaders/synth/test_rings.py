"""Scam cells, laundering cycles and identity rings: what each does, and how its accounts hide."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity, moment

DAY, HOUR = 86_400_000, 3_600_000
_SILENT = {"calls_per_tie": 0.0, "strangers": 0.0, "purchases": 0.0, "bills": 0.0, "gifts": 0.0}
_SMALL = {"people": 1500, "cells": 10, **_SILENT}
Call = dict[str, Any]
Parts = dict[tuple[str, str], set[str]]  # members by node kind and role


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Three bare rings of each kind in a town where nobody else calls."""
    rings = {"scam_cell": 3, "laundering_cycle": 3, "identity_ring": 3}
    return city_of(tmp_path_factory.mktemp("rings"), 4, rings, levels=[0], **_SMALL)


def _rings(city: RawCity, kind: str) -> dict[str, Parts]:
    found: dict[str, Parts] = {
        row["ring_id"]: defaultdict(set)
        for row in city.rows("truth/rings.csv")
        if row["kind"] == kind
    }
    for row in city.rows("truth/members.csv"):
        if row["ring_id"] in found:
            found[row["ring_id"]][row["node_kind"], row["role"]].add(row["key"])
    return found


@pytest.fixture(scope="module")
def calls(city: RawCity) -> list[Call]:
    """Every single one; ``at`` in ms."""
    rows = pq.read_table(city.folder / "calls.parquet").to_pylist()
    return [row | {"at": row["start"].timestamp() * 1000} for row in rows]


def test_a_number_calls_strangers_for_some_days_and_is_then_given_up(
    city: RawCity, calls: list[Call]
) -> None:
    for cell in _rings(city, "scam_cell").values():
        pool, began = cell["Phone", "caller"], set[int]()
        callers = len(cell["Person", "caller"])
        assert 3 <= callers <= 12
        assert len(pool) >= 3 * callers
        for number in pool:
            days = sorted(row["at"] // DAY for row in calls if row["caller"] == number)
            busiest = max(sum(first <= day < first + 5 for day in days) for first in set(days))
            assert busiest >= 0.8 * len(days) >= 10, "one to five days"
            began.add(int(median(days)))
        assert max(began) - min(began) >= 5, "others are worked then"
        out = [row["callee"] for row in calls if row["caller"] in pool]
        assert len(set(out)) > 0.6 * len(out), "strangers"
        assert not [row for row in calls if row["callee"] in pool], "nobody calls back"


def test_a_victim_is_held_on_a_long_call_and_pays_a_mule_within_two_hours(
    city: RawCity, calls: list[Call]
) -> None:
    holder = {row["account_no"]: row["holder_id"] for row in city.rows("accounts.csv")}
    owner = {row["number"]: row["owner_id"] for row in city.rows("phones.csv")}
    rings = {row["ring_id"]: row for row in city.rows("truth/rings.csv")}
    held = []
    for name, cell in _rings(city, "scam_cell").items():
        victims, mules = cell["Account", "victim"], cell["Account", "mule"]
        weeks = (int(rings[name]["ended"]) - int(rings[name]["started"])) / (7 * DAY)
        assert 2 <= len(victims) / weeks <= 10
        paid = [
            row
            for row in city.transfers
            if row["from_account"] in victims and row["to_account"] in mules
        ]
        assert {row["from_account"] for row in paid} == victims
        for row in paid:
            before = [
                call
                for call in calls
                if call["caller"] in cell["Phone", "caller"]
                and owner[call["callee"]] == holder[row["from_account"]]
                and 0 <= moment(row["time"]) - call["at"] <= 2 * HOUR
            ]
            held.append(max(call["seconds"] for call in before))
    assert median(held) > 600


def test_money_comes_back_to_whom_it_left_in_rising_time_and_a_little_less(city: RawCity) -> None:
    for cycle in _rings(city, "laundering_cycle").values():
        accounts = cycle["Account", "passer"]
        assert 3 <= len(accounts) <= 10
        rows = [
            row
            for row in city.transfers
            if row["from_account"] in accounts and row["to_account"] in accounts
        ]
        assert len(rows) >= 3 * len(accounts), "several rounds"
        for first in range(0, len(rows), len(accounts)):
            turn = rows[first : first + len(accounts)]
            assert {row["from_account"] for row in turn} == accounts
            assert turn[-1]["to_account"] == turn[0]["from_account"]
            for one, two in pairwise(turn):
                assert one["to_account"] == two["from_account"]
                assert one["time"] < two["time"]
                assert 0.97 < float(two["amount_yuan"]) / float(one["amount_yuan"]) < 1


def test_identities_of_one_hand_share_a_handset_and_fill_one_purse(city: RawCity) -> None:
    handset = {row["number"]: row["imei"] for row in city.rows("phones.csv")}
    device = {row["account_no"]: row["device_id"] for row in city.rows("accounts.csv")}
    owner = {row["number"]: row["owner_id"] for row in city.rows("phones.csv")}
    for ring in _rings(city, "identity_ring").values():
        phones, accounts = ring["Phone", "phone"], ring["Account", "account"]
        assert {owner[number] for number in phones} == ring["Person", "identity"]
        assert 3 <= len(phones) == len(accounts) <= 10
        used = {handset[number] for number in phones} | {device[one] for one in accounts}
        assert used == ring["Device", "device"]
        assert len(used) == 1, "it hides nothing"
        payers = Counter(
            (row["to_account"], row["from_account"])
            for row in city.transfers
            if row["from_account"] in accounts and row["to_account"] in accounts
        )
        (purse,) = {payee for payee, _ in payers}
        assert {payer for _, payer in payers} == accounts - {purse}


def _holders(city: RawCity) -> dict[str, dict[str, str]]:
    return {row["person_id"]: row for row in city.rows("persons.csv")}


def test_identities_of_one_hand_are_alike_but_for_slips(city: RawCity) -> None:
    register = _holders(city)
    home = {row["person_id"]: row["address_code"] for row in city.rows("households.csv")}
    named = {row["客户"]: row["紧急联系电话"] for row in city.rows("emergency_contacts.csv")}
    kinds = Counter[str]()
    for ring in _rings(city, "identity_ring").values():
        rows = [register[key] for key in ring["Person", "identity"]]
        assert len({row["birth_year"] for row in rows}) == 1
        assert len({home[row["person_id"]] for row in rows}) == 1
        assert {named[row["person_id"]] for row in rows} < ring["Phone", "phone"]
        assert len({named[row["person_id"]] for row in rows}) == 1
        told = [row["id_number"] for row in rows if row["id_number"]]
        assert len(set(told)) == len(told)
        # The hand's own differs from each of the others by a slip.
        own = min(told, key=lambda one: sum(_differing(one, other) for other in told))
        assert max(_differing(own, other) for other in told) <= 2
        names = Counter(row["name"] for row in rows)
        usual, _ = names.most_common(1)[0]
        assert all(_differing(usual, name) <= 2 and name[0] == usual[0] for name in names)
        kinds["names"] += len(names) - 1
        kinds["none"] += len(rows) - len(told)
        kinds["check"] += sum(own[:17] == other[:17] for other in told) - 1
        kinds["turned"] += sum(_differing(own, other) == 2 for other in told)
    assert min(kinds.values()) > 0, kinds


def _differing(one: str, other: str) -> int:
    assert len(one) == len(other)
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_hidden_identities_gave_several_addresses_and_not_all_the_same_contact(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("hidden")
    honest = {"seasonal_workers": 3}
    rings = {"identity_ring": 4}
    city = city_of(folder, 4, rings, levels=[2, 3], hard_negatives=honest, **_SMALL)
    home = {row["person_id"]: row["address_code"] for row in city.rows("households.csv")}
    named = {row["客户"]: row["紧急联系电话"] for row in city.rows("emergency_contacts.csv")}
    same = every = 0
    for ring in _rings(city, "identity_ring").values():
        people = ring["Person", "identity"]
        assert max(Counter(home[one] for one in people).values()) <= 2
        same += Counter(named[one] for one in people).most_common(1)[0][1]
        every += len(people)
    assert 0.5 * every < same < every
    # Honest people name one number as well: workers their foreman's, families each other's.
    workers = defaultdict[str, set[str]](set)
    for row in city.rows("truth/hard_negatives.csv"):
        if row["node_kind"] == "Person":
            workers[row["group_id"]].add(named[row["key"]])
    assert {len(numbers) for numbers in workers.values()} == {1}
    owner = {row["number"]: row["owner_id"] for row in city.rows("phones.csv")}
    at_home = [home.get(owner[number]) == home[one] for one, number in named.items()]
    assert sum(at_home) > 0.6 * len(at_home)


def test_ordinary_payments_outweigh_the_rings_own_and_seek_popular_shops_from_level_2_on(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("levels")
    city = city_of(folder, 4, {"laundering_cycle": 8}, levels=[1, 2], **_SMALL)
    others: dict[int, Counter[str]] = {1: Counter(), 2: Counter()}
    for name, cycle in _rings(city, "laundering_cycle").items():
        accounts, own = cycle["Account", "passer"], 0
        outside = Counter[str]()
        for row in city.transfers:
            ends = row["from_account"], row["to_account"]
            inside = [end in accounts for end in ends]
            own += all(inside)
            if inside == [True, False]:
                outside[ends[1]] += 1
            elif inside == [False, True]:
                outside[ends[0]] += 1
        assert outside.total() >= own
        others[city.levels[name]] += outside
    share = {
        level: sum(count for _, count in whom.most_common(10)) / whom.total()
        for level, whom in others.items()
    }
    assert share[2] > 2 * share[1]
