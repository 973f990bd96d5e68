"""Illegal fundraising: promoters, money that goes round, two sets of books, the flight."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from graphrisk_loaders.synth.model import stream
from graphrisk_loaders.synth.referrals import referral_tree
from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity

Scheme = dict[tuple[str, str], set[str]]  # members by node kind and role
_SHANGHAI = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """A bare scheme and one of each level of camouflage, within ninety days."""
    folder = tmp_path_factory.mktemp("schemes")
    return city_of(folder, 3, {"fundraising": 4}, people=6000, days=90, purchases=1, bills=0.5)


@pytest.fixture(scope="module")
def schemes(city: RawCity) -> dict[str, Scheme]:
    found: dict[str, Scheme] = defaultdict(lambda: defaultdict(set))
    for row in city.rows("truth/members.csv"):
        found[row["ring_id"]][row["node_kind"], row["role"]].add(row["key"])
    return found


def _paid(city: RawCity, payers: set[str], payees: set[str]) -> list[tuple[float, float]]:
    """Time in ms, yuan."""
    return [
        (_ms(row["time"]), float(row["amount_yuan"]))
        for row in city.transfers
        if row["from_account"] in payers and row["to_account"] in payees
    ]


def _ms(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=_SHANGHAI).timestamp() * 1000


def test_promoters_stand_in_a_tree_of_three_to_seven_layers() -> None:
    for seed in range(200):
        tree = referral_tree(stream(seed, "tree"), (15, 40), (2, 6))
        brought = Counter(tree.parent[1:].tolist())
        assert 15 <= len(tree.parent) <= 60
        assert 3 <= tree.depth.max() <= 7
        assert set(brought.values()) <= set(range(2, 7))
        assert (tree.depth[1:] == tree.depth[tree.parent[1:]] + 1).all()


def test_it_has_organiser_fronts_promoters_and_a_platform_that_a_shell_firm_runs(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    operator = {row["platform"]: row["operator"] for row in city.objects("platforms.jsonl")}
    head = {row["统一社会信用代码"]: row["法定代表人"] for row in city.rows("companies.csv")}
    owns = {(row["统一社会信用代码"], row["股东"]) for row in city.rows("shareholders.csv")}
    for scheme in schemes.values():
        (organiser,), (platform,) = scheme["Person", "organiser"], scheme["Platform", "platform"]
        firms = scheme["Company", "shell_firm"]
        assert operator[platform] in firms
        assert {head[firm] for firm in firms} <= scheme["Person", "shell_firm"]
        assert {(firm, organiser) for firm in firms} <= owns
        assert 15 <= len(scheme["Person", "promoter"]) <= 60
        assert len(scheme["Person", "victim"]) > len(scheme["Person", "promoter"])


def test_deposits_grow_and_stall_payouts_catch_up_and_the_rest_flees(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    """Shares of money by thirds of a scheme's life are judged over all schemes together."""
    rings = {row["ring_id"]: row for row in city.rows("truth/rings.csv")}
    caught_up = [0.0, 0.0, 0.0]
    for name, scheme in schemes.items():
        began, ended = int(rings[name]["started"]), int(rings[name]["ended"])
        assert ended < city_end(city)
        pools, investors = scheme["Account", "account"], scheme["Account", "victim"]
        paid_in, paid_out = _paid(city, investors, pools), _paid(city, pools, investors)
        thirds = [began + (ended - began) * part / 3 for part in range(4)]
        got, gave = (
            [sum(yuan for at, yuan in rows if low <= at < high) for low, high in pairwise(thirds)]
            for rows in (paid_in, paid_out)
        )
        assert got[0] < got[1], "they grow"
        assert got[2] < 1.3 * got[1], "they stall"
        caught_up = [so_far + a / b for so_far, a, b in zip(caught_up, gave, got, strict=True)]
        assert 0.5 < sum(gave) / sum(got) <= 1.0
        flown = _paid(city, pools, pools)
        assert all(ended - 86_400_000 <= at <= ended for at, _ in flown)
        assert sum(yuan for _, yuan in flown) > 0.005 * sum(got)
        assert sum(got) * 100 == pytest.approx(int(rings[name]["taken_fen"]), rel=0.02)
    assert caught_up[0] < caught_up[1] < caught_up[2]


def city_end(city: RawCity) -> float:
    return max(_ms(row["time"]) for row in city.transfers)


def test_the_promised_return_is_high_and_the_custodian_sees_less_and_less(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    bids = city.objects("bids.jsonl")
    contracts = pq.read_table(city.folder / "contracts.parquet").to_pylist()
    seen = {row["合同编号"] for row in city.rows("custodian_entries.csv")}
    halves: tuple[list[bool], list[bool]] = ([], [])
    for scheme in schemes.values():
        (platform,) = scheme["Platform", "platform"]
        own = {row["bid"]: row for row in bids if row["platform"] == platform}
        assert {row["company"] for row in own.values()} <= scheme["Company", "shell_firm"]
        (rate,) = {row["rate"] for row in own.values()}
        assert 0.12 <= rate <= 0.36
        signed = sorted(
            (row["signed_at"], row["contract"] in seen) for row in contracts if row["bid"] in own
        )
        assert len(signed) > 100
        half = len(signed) // 2
        for missing, part in zip(halves, (signed[:half], signed[half:]), strict=True):
            missing += [not there for _, there in part]
    first, last = (sum(missing) / len(missing) for missing in halves)
    assert first + 0.1 < last


def test_investors_complain_when_nothing_is_paid_any_more(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    opinions = Counter(row["platform"] for row in city.objects("opinions.jsonl"))
    for scheme in schemes.values():
        (platform,) = scheme["Platform", "platform"]
        told = [row for row in city.rows("complaints.csv") if row["被投诉平台"] == platform]
        assert len(told) >= 5
        assert {row["投诉人"] for row in told} <= scheme["Person", "victim"]
        assert opinions[platform] >= 15


def test_promoters_called_their_investors_and_stand_on_the_posters(
    city: RawCity, schemes: dict[str, Scheme]
) -> None:
    owner = {row["number"]: row["owner_id"] for row in city.rows("phones.csv")}
    talks = {
        (owner[caller], owner[callee])
        for caller, callee in zip(city.calls["caller"], city.calls["callee"], strict=True)
    }
    posters = {
        row["platform"]: owner[row["poster_phone"]]
        for row in city.objects("snap_reports.jsonl")
        if row["platform"]
    }
    for scheme in schemes.values():
        (platform,) = scheme["Platform", "platform"]
        promoters, investors = scheme["Person", "promoter"], scheme["Person", "victim"]
        called = {callee for caller, callee in talks if caller in promoters}
        assert len(called & investors) > 0.8 * len(investors)
        assert posters.get(platform) in {None, *promoters}


def test_where_few_days_are_observed_it_began_before_them(tmp_path: Path) -> None:
    city = city_of(tmp_path, 1, {"fundraising": 1}, people=2000, days=14)
    (ring,) = city.rows("truth/rings.csv")
    first = min(_ms(row["time"]) for row in city.transfers)
    assert int(ring["started"]) < first < int(ring["ended"]) < city_end(city)
    signed = pq.read_table(city.folder / "contracts.parquet").column("signed_at")
    assert signed.to_numpy().astype("datetime64[ms]").astype(np.int64).min() < first
