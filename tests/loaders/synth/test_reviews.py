"""Reviews: praise that was bought, regulars who really like a shop, and everybody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity, auc

Review = dict[str, Any]
LEVELS = range(4)
HOUR = 3_600_000
MOST = 0.75


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Two crews at each level, and ten groups of regulars."""
    place = tmp_path_factory.mktemp("reviews")
    honest = {"loyal_reviewers": 10}
    rings = {"collusive_volunteers": 8}
    return city_of(place, 5, rings, people=6000, hard_negatives=honest, purchases=1)


@pytest.fixture(scope="module")
def reviews(city: RawCity) -> list[Review]:
    return city.objects("reviews.jsonl")


def _crews(city: RawCity) -> dict[str, set[str]]:
    crews: dict[str, set[str]] = defaultdict(set)
    for row in city.members():
        if row["node_kind"] == "Person":
            crews[row["ring_id"]].add(row["key"])
    return crews


def _regulars(city: RawCity) -> list[set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for row in city.rows("truth/hard_negatives.csv"):
        groups[row["group_id"]].add(row["key"])
    return [*groups.values()]


def _by_shop(reviews: list[Review], group: set[str]) -> dict[str, list[Review]]:
    found: dict[str, list[Review]] = defaultdict(list)
    for row in reviews:
        if row["reviewer"] in group:
            found[row["shop"]].append(row)
    return found


def test_reviews_are_of_firms_by_people_with_one_to_five_stars_in_the_order_of_time(
    city: RawCity, reviews: list[Review]
) -> None:
    firms = {row["统一社会信用代码"] for row in city.rows("companies.csv")}
    people = {row["person_id"] for row in city.rows("persons.csv")}
    assert {row["shop"] for row in reviews} <= firms
    assert {row["reviewer"] for row in reviews} <= people
    assert {row["stars"] for row in reviews} == {1, 2, 3, 4, 5}
    assert min(row["characters"] for row in reviews) > 0
    times = [row["written_at"] for row in reviews]
    assert times == sorted(times)
    assert len({row["review"] for row in reviews}) == len(reviews)
    popular = Counter(row["shop"] for row in reviews)
    assert popular.most_common(1)[0][1] > 4 * np.median([*popular.values()])


@pytest.mark.parametrize("level", LEVELS)
def test_a_crew_praises_the_same_shops_within_hours_and_later_hides_among_other_reviews(
    level: int, city: RawCity, reviews: list[Review]
) -> None:
    crews = [crew for ring, crew in _crews(city).items() if city.levels[ring] == level]
    assert len(crews) == 2
    for crew in crews:
        praised = [
            rows
            for rows in _by_shop(reviews, crew).values()
            if len({row["reviewer"] for row in rows}) > 0.5 * len(crew)
        ]
        assert len(praised) >= 2
        bought = [row for rows in praised for row in rows]
        assert np.mean([row["stars"] for row in bought]) > 4.4
        spans = [np.ptp([row["written_at"] for row in rows]) for rows in praised]
        assert min(spans) < (1, 4, 24, 96)[level] * HOUR
        others = sum(row["reviewer"] in crew for row in reviews) - len(bought)
        assert (others == 0) == (level == 0)


def test_regulars_praise_few_shops_again_and_again_at_times_of_their_own(
    city: RawCity, reviews: list[Review]
) -> None:
    for group in _regulars(city):
        shops = _by_shop(reviews, group)
        often = {shop: rows for shop, rows in shops.items() if len(rows) >= len(group)}
        assert 1 <= len(often) <= 4
        rows = [row for rows in often.values() for row in rows]
        assert len(rows) > 2 * len(group), "denser than any crew"
        days = {row["written_at"] // (24 * HOUR) for row in rows}
        assert len(days) > 10
        again = Counter((row["reviewer"], row["shop"]) for row in rows)
        assert max(again.values()) > 1


def test_no_raw_column_of_a_review_or_a_reviewer_tells_a_hidden_crew(
    city: RawCity, reviews: list[Review]
) -> None:
    bare = {one for ring, crew in _crews(city).items() if not city.levels[ring] for one in crew}
    hidden = {one for crew in _crews(city).values() for one in crew} - bare
    shown = [row for row in reviews if row["reviewer"] not in bare]
    pairs = Counter((row["reviewer"], row["shop"]) for row in shown)
    member = np.array([row["reviewer"] in hidden for row in shown])
    columns = {
        "stars": [row["stars"] for row in shown],
        "characters": [row["characters"] for row in shown],
        "hour": [row["written_at"] // HOUR % 24 for row in shown],
        "repeats": [pairs[row["reviewer"], row["shop"]] for row in shown],
        "key": np.argsort(np.argsort([row["review"] for row in shown])),
    }
    told = {name: auc(np.array(values, np.float64), member) for name, values in columns.items()}
    people = sorted({row["reviewer"] for row in shown})
    mine = {one: [row for row in shown if row["reviewer"] == one] for one in people}
    accused = np.array([one in hidden for one in people])
    count, stars = (
        np.array([measure([row["stars"] for row in mine[one]]) for one in people], np.float64)
        for measure in (len, np.mean)
    )
    told |= {"reviews of one": auc(count, accused), "mean stars": auc(stars, accused)}
    assert {name: area for name, area in told.items() if area > MOST} == {}
