"""The maps of the scale are learnt from examples, and hold on others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.analysis.evaluation.measures import calibration_error
from graphrisk.analysis.learning import Example, Part, learnt_maps, learnt_roles, rising
from graphrisk.analysis.scoring import KNOTS, shipped_scale, stated_scale

_VALUES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(1, 5)), min_size=1, max_size=8
)  # value, weight


@settings(deadline=None)
@given(_VALUES)
def test_levelling_is_the_nearest_rising_sequence(rows: list[tuple[float, int]]) -> None:
    values, weights = (np.array(column, float) for column in zip(*rows, strict=True))

    def mean(first: int, last: int) -> float:
        own = weights[first : last + 1]
        return float((values[first : last + 1] * own).sum() / own.sum())

    count = len(values)
    # The min-max formula of isotonic regression.
    expected = [
        max(min(mean(a, b) for b in range(i, count)) for a in range(i + 1)) for i in range(count)
    ]
    assert rising(values.tolist(), weights.tolist()) == pytest.approx(expected, abs=1e-9)


def test_without_examples_nothing_is_learnt() -> None:
    assert learnt_maps(stated_scale(), [], 3.0) == {}
    assert learnt_roles(stated_scale(), []) == {}


def test_rings_raise_and_mistakes_lower_the_map_around_them_only_of_their_kind() -> None:
    scale = stated_scale()
    before = [scale.probability("fan_in", odds) for odds in KNOTS]
    wrong = learnt_maps(scale, [Example("fan_in", 5.0, False)] * 20, scale.weight)["fan_in"]
    right = learnt_maps(scale, [Example("fan_in", 1.0, True)] * 20, scale.weight)["fan_in"]
    place = KNOTS.index(5.0)
    assert wrong[place] < 0.5 * before[place]
    assert wrong[-1] == pytest.approx(before[-1], abs=0.35), "far away little is learnt"
    assert right[KNOTS.index(1.0)] > before[KNOTS.index(1.0)]
    assert set(learnt_maps(scale, [Example("fan_in", 5.0, True)], 3.0)) == {"fan_in"}
    assert max(right) <= scale.most


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_map_learnt_on_one_half_is_calibrated_on_the_other(seed: int) -> None:
    """A world where evidence means less than the stated scale takes it for."""
    rng = np.random.default_rng(seed)
    odds = rng.uniform(-1, 12, 4_000)
    is_ring = rng.random(4_000) < 0.9 / (1 + np.exp(-(odds - 6) / 1.5))
    rows = [
        Example("fan_in", float(o), bool(r)) for o, r in zip(odds[:2000], is_ring, strict=False)
    ]
    scale = stated_scale()
    knots = learnt_maps(scale, rows, scale.weight)["fan_in"]
    told = np.interp(odds[2000:], KNOTS, knots)
    stated = np.array([scale.unlearnt(one) for one in odds[2000:]])
    assert calibration_error(told, is_ring[2000:]) < 0.04
    assert calibration_error(stated, is_ring[2000:]) > 0.2


def test_a_role_offends_as_often_as_was_seen_leaning_on_what_is_stated() -> None:
    scale = stated_scale()
    parts = [Part("scam_cell", "mule", 60, 30), Part("scam_cell", "mule", 40, 20)]
    shares = learnt_roles(scale, [*parts, Part("scam_cell", "caller", 0.5, 0)])["scam_cell"]
    assert shares["mule"] == pytest.approx((50 + 3 * 0.8) / 103, abs=1e-4)
    assert shares["caller"] == pytest.approx(3 * 0.8 / 3.5, abs=1e-4)


def test_what_is_shipped_was_learnt_and_rises() -> None:
    scale = shipped_scale()
    assert "cities of" in scale.version
    for kind, knots in scale.learnt.items():
        assert len(knots) == len(KNOTS)
        assert list(knots) == sorted(knots)
        assert 0.0 < knots[0] <= knots[-1] <= scale.most
        assert all(0.0 < share <= 1.0 for share in scale.roles[kind].values())
