"""From clues to probabilities: overlap, caps, order, and shares that add up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.analysis.scoring import (
    KNOTS,
    Scale,
    likelihood_ratio,
    read_scale,
    shipped_scale,
    stated_scale,
    whole,
)
from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge

_SURPRISES = st.floats(0.5, 59.0)


def candidate(clues: Sequence[tuple[str, float]], kind: str = "scam_cell") -> Candidate:
    """A candidate as a finder that looked at ten groups would judge it."""
    judge = Judge(kind, looked_at=10, least=0.0)
    told = [Clue(code, surprise, {}) for code, surprise in clues]
    found = judge.candidate(np.array([1, 2]), ("mule", "mule"), np.array([4]), told)
    assert found is not None
    return found


def test_a_p_value_speaks_for_no_more_than_its_bound() -> None:
    for p in (0.3, 0.05, 1e-3, 1e-12):
        bound = 1 / (-math.e * p * math.log(p))
        assert likelihood_ratio(-math.log10(p)) == pytest.approx(math.log10(bound))
    assert likelihood_ratio(0.4) == 0.0, "what chance does every third time says nothing"


def test_clues_that_count_the_same_facts_do_not_speak_twice() -> None:
    scale = stated_scale()

    def heard(*codes: str) -> float:
        one = candidate([(code, 8.0) for code in codes])
        # Without the correction of the joint surprise, which is the finder's own.
        return scale.odds(replace(one, surprise=99.0))

    assert heard("passes_on", "money_returns") == heard("passes_on")
    assert heard("passes_on", "called_before_paying") == pytest.approx(2 * heard("passes_on"))
    assert heard("passes_on", "nobody_said", "what_they_count") == pytest.approx(
        2 * heard("passes_on")
    ), "unknown clues are taken to overlap"


def test_no_kind_of_fact_speaks_louder_than_the_cap() -> None:
    scale = stated_scale()
    one = candidate([("passes_on", 59.0)])
    assert 0.9 * scale.cap < scale.odds(replace(one, surprise=99.0)) < scale.cap


def test_the_groups_looked_at_lower_the_odds() -> None:
    scale = stated_scale()
    few, many = (
        Judge("scam_cell", looked, 0.0).candidate(
            np.array([1]), ("mule",), np.array([4]), [Clue("passes_on", 9.0, {})]
        )
        for looked in (1, 1000)
    )
    assert few is not None
    assert many is not None
    assert scale.odds(few) - scale.odds(many) == pytest.approx(3.0, abs=1e-5)


@settings(deadline=None)
@given(st.lists(st.floats(-3, 14), min_size=2, max_size=2, unique=True))
def test_stronger_evidence_is_likelier_on_every_map(odds: list[float]) -> None:
    low, high = sorted(odds)
    for kind in (*shipped_scale().learnt, "never_learnt"):
        less, more = (shipped_scale().probability(kind, one) for one in (low, high))
        assert 0.0 < less <= more < 1.0
        if high - low > 0.01 and low > KNOTS[0] and high < KNOTS[-1]:
            assert less < more


@settings(deadline=None)
@given(st.lists(_SURPRISES, min_size=1, max_size=4))
def test_contributions_add_up_to_the_score(surprises: list[float]) -> None:
    codes = ("passes_on", "called_before_paying", "meets_again", "unbooked")
    one = shipped_scale().scored(candidate(list(zip(codes, surprises, strict=False))))
    parts = shipped_scale().contributions(one)
    assert sum(parts) == pytest.approx(one.score, abs=1e-9)
    assert min(parts) >= 0.0


def test_clues_of_the_same_facts_share_what_these_say() -> None:
    one = replace(candidate([("called_before_paying", 20.0), ("passes_on", 20.0)]), score=0.8)
    alone = stated_scale().contributions(one)
    assert alone == [0.4, 0.4]
    clues = [("called_before_paying", 20.0), ("meets_again", 10.0), ("passes_on", 20.0)]
    calls, meets, passes = stated_scale().contributions(replace(candidate(clues), score=0.8))
    by_code = dict(zip(sorted(code for code, _ in clues), (calls, passes, meets), strict=True))
    assert calls == pytest.approx(0.4)
    assert sum(by_code.values()) == pytest.approx(0.8)


@settings(deadline=None)
@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_rounded_shares_still_add_up(total: float, parts: list[float]) -> None:
    if sum(parts) > 0.01:
        assert sum(whole(total, parts)) == pytest.approx(round(total, 6), abs=1e-9)


def test_a_scale_whose_numbers_have_no_source_or_whose_clues_stand_twice_is_refused() -> None:
    numbers = "".join(
        f"{name}: {{value: 1, source: judgement}}\n"
        for name in ("prior", "cap", "most", "role", "weight")
    )
    head = "version: a-1\n" + numbers
    assert read_scale(head + "facts: {calls: [a]}").facts == {"a": "calls"}
    with pytest.raises(ValueError, match="a counts calls and money"):
        read_scale(head + "facts: {calls: [a], money: [a]}")
    with pytest.raises(ValueError, match="cap names no source"):
        read_scale(
            head.replace("cap: {value: 1, source: judgement}", "cap: {value: 1}") + "facts: {}"
        )


def test_scales_that_score_otherwise_have_other_digests() -> None:
    scale = stated_scale()
    others: list[Scale] = [
        replace(scale, prior=2.0),
        replace(scale, learnt={"scam_cell": (0.1,) * len(KNOTS)}),
        replace(scale, roles={"scam_cell": {"mule": 0.5}}),
        replace(scale, facts={**scale.facts, "passes_on": "calls"}),
    ]
    assert len({one.digest() for one in (scale, *others)}) == 5
