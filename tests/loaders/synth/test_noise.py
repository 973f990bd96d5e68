"""Tips, labels and accounts are as doubtful, late and far away as the preset says."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from graphrisk_loaders.synth.parameters import read_preset
from tests.loaders.synth.own import city_of, only
from tests.loaders.synth.raw import RawCity

DAY, DAYS = 86_400_000, 50
RINGS = {"scam_cell": 6, "mule_ladder": 6, "covert_cell": 4}
HONEST = {"payroll": 6, "treasury": 6}
TOWN = read_preset("town").noise


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """With the shares of ``town``, but more accounts elsewhere."""
    noise = only(
        false_tips=TOWN.false_tips,
        repeated_tips=TOWN.repeated_tips,
        late_labels=TOWN.late_labels,
        elsewhere=0.5,
        miscategorised=TOWN.miscategorised,
    )
    sizes = {"people": 8000, "days": DAYS, "cells": 40}
    folder = tmp_path_factory.mktemp("city")
    return city_of(folder, 5, RINGS, noise=noise, hard_negatives=HONEST, **sizes)


def test_about_half_of_the_tips_are_true(city: RawCity) -> None:
    tips = city.rows("truth/tips.csv")
    reports = {row["report"]: row for row in city.objects("snap_reports.jsonl")}
    assert {row["report"] for row in tips} == {k for k, r in reports.items() if r["platform"]}
    dubious = {row["platform"]: row["is_dubious"] for row in city.rows("truth/platforms.csv")}
    for row in tips:
        assert row["is_true"] == dubious[reports[row["report"]]["platform"]]
    assert 0.3 <= np.mean([row["is_true"] == "1" for row in tips]) <= 0.6


def test_a_tip_that_comes_again_comes_from_somebody_else_and_later(city: RawCity) -> None:
    reports = {row["report"]: row for row in city.objects("snap_reports.jsonl")}
    again = [row for row in city.rows("truth/tips.csv") if row["kind"] == "again"]
    assert len(again) >= 5
    for row in again:
        first, second = reports[row["again"]], reports[row["report"]]
        assert first["sender"] != second["sender"]
        assert first["sent_at"] <= second["sent_at"] <= first["sent_at"] + 2 * DAY
        same = ("platform", "shop", "poster_phone", "lon", "lat")
        assert [first[name] for name in same] == [second[name] for name in same]
        assert first["photo_sha256"] != second["photo_sha256"]


def test_who_means_ill_accuses_the_same_honest_platform_several_times(city: RawCity) -> None:
    reports = {row["report"]: row for row in city.objects("snap_reports.jsonl")}
    kinds = {row["report"]: row["kind"] for row in city.rows("truth/tips.csv")}
    ill = [reports[key] for key, kind in kinds.items() if kind == "malicious"]
    told = Counter((row["sender"], row["platform"], row["poster_phone"]) for row in ill)
    assert max(told.values()) == 4
    assert "mistaken" in kinds.values()
    offenders = {row["key"] for row in city.members()}
    assert not {row["poster_phone"] for row in ill} & offenders


def test_some_reports_to_the_police_accuse_somebody_honest_who_was_paid(city: RawCity) -> None:
    holder = {row["account_no"]: row["holder_id"] for row in city.rows("accounts.csv")}
    away = {row["account"]: row["holder"] for row in city.rows("truth/elsewhere.csv")}
    holder |= away
    paid = {(holder[row["from_account"]], row["to_account"]) for row in city.transfers}
    offenders = {row["key"] for row in city.members()}
    false = {row["report"]: row["account"] for row in city.rows("truth/false_reports.csv")}
    reports = [row for row in city.rows("police_reports.csv") if row["涉案账户"]]
    named = [row for row in reports if row["警情编号"] in false]
    assert 0.2 <= len(named) / len(reports) <= 0.5
    for row in named:
        assert row["涉案账户"] == false[row["警情编号"]]
        assert (row["报警人"], row["涉案账户"]) in paid or row["涉案账户"] in away
        assert row["涉案账户"] not in offenders


def test_labels_come_one_to_two_weeks_late_or_not_yet(city: RawCity) -> None:
    listed = {row["number"]: row["listed_at"] for row in city.objects("scam_numbers.jsonl")}
    reported = {row["警情编号"]: row["报警时间"] for row in city.rows("police_reports.csv")}
    end = read_preset("small").start_ms + DAYS * DAY
    late = city.rows("truth/late_labels.csv")
    days = [(int(row["told_at"]) - int(row["at"])) / DAY for row in late]
    assert 7 <= np.median(days) <= 14
    kinds = Counter(row["label"] for row in late)
    assert min(kinds["scam_number"], kinds["police_report"]) > 10
    for row in late:
        known = listed if row["label"] == "scam_number" else reported
        if int(row["told_at"]) >= end:
            assert row["key"] not in known, "nobody knows it yet"
        elif row["label"] == "scam_number":
            assert listed[row["key"]] == int(row["told_at"])
        else:
            told = datetime.strptime(f"{reported[row['key']]}+0800", "%Y年%m月%d日 %H时%M分%z")
            assert 0 <= int(row["told_at"]) - told.timestamp() * 1000 < 60_000


def test_no_category_names_a_cell_for_some_reports_and_listings_have_another(
    city: RawCity,
) -> None:
    ring_of = {row["key"]: row["ring_id"] for row in city.members() if row["node_kind"] == "Phone"}
    told = [(row["涉案号码"], row["诈骗类别"]) for row in city.rows("police_reports.csv")]
    told += [(row["number"], row["category"]) for row in city.objects("scam_numbers.jsonl")]
    of = defaultdict[str, Counter[str]](Counter)
    for number, category in told:
        if number in ring_of:
            of[ring_of[number]][category] += 1
    every = sum(map(Counter.total, of.values()))
    usual = {ring: counts.most_common(1)[0] for ring, counts in of.items()}
    assert len(usual) == RINGS["scam_cell"]
    assert len({category for category, _ in usual.values()}) > 1, "each cell has its own fraud"
    wrong = 1 - sum(count for _, count in usual.values()) / every
    assert 0.01 < wrong < 0.25, (every, "a tenth or so")


def test_of_accounts_in_another_city_one_leg_is_hidden(city: RawCity) -> None:
    away = {row["account"] for row in city.rows("truth/elsewhere.csv")}
    here = {row["account_no"] for row in city.rows("accounts.csv")}
    assert not away & here
    ends = [(row["from_account"] in away, row["to_account"] in away) for row in city.transfers]
    assert (True, True) not in ends
    assert {(True, False), (False, True)} <= set(ends)
    offenders = {row["key"] for row in city.members() if row["node_kind"] == "Account"}
    split = defaultdict[str, list[bool]](list)
    for row in city.members():
        if row["node_kind"] == "Account":
            split[row["ring_id"]].append(row["key"] in away)
    assert 0 < sum(map(any, split.values())) < len(split), "some rings lie in two cities"
    among = len(away & offenders) / len(offenders)
    assert abs(among - len(away) / len(away | here)) < 0.15, "it tells nothing"


def test_rings_lie_across_the_borders_of_grid_cells(city: RawCity) -> None:
    cell = {row["person_id"]: row["grid_code"] for row in city.rows("persons.csv")}
    cells = defaultdict[str, set[str]](set)
    for row in city.members():
        if row["node_kind"] == "Person":
            cells[row["ring_id"]].add(cell[row["key"]])
    assert len(cells) == sum(RINGS.values())
    assert min(map(len, cells.values())) > 1


@pytest.mark.parametrize("name", ["town", "city"])
def test_as_much_is_lost_and_wrong_in_a_preset_as_in_life(name: str) -> None:
    noise = read_preset(name).noise
    assert 0.02 <= noise.missing_calls <= 0.05
    assert 0.03 <= noise.unmerged <= 0.08
    assert 0.01 <= noise.shared_numbers <= 0.03, "numbers by which two would be merged wrongly"
    assert 0.3 <= noise.false_tips <= 0.6
    assert 0.05 <= noise.miscategorised <= 0.1
    assert 0.1 <= noise.unreported <= 0.3
    assert noise.repeated_tips > 0
    assert noise.late_labels > 0.5
    assert noise.elsewhere > 0


def test_without_shares_nothing_is_false_late_or_elsewhere(tmp_path: Path) -> None:
    city = city_of(tmp_path, 5, {"scam_cell": 1}, people=1000, cells=5)
    assert {row["kind"] for row in city.rows("truth/tips.csv")} == {"seen"}
    for name in ("false_reports", "late_labels", "elsewhere"):
        assert city.rows(f"truth/{name}.csv") == []
