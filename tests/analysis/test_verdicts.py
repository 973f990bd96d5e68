"""Verdicts correct scores; cases opened on proposals alone do not prove the machine right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.analysis.scoring import Scale, stated_scale
from graphrisk.analysis.verdicts import (
    LEAST_AUDITS,
    MACHINE,
    Choice,
    Judged,
    Verdict,
    choose,
    judged,
    with_verdicts,
)
from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge

_CAPACITY, _LOT, _GROUPS, _ROUNDS = 60, 0.3, 400, 6
#: Evidence of calls and of devices; in truth a finding of either is a ring every second time.
_TRUE = {"called_before_paying": 0.5, "strange_guests": 0.5}
_USUAL = {"called_before_paying": 2.5, "strange_guests": 1.9}  # surprise of the proposals
Told = Callable[[list[Candidate], list[bool], list[Choice], int], list[Judged]]


def _candidate(code: str, surprise: float, members: Sequence[int] = (1,)) -> Candidate:
    judge = Judge("scam_cell", looked_at=1, least=0.0)
    roles = ["caller", *["victim"] * (len(members) - 1)]
    clue = Clue(code, surprise, {})
    found = judge.candidate(np.array(members), roles, np.array([4]), [clue])
    assert found is not None
    return found


def _proposals(rng: np.random.Generator) -> tuple[list[Candidate], list[bool]]:
    """Half rests on calls, half on devices, of which the machine thinks a little less."""
    found, truth = [], []
    for place in range(_GROUPS):
        code = list(_TRUE)[place % 2]
        found.append(_candidate(code, _USUAL[code] + float(rng.uniform(-0.3, 0.3)), (place,)))
        truth.append(bool(rng.random() < _TRUE[code]))
    return found, truth


def _loop(told: Told, lot: float) -> Scale:
    """Rounds of proposing, opening cases and learning from all verdicts so far."""
    rng = np.random.default_rng(5)
    start = scale = stated_scale()
    verdicts: list[Judged] = []
    for turn in range(_ROUNDS):
        proposals, truth = _proposals(rng)
        scores = [scale.scored(one).score for one in proposals]
        opened = choose(scores, _CAPACITY, lot, rng)
        verdicts += told(proposals, truth, opened, turn)
        scale = with_verdicts(start, verdicts)
    return scale


def _guarded(
    proposals: list[Candidate], truth: list[bool], opened: list[Choice], turn: int
) -> list[Judged]:
    verdicts = [Verdict(one.place, truth[one.place], turn, "officer", one.chance) for one in opened]
    return judged(proposals, verdicts, stated_scale())


def _unguarded(
    proposals: list[Candidate], truth: list[bool], opened: list[Choice], turn: int
) -> list[Judged]:
    """Silence is taken for innocence, and every verdict for one that the lot drew."""
    seen = {one.place for one in opened if one.chance == 1.0}
    verdicts = [
        Verdict(place, place in seen and truth[place], turn, "officer", 0.999)
        for place in range(len(proposals))
    ]
    return judged(proposals, verdicts, stated_scale())


def _said(scale: Scale, code: str) -> float:
    return scale.scored(_candidate(code, _USUAL[code])).score


def test_a_loop_that_hears_only_of_what_it_proposed_drifts() -> None:
    """Findings on devices are true as often, but never looked at: soon they count for nothing."""
    scale = _loop(_unguarded, 0.02)
    assert _said(scale, "strange_guests") < 0.1
    assert _said(scale, "called_before_paying") > 2 * _said(scale, "strange_guests")


def test_with_lots_and_their_weights_it_learns_what_is_true_of_both() -> None:
    scale = _loop(_guarded, _LOT)
    for code, share in _TRUE.items():
        assert _said(scale, code) == pytest.approx(share, abs=0.15)


def _mixed(guilty: float, count: int, chance: float, at: int = 0) -> list[Judged]:
    """So many verdicts on findings that rest on calls, one a millisecond from ``at`` on."""
    order = np.random.default_rng(3).permutation(count).tolist()
    return [
        Judged(0.5, {"calls": 1.0}, float(place < guilty * count), at + turn, chance)
        for turn, place in enumerate(order)
    ]


def test_without_verdicts_from_the_lot_nothing_is_learnt() -> None:
    scale = stated_scale()
    assert with_verdicts(scale, []) is scale
    assert with_verdicts(scale, _mixed(0.9, 500, 1.0)) is scale, "all proposed by the machine"
    assert with_verdicts(scale, _mixed(0.9, LEAST_AUDITS - 1, 0.1)) is scale
    assert with_verdicts(scale, _mixed(0.9, 100, 0.1)).shifts["calls"] > 0.5


def test_what_later_verdicts_do_not_bear_out_is_not_kept() -> None:
    """Three of four of the earlier verdicts said yes, of the later ones one in ten."""
    turned = [*_mixed(0.75, 140, 0.1), *_mixed(0.1, 60, 0.1, at=1000)]
    scale = stated_scale()
    assert with_verdicts(scale, turned) is scale
    assert with_verdicts(scale, [*turned[:140], *_mixed(0.75, 60, 0.1, at=1000)]).shifts


def test_a_verdict_counts_by_one_over_the_chance_of_its_case() -> None:
    """A hundred proposals that were right do not outvote the forty of the lot that were not."""
    seen = [*_mixed(1.0, 100, 1.0), *_mixed(0.0, 40, 0.05)]
    seen.sort(key=lambda one: one.at % 40)
    assert with_verdicts(stated_scale(), seen).shifts["calls"] < -0.5


def test_what_the_machine_says_of_itself_and_victims_are_not_heard() -> None:
    found = [_candidate("strange_guests", 3.0, (7, 8))]
    scale = stated_scale()
    assert judged(found, [Verdict(7, True, 1, MACHINE)], scale) == []
    assert judged(found, [Verdict(8, True, 1, "officer")], scale) == [], "8 is a victim"
    heard = judged(found, [Verdict(7, True, 1, "officer"), Verdict(7, False, 2, "judge")], scale)
    assert [(one.guilty, one.at) for one in heard] == [(0.0, 2)], "the last verdict counts"
    assert heard[0].shares == {"devices": 1.0}


@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60),
    st.integers(1, 40),
    st.floats(0.01, 0.99),
    st.integers(0, 2**32 - 1),
)
def test_a_choice_opens_the_likeliest_and_draws_the_rest(
    scores: list[float], capacity: int, share: float, seed: int
) -> None:
    chosen = choose(scores, capacity, share, np.random.default_rng(seed))
    places = [one.place for one in chosen]
    assert len(places) == len(set(places)) == min(capacity, len(scores))
    sure = [scores[one.place] for one in chosen if one.chance == 1.0]
    others = [score for place, score in enumerate(scores) if place not in places]
    if capacity < len(scores):
        assert any(one.chance < 1.0 for one in chosen), "somebody is always drawn by lot"
        assert min(sure, default=1.0) >= max(others)
        drawn = [one.chance for one in chosen if one.chance < 1.0]
        left = len(scores) - (capacity - len(drawn))
        assert drawn == pytest.approx([len(drawn) / left] * len(drawn))


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0])
def test_a_choice_without_a_lot_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="lot"):
        choose([0.5], 1, share, np.random.default_rng(0))


def test_a_shift_moves_the_score_and_the_digest_but_not_the_order_within_facts() -> None:
    scale = stated_scale()
    moved = replace(scale, shifts={"devices": -1.0})
    low, high = _candidate("strange_guests", 2.0), _candidate("strange_guests", 4.0)
    assert moved.scored(low).score < scale.scored(low).score
    assert moved.scored(low).score < moved.scored(high).score
    other = _candidate("called_before_paying", 3.0)
    assert moved.scored(other).score == scale.scored(other).score
    assert moved.digest() != scale.digest()
    assert sum(moved.contributions(moved.scored(low))) == pytest.approx(moved.scored(low).score)
