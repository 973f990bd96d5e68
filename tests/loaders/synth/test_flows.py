"""Laundering flows: each shape is what its name says, in order of time or not."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.flows import SHAPES
from tests.loaders.synth.raw import RawCity

_SMALL = Path("loaders/graphrisk_loaders/synth/presets/small.yaml")
_ROLES = ("feeder", "passer", "collector")
Row = dict[str, str]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Sixty bare flows and nothing else."""
    place = tmp_path_factory.mktemp("city")
    said = yaml.safe_load(_SMALL.read_text(encoding="utf-8"))
    said |= {"people": 3000, "cells": 20, "communities": 20, "purchases": 1, "levels": [0]}
    said["rings"] = dict.fromkeys(said["rings"], 0) | {"laundering_flow": 60}
    said["hard_negatives"] = dict.fromkeys(said["hard_negatives"], 0)
    (place / "flows.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    write_city(str(place / "flows.yaml"), 1, place / "city", lambda *_: None)
    return RawCity(place / "city")


@pytest.fixture(scope="module")
def flows(city: RawCity) -> dict[str, list[tuple[dict[str, set[str]], list[Row]]]]:
    """Accounts by role and transfers of each flow, by shape."""
    parts: dict[str, dict[str, set[str]]] = defaultdict(lambda: {role: set() for role in _ROLES})
    ring_of = {}
    for row in city.members():
        if row["node_kind"] == "Account":
            parts[row["ring_id"]][row["role"]].add(row["key"])
            ring_of[row["key"]] = row["ring_id"]
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in city.transfers:
        payer, payee = (ring_of.get(row[end]) for end in ("from_account", "to_account"))
        if payer and payer == payee:
            rows[payer].append(row)
    found = defaultdict(list)
    for ring in city.rows("truth/rings.csv"):
        found[ring["shape"]].append((parts[ring["ring_id"]], rows[ring["ring_id"]]))
    return found


def test_every_shape_is_drawn_and_some_have_no_order_in_time(
    flows: dict[str, list[tuple[dict[str, set[str]], list[Row]]]],
) -> None:
    assert {shape.removesuffix("_any_order") for shape in flows} == set(SHAPES)
    assert 5 <= sum(len(of) for shape, of in flows.items() if shape.endswith("_any_order")) <= 25


@pytest.mark.parametrize(
    ("shape", "feeders", "passers", "collectors"),
    [
        ("fan_in", (5, 8), (0, 0), (1, 1)),
        ("fan_out", (1, 1), (0, 0), (5, 8)),
        ("scatter_gather", (1, 1), (5, 8), (1, 1)),
        ("gather_scatter", (5, 8), (1, 1), (7, 7)),
        ("bipartite", (5, 8), (0, 0), (2, 7)),
        ("stack", (3, 3), (2, 7), (2, 4)),
    ],
)
def test_a_shape_has_its_layers(
    shape: str,
    feeders: tuple[int, int],
    passers: tuple[int, int],
    collectors: tuple[int, int],
    flows: dict[str, list[tuple[dict[str, set[str]], list[Row]]]],
) -> None:
    for parts, rows in flows[shape]:
        for role, (least, most) in zip(_ROLES, (feeders, passers, collectors), strict=True):
            assert least <= len(parts[role]) <= most, role
        allowed = {("feeder", "passer"), ("passer", "collector"), ("feeder", "collector")}
        role_of = {key: role for role, keys in parts.items() for key in keys}
        assert {
            (role_of[row["from_account"]], role_of[row["to_account"]]) for row in rows
        } <= allowed


def test_whoever_passes_on_keeps_a_small_fee(
    flows: dict[str, list[tuple[dict[str, set[str]], list[Row]]]],
) -> None:
    for shape in ("scatter_gather", "stack", "gather_scatter"):
        for parts, rows in flows[shape]:
            got = sum(
                float(row["amount_yuan"]) for row in rows if row["to_account"] in parts["passer"]
            )
            gave = sum(
                float(row["amount_yuan"]) for row in rows if row["from_account"] in parts["passer"]
            )
            assert 0.96 * got <= gave < got


def test_in_order_no_passer_pays_before_he_is_paid(
    flows: dict[str, list[tuple[dict[str, set[str]], list[Row]]]],
) -> None:
    for parts, rows in flows["scatter_gather"]:
        for passer in parts["passer"]:
            first = {
                end: min(row["time"] for row in rows if row[end] == passer)
                for end in ("from_account", "to_account")
            }
            assert first["to_account"] < first["from_account"]
