"""Honest look-alikes: each does what makes it look like a ring, and what tells it from one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

import pytest

from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.parameters import HARD_NEGATIVE_KINDS
from tests.loaders.synth.raw import RawCity

Group = dict[str, list[str]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    folder = tmp_path_factory.mktemp("city")
    write_city("small", 6, folder, lambda *_: None)
    return RawCity(folder)


@pytest.fixture(scope="module")
def groups(city: RawCity) -> dict[str, list[Group]]:
    found: dict[tuple[str, str], Group] = defaultdict(lambda: defaultdict(list))
    for row in city.rows("truth/hard_negatives.csv"):
        found[row["kind"], row["group_id"]][row["node_kind"]].append(row["key"])
    by_kind: dict[str, list[Group]] = defaultdict(list)
    for (kind, _), group in found.items():
        by_kind[kind].append(group)
    return by_kind


def _paid(city: RawCity, payers: Iterable[str], payees: Iterable[str]) -> list[dict[str, str]]:
    src, dst = set(payers), set(payees)
    return [
        row
        for row in city.transfers
        if (not src or row["from_account"] in src) and (not dst or row["to_account"] in dst)
    ]


def _calls(city: RawCity) -> Counter[tuple[str, str]]:
    return Counter(zip(city.calls["caller"], city.calls["callee"], strict=True))


def test_every_kind_is_there_and_names_what_it_is_made_of(groups: dict[str, list[Group]]) -> None:
    assert set(groups) == set(HARD_NEGATIVE_KINDS)
    assert all(group["Person"] for kind in groups.values() for group in kind)


@pytest.mark.parametrize("kind", ["call_centre", "hospital", "school", "courier"])
def test_lines_call_many_strangers_and_some_call_back(
    kind: str, city: RawCity, groups: dict[str, list[Group]]
) -> None:
    calls = _calls(city)
    for group in groups[kind]:
        lines = set(group["Phone"])
        called = {callee for caller, callee in calls if caller in lines}
        back = {caller for caller, callee in calls if callee in lines}
        assert len(called) >= 40
        assert called & back


def test_lines_of_a_firm_are_years_old_and_seasonal_workers_numbers_new(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    opened = {row["number"]: row["opened_at"] for row in city.rows("phones.csv")}
    for group in groups["call_centre"] + groups["hospital"] + groups["school"]:
        assert max(opened[number] for number in group["Phone"]) < "2014-09-01"
    for group in groups["seasonal_workers"]:
        assert min(opened[number] for number in group["Phone"]) >= "2016-08-01"


def test_seasonal_workers_send_most_of_a_wage_home_within_a_day(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups["seasonal_workers"]:
        got = sum(float(row["amount_yuan"]) for row in _paid(city, (), group["Account"]))
        sent = sum(float(row["amount_yuan"]) for row in _paid(city, group["Account"], ()))
        assert 0.6 * got < sent < got


def test_sellers_hand_up_most_of_what_customers_paid_and_talk_with_those_above_them(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    calls = _calls(city)
    for group in groups["sales_team"]:
        team, lines = set(group["Account"]), set(group["Phone"])
        within = _paid(city, team, team)
        assert {row["from_account"] for row in within} >= team - {group["Account"][0]}
        paid = [row for row in _paid(city, (), team) if row["from_account"] not in team]
        assert len(paid) >= 1.2 * (len(team) - 1)
        pairs = {frozenset(pair) for pair in calls if set(pair) <= lines}
        assert len(pairs) >= len(lines) - 1


def test_a_family_of_nobody_accused_shares_a_handset(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    offenders = {row["key"] for row in city.members()}
    for group in groups["shared_handset"]:
        assert not offenders & set(group["Person"])


def test_fees_of_a_school_are_one_sum_of_many_within_days(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups["school"]:
        sums = Counter(row["amount_yuan"] for row in _paid(city, (), group["Account"]))
        (fee, payers), *_ = sums.most_common(1)
        days = {
            row["time"][:10]
            for row in _paid(city, (), group["Account"])
            if row["amount_yuan"] == fee
        }
        assert payers >= 40
        assert len(days) <= 10


@pytest.mark.parametrize("kind", ["payroll", "landlord", "wedding"])
def test_what_comes_in_goes_out_almost_whole(
    kind: str, city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups[kind]:
        hub = group["Account"][:1] if kind != "wedding" else group["Account"]
        assert len({row["from_account"] for row in _paid(city, (), hub)}) >= 3
        largest = max(float(row["amount_yuan"]) for row in _paid(city, hub, ()))
        assert largest > 100


def test_a_firms_money_goes_round_among_accounts_of_one_owner(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    holder = {row["account_no"]: row["holder_id"] for row in city.rows("accounts.csv")}
    for group in groups["treasury"]:
        assert {holder[one] for one in group["Account"]} == set(group["Person"])
        rounds = _paid(city, group["Account"], group["Account"])
        assert len({row["from_account"] for row in rounds}) == len(group["Account"]) >= 4
        assert any(one["to_account"] == two["from_account"] for one, two in pairwise(rounds))


def test_red_packets_go_from_everybody_to_everybody_on_one_evening(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups["red_packets"]:
        size = len(group["Account"])
        within = _paid(city, group["Account"], group["Account"])
        day, sent = Counter(row["time"][:10] for row in within).most_common(1)[0]
        assert sent >= 0.3 * size * (size - 1), day


def test_riders_share_one_handset_and_kin_talk_with_each_other(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    handset = {row["number"]: row["imei"] for row in city.rows("phones.csv")}
    for group in groups["courier_firm"]:
        assert {handset[number] for number in group["Phone"]} == set(group["Device"])
        assert len(group["Phone"]) >= 6
    calls = _calls(city)
    for group in groups["clan"]:
        kin = set(group["Phone"])
        within = [pair for pair in calls if set(pair) <= kin]
        assert len(within) >= 4 * len(kin)


@pytest.mark.parametrize("kind", ["p2p_lender", "wealth_product"])
def test_who_puts_money_in_gets_interest_and_nobody_flees(
    kind: str, city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups[kind]:
        (till,) = group["Account"]
        got, gave = _paid(city, (), [till]), _paid(city, [till], ())
        clients = {row["from_account"] for row in got}
        assert len(clients) >= 25
        assert len({row["to_account"] for row in gave} & clients) >= 0.4 * len(clients)
        total = sum(float(row["amount_yuan"]) for row in got)
        assert max(float(row["amount_yuan"]) for row in gave) < 0.2 * total


def test_a_bank_pays_a_product_back_with_interest_that_no_client_paid(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups["wealth_product"]:
        paid = Counter[str]()
        for row in _paid(city, (), group["Account"]):
            paid[row["from_account"]] -= round(100 * float(row["amount_yuan"]))
        for row in _paid(city, group["Account"], ()):
            paid[row["to_account"]] += round(100 * float(row["amount_yuan"]))
        assert sum(fen > 0 for fen in paid.values()) == len(paid) - 1
        (lost,) = (fen for fen in paid.values() if fen < 0)
        assert -lost == pytest.approx(sum(fen for fen in paid.values() if fen > 0), rel=0.01)


def test_donations_come_from_dozens_within_days_and_only_the_hospital_is_paid(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    for group in groups["donation_drive"]:
        per_day = Counter(row["time"][:10] for row in _paid(city, (), group["Account"]))
        assert sum(count for _, count in per_day.most_common(7)) >= 50
        (largest, _), *_ = Counter(
            row["to_account"]
            for row in _paid(city, group["Account"], ())
            for _ in range(int(float(row["amount_yuan"])))
        ).most_common(1)
        assert largest not in {row["from_account"] for row in _paid(city, (), group["Account"])}


@pytest.mark.parametrize("kind", ["group_buy", "property_firm"])
def test_many_pay_the_same_price(kind: str, city: RawCity, groups: dict[str, list[Group]]) -> None:
    for group in groups[kind]:
        sums = Counter(row["amount_yuan"] for row in _paid(city, (), group["Account"]))
        (_, payers), *_ = sums.most_common(1)
        assert payers >= 5


def test_a_property_firms_staff_answers_on_one_handset(
    city: RawCity, groups: dict[str, list[Group]]
) -> None:
    handset = {row["number"]: row["imei"] for row in city.rows("phones.csv")}
    calls = _calls(city)
    for group in groups["property_firm"]:
        lines = set(group["Phone"])
        assert {handset[line] for line in lines} == set(group["Device"])
        assert len(lines) == len(group["Person"]) >= 5
        assert sum(count for (caller, _), count in calls.items() if caller in lines) > 20
        assert sum(count for (_, callee), count in calls.items() if callee in lines) > 20
