"""Volunteers who take tasks together: farmers of points, and teams who really work together."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from statistics import median
from typing import Any

import pytest

from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity, moment

Grab = dict[str, Any]
LEVELS = range(4)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Two rings of farmers at each level, and ten teams."""
    place = tmp_path_factory.mktemp("volunteers")
    teams = {"task_team": 10}
    return city_of(
        place, 4, {"collusive_volunteers": 8}, people=6000, hard_negatives=teams, purchases=1
    )


@pytest.fixture(scope="module")
def grabs(city: RawCity) -> list[Grab]:
    return city.objects("task_grabs.jsonl")


def _rings(city: RawCity) -> dict[int, list[set[str]]]:
    members: dict[str, set[str]] = defaultdict(set)
    for row in city.members():
        if row["node_kind"] == "Volunteer":
            members[row["ring_id"]].add(row["key"])
    found: dict[int, list[set[str]]] = {level: [] for level in LEVELS}
    for ring, keys in members.items():
        found[city.levels[ring]].append(keys)
    return found


def _teams(city: RawCity) -> list[set[str]]:
    members: dict[str, set[str]] = defaultdict(set)
    for row in city.rows("truth/hard_negatives.csv"):
        if row["node_kind"] == "Volunteer":
            members[row["group_id"]].add(row["key"])
    return [*members.values()]


def _together(grabs: list[Grab], group: set[str]) -> list[list[Grab]]:
    """Tasks that three or more of the group took within a minute: their grabs."""
    by_task: dict[str, list[Grab]] = defaultdict(list)
    for row in grabs:
        if row["volunteer"] in group:
            by_task[row["task"]].append(row)
    return [
        rows
        for rows in by_task.values()
        if len(rows) >= 3
        and max(row["grabbed_at"] for row in rows) - min(row["grabbed_at"] for row in rows) < 60_000
    ]


def _at_once(city: RawCity, grabs: list[Grab], group: set[str]) -> int:
    """Pairs of grabs of one member that overlap in time, in two grid cells."""
    cell = {row["任务编号"]: row["网格编码"] for row in city.rows("volunteer_tasks.csv")}
    mine: dict[str, list[Grab]] = defaultdict(list)
    for row in grabs:
        if row["volunteer"] in group:
            mine[row["volunteer"]].append(row)
    return sum(
        max(one["grabbed_at"], two["grabbed_at"]) < min(one["finished_at"], two["finished_at"])
        and cell[one["task"]] != cell[two["task"]]
        for rows in mine.values()
        for one, two in combinations(rows, 2)
    )


@pytest.mark.parametrize("level", LEVELS)
def test_farmers_take_the_same_tasks_within_seconds_two_at_once(
    level: int, city: RawCity, grabs: list[Grab]
) -> None:
    rings = _rings(city)[level]
    assert len(rings) == 2
    for ring in rings:
        together = _together(grabs, ring)
        assert len(together) >= 3
        assert _at_once(city, grabs, ring) >= 2 * len(ring)
        photos = Counter(row["photo_sha256"] for rows in together for row in rows)
        assert (max(photos.values()) > 1) == (level == 0)
        others = sum(row["volunteer"] in ring for row in grabs) - sum(map(len, together))
        assert (others == 0) == (level == 0)


def test_a_team_takes_one_task_after_another_and_finishes_together(
    city: RawCity, grabs: list[Grab]
) -> None:
    for team in _teams(city):
        together = _together(grabs, team)
        assert len(together) >= 3
        for rows in together:
            ends = [row["finished_at"] for row in rows]
            usual = median(ends)
            # Who could not come with the others may by chance have taken it alone a minute later.
            assert sum(abs(end - usual) < 4 * 60_000 for end in ends) >= len(ends) - 1
        own = [row for rows in together for row in rows]
        assert _at_once(city, own, team) == 0


def test_nobody_takes_a_task_before_it_is_published_or_beyond_what_is_wanted(
    city: RawCity, grabs: list[Grab]
) -> None:
    tasks = {row["任务编号"]: row for row in city.rows("volunteer_tasks.csv")}
    taken = Counter(row["task"] for row in grabs)
    assert all(count <= int(tasks[task]["需要人数"]) for task, count in taken.items())
    for row in grabs:
        assert moment(tasks[row["task"]]["发布时间"]) <= row["grabbed_at"] + 1000
        assert row["grabbed_at"] < row["finished_at"]


def test_farmers_were_brought_onto_the_roll_for_it_or_are_old_volunteers(city: RawCity) -> None:
    roll = {row["volunteer"]: row for row in city.objects("volunteers.jsonl")}
    for level in (0, 1, 2):
        for ring in _rings(city)[level]:
            by = {roll[one]["invited_by"] for one in ring} - {None}
            assert by <= ring
            assert len(by) == (1 if level < 2 else len(ring) - 1)
            days = {roll[one]["joined_on"] for one in ring}
            assert (min(days) > "2016-08-15") == (level == 0)
    persons = {row["person_id"] for row in city.rows("persons.csv")}
    assert {row["person"] for row in roll.values()} <= persons
    brought = [row["invited_by"] for row in roll.values() if row["invited_by"]]
    assert 0.35 * len(roll) < len(brought) < 0.65 * len(roll)
    assert set(brought) <= roll.keys()
