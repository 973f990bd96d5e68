"""Fake bids: invented borrowers on a handset or at an address, and money that goes round."""

from __future__ import annotations

from collections import defaultdict

import pyarrow.parquet as pq
import pytest

from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity

Scheme = dict[tuple[str, str], set[str]]  # members by node kind and role


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Twelve rings, three a level, beside five honest lenders."""
    folder = tmp_path_factory.mktemp("fake-bids")
    honest = {"p2p_lender": 5}
    return city_of(folder, 4, {"fake_bids": 12}, people=4000, purchases=1, hard_negatives=honest)


@pytest.fixture(scope="module")
def schemes(city: RawCity) -> dict[str, Scheme]:
    found: dict[str, Scheme] = defaultdict(lambda: defaultdict(set))
    for row in city.rows("truth/members.csv"):
        found[row["ring_id"]][row["node_kind"], row["role"]].add(row["key"])
    return found


def test_borrowers_of_a_ring_share_few_handsets_or_one_address(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    handset = {row["number"]: row["imei"] for row in city.rows("phones.csv")}
    home = {row["person_id"]: row["address_code"] for row in city.rows("households.csv")}
    by_address = 0
    for name, scheme in schemes.items():
        borrowers, phones = scheme["Person", "borrower"], scheme["Phone", "borrower"]
        assert 6 <= len(borrowers) <= 14
        if scheme["Device", "device"]:
            used = {handset[number] for number in phones}
            assert used == scheme["Device", "device"]
            in_one = (len(phones), 3, 2, 2)[city.levels[name]]
            assert len(used) in (1, max(-(-len(phones) // in_one), 2))
            assert (len(used) == 1) == (city.levels[name] == 0)
        else:
            assert len({home[one] for one in borrowers}) == 1
            by_address += 1
    assert 0 < by_address < len(schemes)


def test_the_custodian_never_hears_of_their_bids_and_sees_all_of_an_honest_lender(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    seen = {row["合同编号"] for row in city.rows("custodian_entries.csv")}
    contracts = pq.read_table(city.folder / "contracts.parquet").to_pylist()
    bids = {row["bid"]: row for row in city.objects("bids.jsonl")}
    for scheme in schemes.values():
        assert {bids[one]["person"] for one in scheme["Bid", "bid"]} == scheme["Person", "borrower"]
        assert {bids[one]["platform"] for one in scheme["Bid", "bid"]} == scheme[
            "Platform", "platform"
        ]
        own = [row for row in contracts if row["bid"] in scheme["Bid", "bid"]]
        assert len(own) >= 4 * len(scheme["Bid", "bid"])
        assert not {row["contract"] for row in own} & seen
        assert {row["lender"] for row in own} == scheme["Person", "victim"]
    honest = {
        row["key"]
        for row in city.rows("truth/hard_negatives.csv")
        if (row["kind"], row["node_kind"]) == ("p2p_lender", "Platform")
    }
    own = [row for row in contracts if bids[row["bid"]]["platform"] in honest]
    assert len(own) > 100
    assert {row["contract"] for row in own} <= seen


def test_loans_come_back_to_the_organiser_within_days(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    for name, scheme in schemes.items():
        hubs, borrowers = scheme["Account", "account"], scheme["Account", "borrower"]
        lent, back = (
            sum(
                float(row["amount_yuan"])
                for row in city.transfers
                if row["from_account"] in payers and row["to_account"] in payees
            )
            for payers, payees in ((hubs, borrowers), (borrowers, hubs))
        )
        assert 0.8 * lent < back
        assert back < (1.0 if city.levels[name] == 0 else 1.1) * lent, "gifts among people count"


def test_borrowers_of_the_best_hidden_rings_are_people_of_the_city(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    family = {row["person_id"]: row["address_code"] for row in city.rows("households.csv")}
    wages = {row["to_account"] for row in city.transfers if float(row["amount_yuan"]) > 2000}
    for name, scheme in schemes.items():
        assert scheme["Person", "borrower"] <= set(family)
        if city.levels[name] == 3:
            assert scheme["Account", "borrower"] & wages
