"""Mule ladders: layers, fees, the reporting line, and mules who live their lives."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity

_LINE = 50_000.0
Row = dict[str, str]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Twenty-four ladders, six a level, and nothing else."""
    folder = tmp_path_factory.mktemp("ladders")
    return city_of(folder, 2, {"mule_ladder": 24}, people=4000, cells=20, purchases=2)


@pytest.fixture(scope="module")
def ladders(city: RawCity) -> dict[str, dict[str, set[str]]]:
    """Accounts by role of each ladder."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in city.rows("truth/members.csv"):
        if row["node_kind"] == "Account":
            found[row["ring_id"]][row["role"]].add(row["key"])
    return found


def _bare(city: RawCity, ladders: dict[str, dict[str, set[str]]]) -> list[dict[str, set[str]]]:
    """Those whose accounts do nothing else."""
    return [accounts for ring, accounts in ladders.items() if not city.levels[ring]]


def _paid(city: RawCity, payers: set[str], payees: set[str]) -> list[Row]:
    return [
        row
        for row in city.transfers
        if row["from_account"] in payers and row["to_account"] in payees
    ]


def test_victims_pay_a_few_accounts_which_pay_more_and_cash_leaves_by_the_last(
    city: RawCity, ladders: dict[str, dict[str, set[str]]]
) -> None:
    depths = Counter[int]()
    for accounts in _bare(city, ladders):
        first = {row["to_account"] for row in _paid(city, accounts["victim"], accounts["mule"])}
        assert 1 <= len(first) <= 5
        assert len(accounts["victim"]) >= 8
        layer, seen = first, set(first)
        depth = 1
        while further := {row["to_account"] for row in _paid(city, layer, accounts["mule"] - seen)}:
            assert 1 <= len(further) <= 20
            layer, seen, depth = further, seen | further, depth + 1
        depths[depth] += 1
    assert set(depths) <= {2, 3, 4}
    assert len(depths) > 1


def test_mules_keep_a_small_fee_and_pay_parts_below_the_reporting_line_within_hours(
    city: RawCity, ladders: dict[str, dict[str, set[str]]]
) -> None:
    for accounts in _bare(city, ladders):
        paid = _paid(city, accounts["victim"], accounts["mule"])
        first = {row["to_account"] for row in paid}
        got = sum(float(row["amount_yuan"]) for row in paid)
        passed = _paid(city, first, accounts["mule"] - first)
        gave = sum(float(row["amount_yuan"]) for row in passed)
        assert 0.94 * got < gave < 0.995 * got
        assert max(float(row["amount_yuan"]) for row in passed) < _LINE
        assert min(row["time"] for row in paid) < min(row["time"] for row in passed)


def test_more_of_the_mules_live_their_lives_the_better_a_ladder_hides(
    city: RawCity, ladders: dict[str, dict[str, set[str]]]
) -> None:
    paid = Counter(row["to_account"] for row in city.transfers)
    popular = {key for key, count in paid.items() if count > 100} - city.keys_of(range(4))
    buyers = {row["from_account"] for row in city.transfers if row["to_account"] in popular}
    share = []
    for level in range(4):
        mules = set().union(
            *(of["mule"] for ring, of in ladders.items() if city.levels[ring] == level)
        )
        share.append(len(mules & buyers) / len(mules))
    assert share[0] == 0.0
    assert 0.1 < share[1] < share[3]


def test_its_organiser_speaks_with_the_mules_and_no_victim_was_called(city: RawCity) -> None:
    owner = {row["number"]: row["owner_id"] for row in city.rows("phones.csv")}
    talks = {
        (owner[caller], owner[callee])
        for caller, callee in zip(city.calls["caller"], city.calls["callee"], strict=True)
    }
    people: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in city.rows("truth/members.csv"):
        if row["node_kind"] == "Person":
            people[row["ring_id"]][row["role"]].add(row["key"])
    for ring in people.values():
        (boss,) = ring["organiser"]
        called = {callee for caller, callee in talks if caller == boss}
        assert len(called & ring["mule"]) > len(ring["mule"]) / 2
        assert len(called & ring["victim"]) <= 2
