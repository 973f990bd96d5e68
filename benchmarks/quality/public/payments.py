"""Card payments with labels, in time order (S-FFSD): taught by the past, judged on what followed.

What a row tells is gathered from rows before it alone. Some rows have no label (2): they are seen
as payments, and neither teach nor judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Bools, Floats, Ints
from benchmarks.quality.public.files import numbered, read
from benchmarks.quality.public.learning import boosted
from benchmarks.quality.public.rows import SEEDS, Row, all_ranked, ranked
from graphrisk.core.errors import BadInput

_SIDES = ("src", "dst", "location", "type")
NEEDED = {"transactions": ("t", "amount", "label", *_SIDES)}
_TAUGHT = 0.6  # of the labelled rows, the earliest
_WINDOWS = (200, 1000, 5000)  # rows before
_PAIRS = (
    ("src", "dst"),
    ("src", "location"),
    ("src", "type"),
    ("dst", "location"),
    ("dst", "type"),
    ("location", "type"),
    ("src", "cents"),
    ("dst", "cents"),
)
_NEW = (("src", "dst"), ("src", "location"), ("src", "type"), ("dst", "src"), ("location", "src"))


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments in time order; ``sides`` are numbers of payer, payee, place, type and sum."""

    amount: Floats
    sides: Mapping[str, Ints]


def payments(folder: Path) -> tuple[Payments, Bools, Bools]:
    """The payments, which are fraud, and which have a label."""
    rows = read(folder, "transactions")
    label = rows.known("label")
    order = np.argsort(rows.known("t"), kind="stable")
    amount = rows.known("amount")[order]
    sides = {name: numbered(rows.keys(name))[1][0][order] for name in _SIDES}
    sides["cents"] = np.unique(np.round(100 * amount), return_inverse=True)[1].astype(np.int64)
    fraud, labelled = label[order] == 1.0, np.isin(label[order], (0.0, 1.0))
    if not (fraud.any() and (labelled & ~fraud).any()):
        raise BadInput("all labels are alike", file=str(rows.file), column="label")
    return Payments(amount, sides), fraud, labelled


def judge(folder: Path) -> list[Row]:
    """D16."""
    every, fraud, labelled = payments(folder)
    earliest = np.flatnonzero(labelled)
    border = int(earliest[int(_TAUGHT * len(earliest))])
    now = np.arange(len(fraud))
    seen, judged = labelled & (now < border), labelled & (now >= border)
    known = features(every)
    columns = np.column_stack(list(known.values()))
    values = [
        ranked(boosted(columns, fraud, seen, seed, leaves=15, models=1)[judged], fraud[judged])
        for seed in SEEDS
    ]
    simple = {
        "amount": every.amount,
        "payer seen before": known["src before"],
        "payee seen before": known["dst before"],
        "payer and payee seen before": known["src, dst before"],
    }
    beside = {name: one[judged] for name, one in simple.items()}
    what = "past payments, first 60 % of the labels"
    figures = all_ranked(beside, fraud[judged])
    return [Row("D16", what, values, figures, labels=True, seeds=SEEDS)]


def features(every: Payments) -> Mapping[str, Floats]:
    """What the rows before tell of each row."""
    sides, amount = every.sides, every.amount
    found = {"amount": np.log1p(np.maximum(amount, 0.0)), "cents": amount % 1.0}
    found |= {"tens": (amount % 10 == 0).astype(np.float64)}
    groups: dict[str, Ints] = {name: sides[name] for name in _SIDES}
    groups |= {f"{one}, {two}": _joint(sides[one], sides[two]) for one, two in _PAIRS}
    for name, group in groups.items():
        found |= {f"{name} {what}": column for what, column in _before(group, amount).items()}
    for name in _SIDES:
        found |= {f"{name} in {rows}": _recent(sides[name], rows) for rows in _WINDOWS}
    for one, two in _NEW:
        found[f"{two} of {one}"] = _different(sides[one], sides[two])
    return found


def _joint(one: Ints, two: Ints) -> Ints:
    place = np.unique(one * (int(two.max()) + 1) + two, return_inverse=True)[1]
    found: Ints = place.astype(np.int64)
    return found


def _sorted(group: Ints) -> tuple[Ints, Ints]:
    """Rows by group, then time, and the first place of each row's group among them."""
    order = np.argsort(group, kind="stable")
    new = np.diff(group[order], prepend=-1) != 0
    return order, np.maximum.accumulate(np.where(new, np.arange(len(group)), 0))


def _before(group: Ints, amount: Floats) -> Mapping[str, Floats]:
    """How many rows of the group came before, how long ago the last, and how sums compare."""
    order, first = _sorted(group)
    place, sums = np.arange(len(group)), amount[order]
    count = (place - first).astype(np.float64)
    some = count > 0
    mean = _so_far(sums, first) / np.maximum(count, 1.0)
    spread = np.sqrt(np.maximum(_so_far(sums**2, first) / np.maximum(count, 1.0) - mean**2, 0.0))
    last, at = np.roll(sums, 1), np.roll(order, 1)
    told = {
        "before": count,
        "rows ago": np.where(some, order - at, np.nan),
        "against mean": np.where(some, _ratio(sums, mean), np.nan),
        "spread": np.where(some, spread, np.nan),
        "against last": np.where(some, _ratio(sums, last), np.nan),
    }
    return {name: _back(order, column) for name, column in told.items()}


def _so_far(values: Floats, first: Ints) -> Floats:
    """Sum over the earlier rows of the same group."""
    total = np.cumsum(values) - values
    found: Floats = total - total[first]
    return found


def _ratio(one: Floats, two: Floats) -> Floats:
    found: Floats = np.log((np.abs(one) + 1.0) / (np.abs(two) + 1.0))
    return found


def _back(order: Ints, values: Floats) -> Floats:
    found = np.empty(len(values))
    found[order] = values
    return found


def _recent(group: Ints, rows: int) -> Floats:
    """Rows of the same group among so many rows before."""
    order, _ = _sorted(group)
    base = group[order] * (2 * len(group))
    begin = np.searchsorted(base + order, base + np.maximum(order - rows, 0))
    return _back(order, (np.arange(len(group)) - begin).astype(np.float64))


def _different(group: Ints, other: Ints) -> Floats:
    """How many different others the group has met, this row's included."""
    joint = _joint(group, other)
    fresh = np.zeros(len(group))
    fresh[np.unique(joint, return_index=True)[1]] = 1.0
    order, first = _sorted(group)
    return _back(order, _so_far(fresh[order], first) + fresh[order])
