"""The pages of figures are what the saved results give."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from benchmarks.quality.city_page import quality_page
from benchmarks.quality.entity_page import entity_page
from benchmarks.quality.public.page import public_page
from benchmarks.quality.real_page import real_page
from benchmarks.stamp import RESULTS

_DOCS = RESULTS.parent


def _results(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESULTS / name).read_text(encoding="utf-8"))
    return found


@pytest.fixture
def cities() -> dict[str, dict[str, Any]]:
    return {name: _results(f"quality-city-{name}.json") for name in ("small", "town")}


def test_the_page_on_cities_is_written_from_the_results(cities: dict[str, dict[str, Any]]) -> None:
    page = quality_page(cities) + entity_page(_results("quality-entity.json"))
    page += public_page(_results("quality-public.json"))
    assert page == (_DOCS / "quality.md").read_text(encoding="utf-8")


def test_the_page_on_public_data_is_written_from_the_results() -> None:
    page = real_page(_results("quality-real.json"))
    assert page == (_DOCS / "real-data.md").read_text(encoding="utf-8")


def test_a_missed_ring_a_false_finding_and_a_flagged_look_alike_stand_on_the_page(
    cities: dict[str, dict[str, Any]],
) -> None:
    worse = copy.deepcopy(cities)
    city = worse["small"]["cities"][0]
    city["matched"] -= 6
    city["false_findings"] += 5
    city["sheet"]["hard_negatives"]["courier"]["flagged"] += 7
    for ring in city["rings"][:6]:
        ring["matched"] = False
    before, after = (set(quality_page(one).splitlines()) for one in (cities, worse))
    changed = "\n".join(sorted(after - before))
    assert "| planted rings matched |" in changed
    assert "findings matched none" in changed
    assert "| courier |" in changed
    assert "| scam cell |" in changed


def test_a_set_resolved_worse_stands_on_the_page() -> None:
    document = _results("quality-entity.json")
    before = entity_page(document)
    document["sets"][0]["resolved"]["f1"] = 0.1234
    document["made"][0]["resolved"]["f1"] = 0.2345
    after = entity_page(document)
    assert "0.1234" in after
    assert "0.2345" in after, "the worst of the made-up ones"
    assert "0.1234" not in before


def test_a_page_names_its_command_date_and_machine(cities: dict[str, dict[str, Any]]) -> None:
    page = quality_page(cities)
    stamp = cities["small"]["stamp"]
    assert all(stamp[name] in page for name in ("command", "date", "machine", "commit"))


def test_a_goal_that_is_missed_or_not_run_stands_on_the_page() -> None:
    document = _results("quality-public.json")
    row = next(one for one in document["sets"][0]["rows"] if one["goal"] == "D1")
    assert row["reached_by_worst"]
    row |= {"reached": False, "reached_by_worst": False}
    document["sets"] = document["sets"][:1]
    goals = public_page(document).partition("###")[0]
    lines = {line.split(" | ")[0]: line for line in goals.splitlines()}
    assert lines["| D1"].endswith("| **no** |")
    assert lines["| D13"].endswith("| not run |")
