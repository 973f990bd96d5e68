"""Rules of call screening as ranks of ratios."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from graphrisk_algorithms.evidence.call_traffic import CallTraffic, traffic_risk, traffic_rules

_USUAL = CallTraffic(
    calls=np.full(4, 100.0),
    counterparts=np.full(4, 20.0),
    most_with_one=np.full(4, 30.0),
    outgoing_share=np.full(4, 0.5),
    days=np.full(4, 28.0),
    busiest_day=np.full(4, 10.0),
    months=np.full(4, 12.0),
    handsets=np.full(4, 1.0),
)


@pytest.mark.parametrize(
    ("column", "value", "rules"),
    [
        ("counterparts", 95.0, {"strangers", "dispersion"}),
        ("most_with_one", 2.0, {"no_confidant"}),
        ("outgoing_share", 0.99, {"outgoing"}),
        ("busiest_day", 90.0, {"burst"}),
        ("days", 1.0, {"dispersion", "few_days"}),
        ("months", 1.0, {"new"}),
        ("handsets", 6.0, {"rotation"}),
    ],
)
def test_a_rule_rises_for_what_it_is_for(column: str, value: float, rules: set[str]) -> None:
    """Second number is unusual in one column, in the direction that screening looks for."""
    values = getattr(_USUAL, column).copy()
    values[1] = value
    traffic = replace(_USUAL, **{column: values})
    found = traffic_rules(traffic)
    assert {name for name, rank in found.items() if rank[1] > rank[0]} == rules
    assert np.argmax(traffic_risk(traffic)) == 1


def test_equal_numbers_share_the_middle_and_unknown_ones_stand_there() -> None:
    values = np.array([np.nan, 1.0, 2.0, 3.0])
    rank = traffic_rules(replace(_USUAL, handsets=values))["rotation"]
    assert rank.tolist() == pytest.approx([0.5, 1 / 6, 0.5, 5 / 6])
    for rule in traffic_rules(_USUAL).values():
        assert rule.tolist() == [0.5] * 4


def test_units_do_not_matter() -> None:
    rng = np.random.default_rng(4)
    traffic = CallTraffic(**{one.name: rng.uniform(1, 9, 50) for one in fields(CallTraffic)})
    scaled = replace(traffic, months=traffic.months * 30, handsets=traffic.handsets * 7)
    np.testing.assert_allclose(traffic_risk(traffic), traffic_risk(scaled))
