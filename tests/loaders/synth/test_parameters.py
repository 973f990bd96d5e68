"""Presets: those that come along, one's own, and what they may not say."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.parameters import (
    HARD_NEGATIVE_KINDS,
    RING_KINDS,
    PresetError,
    presets,
    read_preset,
)
from tests.loaders.synth.own import only
from tests.loaders.synth.raw import RawCity

_PRESETS = Path("loaders/graphrisk_loaders/synth/presets")


def _own(folder: Path, **changes: object) -> str:
    said: dict[str, Any] = yaml.safe_load((_PRESETS / "small.yaml").read_text(encoding="utf-8"))
    for key, value in changes.items():
        part, _, name = key.partition("__")
        if value is None:
            del said[part]
        elif name:
            said[part][name] = value
        else:
            said[part] = value
    file = folder / "own.yaml"
    file.write_text(yaml.safe_dump(said), encoding="utf-8")
    return str(file)


def test_ones_own_preset_plants_what_it_says(tmp_path: Path) -> None:
    rings = dict.fromkeys(RING_KINDS, 0) | {"laundering_cycle": 2, "identity_ring": 1}
    preset = _own(
        tmp_path,
        people=500,
        days=14,
        cells=5,
        communities=5,
        levels=[2, 0],
        rings=rings,
        hard_negatives__courier=3,
    )
    report = write_city(preset, 1, tmp_path / "city", lambda *_: None)
    planted = Counter(
        (row["kind"], row["level"]) for row in RawCity(tmp_path / "city").rows("truth/rings.csv")
    )
    assert planted == {
        ("laundering_cycle", "2"): 1,
        ("laundering_cycle", "0"): 1,
        ("identity_ring", "0"): 1,
    }
    assert report.hard_negatives["courier"] == 3
    assert report.rows["persons.csv"] < 600


def test_rings_are_as_large_and_people_have_as_many_accounts_as_it_says(tmp_path: Path) -> None:
    preset = _own(
        tmp_path,
        people=1000,
        days=14,
        cells=5,
        communities=5,
        accounts=[1.0, 1.0, 0.5],
        rings=dict.fromkeys(RING_KINDS, 0) | {"laundering_cycle": 3, "identity_ring": 3},
        sizes__passers=[3, 3],
        sizes__identities=[11, 12],
        hard_negatives=dict.fromkeys(HARD_NEGATIVE_KINDS, 0),
    )
    write_city(preset, 1, tmp_path / "city", lambda *_: None)
    city = RawCity(tmp_path / "city")
    sizes: dict[str, Counter[str]] = {"holder": Counter(), "identity": Counter()}
    for row in city.rows("truth/members.csv"):
        if row["role"] in sizes and row["node_kind"] == "Person":
            sizes[row["role"]][row["ring_id"]] += 1
    assert set(sizes["holder"].values()) == {3}
    assert set(sizes["identity"].values()) <= {11, 12}
    held = Counter(row["holder_id"] for row in city.rows("accounts.csv"))
    some = Counter(held.values())
    assert some[2] > 300 < some[3]
    assert some[1] + some[4] < 80  # made-up people and mules


def test_noise_loses_calls_and_reports_and_nothing_else(tmp_path: Path) -> None:
    sizes: dict[str, object] = {"people": 1000, "days": 20, "cells": 5, "communities": 5}
    rows = {}
    for name, missing, unreported in (("all", 0.0, 0.0), ("few", 0.5, 1.0)):
        noise = only(missing_calls=missing, unreported=unreported)
        preset = _own(tmp_path, **sizes, noise=noise)
        rows[name] = write_city(preset, 1, tmp_path / name, lambda *_: None).rows
    lost = {file: count / rows["all"][file] for file, count in rows["few"].items()}
    assert 0.45 < lost.pop("calls.parquet") < 0.55
    assert lost.pop("police_reports.csv") < 0.9
    assert lost.pop("freeze_answers.jsonl") < 1
    assert set(lost.values()) == {1.0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"people": None}, "own.yaml: people: is missing"),
        ({"people": 12}, "own.yaml: people: 12 is no whole number from 500 up"),
        ({"days": "30 days"}, "own.yaml: days: '30 days' is no whole number"),
        ({"inhabitants": 9}, "own.yaml: inhabitants: no such key; known are people, days"),
        ({"start": "1 September"}, "own.yaml: start: '1 September' is no day"),
        ({"levels": [4]}, r"own.yaml: levels: \[4\] is no list of levels"),
        ({"levels": [True]}, r"own.yaml: levels: \[true\] is no list of levels"),
        ({"people": date(2024, 1, 2)}, "own.yaml: people: 2024-01-02 is no whole number"),
        ({"purchases": -1}, "own.yaml: purchases: -1 is no number from 0 up"),
        ({"purchases": float("nan")}, "own.yaml: purchases: .nan is no number from 0 up"),
        ({"start": True}, "own.yaml: start: true is no day"),
        ({"cells_beyond": 70}, "own.yaml: cells_beyond: 70 leaves none of the cells"),
        ({"communities": 71}, "own.yaml: communities: 71 are more than the 70 cells"),
        ({"townships": 21}, "own.yaml: townships: 21 are more than the 20 communities"),
        ({"townships": 0}, "own.yaml: townships: 0 is no whole number from 1 up"),
        ({"noise__missing_calls": 1.2}, "own.yaml: noise.missing_calls: 1.2 is no share"),
        ({"noise": {"unreported": 0.1}}, "own.yaml: noise.missing_calls: is missing"),
        ({"rings": 4}, "own.yaml: rings: must be keys with values"),
        ({"rings": {"scam_cell": 1}}, "own.yaml: rings.laundering_cycle: is missing"),
        ({"rings__scam_cell": -1}, "own.yaml: rings.scam_cell: -1 is no whole number"),
        ({"accounts": [0.5, 0.6]}, r"own.yaml: accounts: \[0.5, 0.6\] is no list of shares, none"),
        ({"sizes__callers": [7, 3]}, r"own.yaml: sizes.callers: \[7, 3\] is no least and most"),
        ({"sizes__callers": 5}, "own.yaml: sizes.callers: 5 is no least and most"),
        ({"hard_negatives__dentist": 1}, "own.yaml: hard_negatives.dentist: no such key"),
    ],
)
def test_what_a_preset_may_not_say_is_told_with_file_and_key(
    changes: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(PresetError, match=told):
        read_preset(_own(tmp_path, **changes))


def test_a_preset_that_is_not_there_or_no_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="there are city, faulty, small, town"):
        read_preset("village")
    with pytest.raises(PresetError, match=r"none\.yaml: preset: cannot be read"):
        read_preset(str(tmp_path / "none.yaml"))
    broken = tmp_path / "broken.yaml"
    broken.write_text("people: [", encoding="utf-8")
    with pytest.raises(PresetError, match=r"broken\.yaml: preset: not YAML"):
        read_preset(str(broken))
    broken.write_text("noise:\n  unreported: 2024-02-30", encoding="utf-8")
    with pytest.raises(PresetError, match=r"broken\.yaml: noise\.unreported: line 2: '2024-02-30'"):
        read_preset(str(broken))


@pytest.mark.parametrize("name", presets())
def test_every_value_of_a_preset_says_what_it_is(name: str) -> None:
    lines = (_PRESETS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "#" not in line] == []
