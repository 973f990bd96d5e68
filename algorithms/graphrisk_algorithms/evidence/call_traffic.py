"""What the traffic of a number tells of how it is used: ratios, and rules that need no label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.graph import Float64Array


@dataclass(frozen=True, slots=True)
class CallTraffic:
    """One value a number, of some weeks of its calls in both directions; NaN where unknown."""

    calls: Float64Array
    counterparts: Float64Array  # different numbers at the other end
    most_with_one: Float64Array  # calls with the counterpart it has most of
    outgoing_share: Float64Array
    days: Float64Array  # with a call
    busiest_day: Float64Array  # calls on it
    months: Float64Array  # in which the number was in use
    handsets: Float64Array  # it was used in


def traffic_rules(traffic: CallTraffic) -> Mapping[str, Float64Array]:
    """How far each rule of call screening fits each number: 0 to 1, the share of numbers below.

    - ``strangers``: few calls a counterpart; people call the same few again and again.
    - ``no_confidant``: even the counterpart it talks to most has a small share of its calls.
    - ``dispersion``: many different counterparts a day.
    - ``outgoing``: it calls and is not called.
    - ``burst``: a large share of its calls on one day.
    - ``few_days``, ``new``: active on few days, in use for few months.
    - ``rotation``: one SIM in several handsets.

    Ranks need no threshold and do not mind units; equal values share a rank, unknown ones stand in
    the middle. Cannot see who is called: couriers, hotlines and new customers fit several rules,
    so a number is to be judged by all of them. Cost: eight sorts.
    Source: abnormal-traffic rules of fraud-call screening as in arXiv 2303.17334, section 3.
    """
    calls = np.maximum(traffic.calls, 1.0)
    ratios = {
        "strangers": -calls / np.maximum(traffic.counterparts, 1.0),
        "no_confidant": -traffic.most_with_one / calls,
        "dispersion": traffic.counterparts / np.maximum(traffic.days, 1.0),
        "outgoing": traffic.outgoing_share,
        "burst": traffic.busiest_day / calls,
        "few_days": -traffic.days,
        "new": -traffic.months,
        "rotation": traffic.handsets,
    }
    return {name: _rank(ratio) for name, ratio in ratios.items()}


def traffic_risk(traffic: CallTraffic) -> Float64Array:
    """Mean of the rules for each number, 0 to 1: a ranking, no probability."""
    found: Float64Array = np.mean(list(traffic_rules(traffic).values()), axis=0)
    return found


def _rank(values: Float64Array) -> Float64Array:
    """Share of the known values below, equal ones by half; one half for unknown ones."""
    rank = np.full(len(values), 0.5)
    known = np.isfinite(values)
    ordered = np.sort(values[known])
    below = np.searchsorted(ordered, values[known], side="left")
    up_to = np.searchsorted(ordered, values[known], side="right")
    rank[known] = (below + up_to) / (2.0 * max(len(ordered), 1))
    return rank
