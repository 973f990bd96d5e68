"""Weighing clues, and the thresholds as data."""

from __future__ import annotations

import numpy as np
import pytest

from graphrisk_algorithms.algorithm import Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.parameters import read_parameters, shipped_parameters


def _judged(judge: Judge, *surprises: float, member: int = 0) -> float | None:
    clues = [Clue(f"c{number}", surprise, {}) for number, surprise in enumerate(surprises)]
    nodes = np.array([member])
    candidate = judge.candidate(nodes, ["mule"], nodes, clues)
    return None if candidate is None else candidate.score


def test_what_chance_explains_is_no_candidate() -> None:
    judge = Judge("scam_cell", looked_at=1, least=3.0)
    assert _judged(judge, 2.9) is None
    assert _judged(judge, 6.0) == 0.5
    assert _judged(judge, 3.0, 0.0) is None


def test_the_same_clue_weighs_less_when_more_groups_were_looked_at() -> None:
    few, many = (Judge("scam_cell", count, 1.0) for count in (1, 1_000))
    first, second = _judged(few, 9.0), _judged(many, 9.0)
    assert first is not None
    assert second is not None
    assert first > second


def test_candidates_are_ranked_by_surprise_and_ties_by_members() -> None:
    judge = Judge("scam_cell", 1, 0.0)
    nodes = [np.array([nid]) for nid in (3, 1, 2)]
    made = [
        judge.candidate(one, ["mule"], one, [Clue("c", surprise, {})])
        for one, surprise in zip(nodes, (5.0, 5.0, 9.0), strict=True)
    ]
    assert [one.members.tolist() for one in Judge.ranked([None, *made])] == [[2], [1], [3]]


def test_thresholds_have_a_version_a_number_and_a_source_each() -> None:
    assert shipped_parameters().version
    with pytest.raises(ValueError, match="version"):
        read_parameters("fan_in: {}")
    with pytest.raises(ValueError, match=r"fan_in\.window has no number"):
        read_parameters("version: a\nfan_in: {window: {value: yes, source: x}}")
    with pytest.raises(ValueError, match=r"fan_in\.window names no source"):
        read_parameters("version: a\nfan_in: {window: {value: 3}}")


def test_the_digest_tells_other_thresholds_and_nothing_else() -> None:
    text = "version: a\nfan_in: {window: {value: 3, source: x}}"
    same, other = text.replace("source: x", "source: y"), text.replace("value: 3", "value: 4")
    assert read_parameters(text).digest() == read_parameters(same).digest()
    assert read_parameters(text).digest() != read_parameters(other).digest()
