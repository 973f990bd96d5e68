"""Daily cash flow of confirmed Ponzi schemes, beside honest platforms that are made up.

All sets of this format are positives, so false alarms are counted on ``platforms``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Floats
from benchmarks.quality.public.files import read
from benchmarks.quality.public.platforms import KINDS, made
from benchmarks.quality.public.rows import SEEDS, Figures, Row
from graphrisk.core.errors import BadInput
from graphrisk_algorithms.evidence.cash_flow import CashFlow, PonziWatch

NEEDED = {"cashflow": ("scheme", "series", "day", "satoshi")}
_TOLD = ("receive", "send")  # ``balance`` follows from them
EACH = 10  # honest platforms of a kind and seed
Alarm = Callable[[CashFlow], int | None]


def schemes(folder: Path) -> Mapping[str, CashFlow]:
    """The flow of each scheme from its first deposit on, by name."""
    table = read(folder, "cashflow")
    scheme, series = table.keys("scheme"), table.keys("series")
    day, amount = table.known("day").astype(np.int64), table.known("satoshi")
    if (day < 0).any():
        raise BadInput("days count from 0", file=str(table.file), column="day")
    if not np.isin(_TOLD, series).all():
        raise BadInput("receive and send are needed", file=str(table.file), column="series")
    found = {}
    for name in sorted(set(scheme.tolist()), key=lambda one: (len(one), one)):
        own = scheme == name
        received, paid = (
            np.asarray(np.bincount(day[rows], amount[rows], int(day[own].max()) + 1), np.float64)
            for rows in (own & (series == one) for one in _TOLD)
        )
        first = int(np.argmax(received > 0))
        found[name] = CashFlow(received[first:], paid[first:])
    return found


def judge(folder: Path) -> list[Row]:
    """All schemes, then each of them, then honest platforms by kind."""
    found = schemes(folder)
    rules: dict[str, Alarm] = {"ours": PonziWatch().alarm, **_simple()}
    told = {name: _alarms(rule, list(found.values())) for name, rule in rules.items()}
    wrong = {name: _false_alarms(rule) for name, rule in rules.items()}
    every = [
        {**told["ours"], "false alarms": float(np.mean(list(kinds.values())))}
        for kinds in wrong["ours"]
    ]
    beside = {
        name: {
            **told[name],
            "false alarms": float(np.mean([list(kinds.values()) for kinds in wrong[name]])),
        }
        for name in _simple()
    }
    rows = [Row("", "all schemes; honest platforms", every, beside, seeds=SEEDS)]
    for name, flow in found.items():
        simple = {one: _alarms(rule, [flow]) for one, rule in _simple().items()}
        rows.append(Row("", f"scheme {name}", [_alarms(rules["ours"], [flow])], simple))
    for kind in KINDS:
        mine = [{"false alarms": kinds[kind]} for kinds in wrong["ours"]]
        simple = {
            one: {"false alarms": float(np.mean([kinds[kind] for kinds in wrong[one]]))}
            for one in _simple()
        }
        rows.append(Row("", f"honest: {kind}", mine, simple, seeds=SEEDS))
    return rows


def _simple() -> Mapping[str, Alarm]:
    """Floors: the ratio of payouts alone, and the swing of deposits alone."""
    anything = PonziWatch(least_ratio=0.0, least_swing=0.0, least_surprise=0.0)
    return {
        "pays out 90 %": replace(anything, least_ratio=0.9).alarm,
        "deposits swing": replace(anything, least_swing=1.0).alarm,
    }


def _alarms(rule: Alarm, flows: Sequence[CashFlow]) -> Figures:
    """How many are told, after how many days (median of these), and before which deposits.

    ``deposits to come``: share of all deposits that came after the alarm, 0 where there was none;
    the median over schemes.
    """
    days = [rule(flow) for flow in flows]
    still = [_to_come(flow.received, day) for flow, day in zip(flows, days, strict=True)]
    told = [day for day in days if day is not None]
    return {
        "alarmed": len(told) / len(days),
        **({"days to alarm": float(np.median(told))} if told else {}),
        "deposits to come": float(np.median(still)),
    }


def _to_come(received: Floats, day: int | None) -> float:
    if day is None:
        return 0.0
    return float(received[day + 1 :].sum() / max(float(received.sum()), 1.0))


def _false_alarms(rule: Alarm) -> list[Mapping[str, float]]:
    """Of each seed: the share of honest platforms of each kind that alarm."""
    return [
        {
            kind: float(np.mean([rule(made(kind, seed, one)) is not None for one in range(EACH)]))
            for kind in KINDS
        }
        for seed in SEEDS
    ]
