"""Rings are as rare as the presets promise, told by the report and by the files alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from graphrisk_loaders.synth.city import CityReport, make_city, write_city
from graphrisk_loaders.synth.parameters import RING_KINDS, read_preset
from graphrisk_loaders.synth.prevalence import Prevalence, prevalence
from tests.effort import LONG, effort
from tests.loaders.synth.raw import RawCity

LEVELS = range(4)
INVESTED = ("fundraising", "fake_bids")


def _rare(found: Prevalence) -> bool:
    return (
        0.001 <= found.people <= 0.005
        and 0.0005 <= found.accounts <= 0.002
        and 0 < found.transfers <= 0.001
    )


def _told_by_files(city: RawCity) -> Prevalence:
    """What somebody counts who has the deliveries and the truth."""
    offenders: dict[str, set[str]] = {"Person": set(), "Account": set()}
    kinds = {row["ring_id"]: row["kind"] for row in city.rows("truth/rings.csv")}
    of: dict[str, set[str]] = {}
    for row in city.rows("truth/members.csv"):
        if row["is_offender"] == "1" and row["node_kind"] in offenders:
            offenders[row["node_kind"]].add(row["key"])
        if row["is_offender"] == "1" or kinds[row["ring_id"]] not in INVESTED:
            of.setdefault(row["key"], set()).add(row["ring_id"])
    none = set[str]()
    within = sum(
        bool(of.get(row["from_account"], none) & of.get(row["to_account"], none))
        for row in city.transfers
    )
    people = len(city.rows("persons.csv")) - len(city.rows("truth/later_records.csv"))
    accounts = {row["account_no"] for row in city.rows("accounts.csv")}
    return Prevalence(
        len(offenders["Person"]) / people,
        len(offenders["Account"] & accounts) / len(accounts),
        within / len(city.transfers),
    )


@pytest.mark.parametrize(
    ("preset", "seed"),
    [*(("town", seed) for seed in range(21, 21 + effort(1, 10))), *[("city", 21)] * LONG],
)
def test_every_kind_is_there_at_every_level_and_yet_few_are_offenders(
    preset: str, seed: int
) -> None:
    city, _ = make_city(read_preset(preset), [], seed, lambda *_: None)
    planted = Counter((ring.kind, ring.level) for ring in city.rings)
    assert planted.keys() == {(kind, level) for kind in RING_KINDS for level in LEVELS}
    assert max(planted.values()) - min(planted.values()) <= 1
    assert len(city.decoys) >= 5 * len(city.rings)
    assert _rare(prevalence(city)), prevalence(city)
    if preset == "town":
        found = [len(one) for one in (city.persons, city.phones, city.accounts)]
        assert found == pytest.approx([100_000, 160_000, 220_000], rel=0.06)
        events = [len(city.calls), len(city.transfers)]
        assert events == pytest.approx([4_000_000, 1_500_000], rel=0.15)


def _same(report: CityReport, folder: Path) -> Prevalence:
    told = _told_by_files(RawCity(folder))
    assert report.prevalence == told
    return told


def test_the_report_tells_what_the_files_do(tmp_path: Path) -> None:
    _same(write_city("small", 4, tmp_path, lambda *_: None), tmp_path)


@pytest.mark.skipif(not LONG, reason="a whole town takes a minute")
def test_the_files_of_a_town_show_as_few_offenders(tmp_path: Path) -> None:
    found = _same(write_city("town", 31, tmp_path, lambda *_: None), tmp_path)
    assert _rare(found), found
