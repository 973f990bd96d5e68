"""Tails: against sums a reader can check."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.nulls import (
    binomial_surprise,
    combined_surprise,
    corrected,
    poisson_surprise,
    score,
)


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.floats(0.01, 0.99))
def test_the_binomial_tail_is_the_sum_of_its_terms(seen: int, trials: int, chance: float) -> None:
    tail = sum(
        math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k)
        for k in range(seen, trials + 1)
    )
    expected = min(-math.log10(tail), 60.0) if tail else 60.0
    assert binomial_surprise(seen, trials, chance) == pytest.approx(expected, abs=1e-6)


@settings(deadline=None)
@given(st.integers(0, 12), st.floats(0.01, 20))
def test_the_poisson_tail_is_one_minus_the_terms_below(seen: int, mean: float) -> None:
    below = sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(seen))
    assert 10 ** -poisson_surprise(seen, mean) == pytest.approx(1 - below, abs=1e-9)


def test_clues_that_chance_explains_well_weaken_the_joint_surprise() -> None:
    assert combined_surprise([6.0, 0.0]) < 6.0
    assert combined_surprise([6.0, 6.0]) > 6.0
    assert combined_surprise([]) == 0.0


def test_looking_at_more_groups_lowers_the_surprise_but_never_below_nothing() -> None:
    assert corrected(5.0, 1_000) == pytest.approx(2.0)
    assert corrected(1.0, 1_000) == 0.0
    assert corrected(5.0, 0) == 5.0


@settings(deadline=None)
@given(st.floats(0, 60), st.floats(0, 60))
def test_a_greater_surprise_never_scores_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= score(low) <= score(high) < 1.0
