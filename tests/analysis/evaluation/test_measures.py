"""Figures of ranking and calibration against counts that a reader can check."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.analysis.evaluation.measures import (
    auc,
    average_precision,
    brier_skill,
    calibration_error,
    precision_at_prevalence,
    share_in_top,
)

_RANKED = st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=25).filter(
    lambda rows: len({positive for _, positive in rows}) == 2
)
_SCORED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


@settings(deadline=None)
@given(_RANKED)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    good = [score for score, positive in rows if positive]
    bad = [score for score, positive in rows if not positive]
    right = sum((g > b) + (g == b) / 2 for g, b in product(good, bad))
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    expected = right / (len(good) * len(bad))
    assert auc(scores.astype(np.float64), positive) == pytest.approx(expected)


@settings(deadline=None)
@given(_RANKED)
def test_average_precision_takes_equal_scores_together(rows: list[tuple[int, bool]]) -> None:
    total = sum(positive for _, positive in rows)
    expected, seen = 0.0, 0
    for level in sorted({score for score, _ in rows}, reverse=True):
        taken = [positive for score, positive in rows if score >= level]
        expected += (sum(taken) - seen) / total * sum(taken) / len(taken)
        seen = sum(taken)
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    assert average_precision(scores.astype(np.float64), positive) == pytest.approx(expected)


def test_a_cut_through_equal_scores_lets_in_what_random_orders_let_in() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    marked = np.array([False, True, True, False, True])
    tied = [marked[[0, *order]][:2].mean() for order in permutations([1, 2, 3])]
    assert share_in_top(scores, marked, 2) == pytest.approx(np.mean(tied), abs=0.05)
    assert share_in_top(scores, marked, 2) == share_in_top(scores, marked, 2)
    assert share_in_top(scores, marked, 4) == 0.5, "nothing is drawn where no tie is cut"
    assert share_in_top(scores, marked, 99) == 0.6
    assert share_in_top(scores, marked, 0) == 0.0


@settings(deadline=None)
@given(_SCORED)
def test_the_calibration_error_compares_mean_score_and_share_bin_by_bin(
    rows: list[tuple[float, bool]],
) -> None:
    expected = 0.0
    for low in range(10):
        inside = [row for row in rows if min(int(row[0] * 10), 9) == low]
        if inside:
            said = sum(score for score, _ in inside) / len(inside)
            true = sum(positive for _, positive in inside) / len(inside)
            expected += len(inside) / len(rows) * abs(said - true)
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    assert calibration_error(scores, positive) == pytest.approx(expected, abs=1e-9)


def test_the_brier_skill_is_one_when_right_and_nought_for_the_base_rate() -> None:
    positive = np.array([True, False, False, False])
    assert brier_skill(positive.astype(np.float64), positive) == 1.0
    assert brier_skill(np.full(4, 0.25), positive) == pytest.approx(0.0)
    assert brier_skill(1.0 - positive, positive) < 0.0
    assert brier_skill(np.zeros(3), np.zeros(3, np.bool_)) == 0.0


def test_precision_rises_with_prevalence_as_counting_a_larger_share_says() -> None:
    right, wrong, base = 8, 4, Fraction(10, 1000)
    # 5 x as many offenders among the same thousand: 50 of whom 40 alerted; of 950 others 4/990.
    others = Fraction(wrong * 950, 990)
    expected = Fraction(40) / (40 + others)
    told = precision_at_prevalence(right, wrong, float(base), 5)
    assert told == pytest.approx(float(expected), abs=1e-4)
    assert precision_at_prevalence(right, wrong, float(base), 1) == pytest.approx(8 / 12, abs=1e-4)
    assert precision_at_prevalence(right, wrong, 0.05, 20) is None, "nobody else would be left"
    assert precision_at_prevalence(0, 0, 0.05, 1) is None
