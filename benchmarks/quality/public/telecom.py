"""Phone subscribers with confirmed fraud labels: their traffic, and their relations.

Judged by repeated stratified 5-fold inside ``labels_train``; where ``labels_test`` is there, on
that, taught by all of ``labels_train``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Bools, Floats, Ints, macro_f1, pair_baselines
from benchmarks.quality.public.files import Columns, find, numbered, read
from benchmarks.quality.public.learning import boosted, folds
from benchmarks.quality.public.rows import SEEDS, Figures, Row, all_ranked, mean_figures, ranked
from graphrisk.core.errors import BadInput
from graphrisk_algorithms.evidence.call_traffic import CallTraffic, traffic_risk, traffic_rules
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.propagation import propagate

_TRAFFIC = {
    "calls": "opposite_count",
    "counterparts": "opposite_unique",
    "most_with_one": "phone2opposite_max",
    "outgoing_share": "voc_calltype1",
    "days": "voc_day_nunique",
    "busiest_day": "voc_day_mode_count",
    "months": "month_ids",
    "handsets": "imeis",
}
NEEDED = {
    "phones": ("id", *_TRAFFIC.values()),
    "edges": ("src", "dst"),
    "labels_train": ("id", "label"),
}
_INNER = 5  # folds in which known numbers are propagated to as if they were not known
Scored = Callable[[Bools, int], Floats]  # from the seen labels and a seed to a score of all


@dataclass(frozen=True, slots=True)
class Subscribers:
    """Numbers with their traffic, all their figures and their relations."""

    traffic: CallTraffic
    figures: Floats  # a row a number
    src: Ints
    dst: Ints
    ties: Csr

    @property
    def n(self) -> int:
        """How many there are."""
        return self.ties.n


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by number; ``train`` and ``test`` tell for whom one is known."""

    fraud: Bools
    train: Bools
    test: Bools  # nobody, where there is no file of them

    def splits(self, seed: int) -> list[tuple[Bools, Bools]]:
        """Masks of who is seen and who is judged."""
        if self.test.any():
            return [(self.train, self.test)]
        return list(folds(self.fraud, self.train, seed))


def subscribers(folder: Path) -> tuple[Subscribers, Labels]:
    """The numbers of ``phones``, with labels apart."""
    phones, edges, labels = (read(folder, stem) for stem in NEEDED)
    names, (own, src, dst, seen) = numbered(
        phones.keys("id"), edges.keys("src"), edges.keys("dst"), labels.keys("id")
    )
    fraud, train = _flags(len(names), seen, labels)
    test = np.zeros(len(names), np.bool_)
    other = _other_half(folder)
    if other is not None:
        place = np.searchsorted(names, other.keys("id"))
        known, test = _flags(len(names), np.minimum(place, len(names) - 1), other)
        fraud |= known
    every = [name for name in phones.table.column_names if name != "id"]
    figures = np.full((len(names), len(every)), np.nan)
    figures[own] = np.column_stack([phones.numbers(name) for name in every])
    columns = {name: figures[:, every.index(column)] for name, column in _TRAFFIC.items()}
    proper = src != dst
    ties = build_csr(len(names), src[proper], dst[proper], symmetric=True, merge=True)
    return (
        Subscribers(CallTraffic(**columns), figures, src, dst, ties),
        Labels(fraud, train, test),
    )


def _flags(n: int, place: Ints, labels: Columns) -> tuple[Bools, Bools]:
    fraud, known = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    fraud[place], known[place] = labels.flags("label"), True
    return fraud, known


def _other_half(folder: Path) -> Columns | None:
    try:
        find(folder, "labels_test")
    except BadInput:
        return None
    return read(folder, "labels_test")


def scores(every: Subscribers) -> dict[str, Floats]:
    """Rankings of numbers without any label."""
    return {"all rules": traffic_risk(every.traffic)}


def judge(folder: Path) -> list[Row]:
    """D5, D6 and D7."""
    every, labels = subscribers(folder)
    simple = pair_baselines(every.n, every.src, every.dst)
    judged = labels.test if labels.test.any() else labels.train
    rules = traffic_rules(every.traffic)
    alone = {f"{name} alone": one[judged] for name, one in rules.items()}
    beside = {**{name: one[judged] for name, one in simple.items()}, **alone}
    truth = labels.fraud[judged]
    unsupervised = ranked(scores(every)["all rules"][judged], truth)
    return [
        _taught(
            "D5",
            "relations only, training labels",
            labels,
            simple,
            _propagated(every, labels.fraud),
        ),
        _taught(
            "D6",
            "figures and relations, training labels",
            labels,
            simple,
            _all(every, labels.fraud),
        ),
        Row("D7", "rules for traffic", [unsupervised], all_ranked(beside, truth)),
    ]


def _propagated(every: Subscribers, fraud: Bools) -> Scored:
    """What is known of the seen spreads over relations."""

    def scored(seen: Bools, _seed: int) -> Floats:
        harmful, harmless = np.flatnonzero(seen & fraud), np.flatnonzero(seen & ~fraud)
        return propagate(every.ties, harmful, harmless).values

    return scored


def _all(every: Subscribers, fraud: Bools) -> Scored:
    """Trees on all figures, those of relations on average, and what spreads over relations.

    For a seen number this is what spreads from the others: its own label must not tell on it.
    """
    around = _around(every.ties, every.figures)
    rules = np.column_stack(list(traffic_rules(every.traffic).values()))
    spread = _propagated(every, fraud)

    def scored(seen: Bools, seed: int) -> Floats:
        told = spread(seen, seed)
        for others, own in folds(fraud, seen, seed, _INNER):
            told[own] = spread(others, seed)[own]
        return boosted(np.column_stack([every.figures, rules, around, told]), fraud, seen, seed)

    return scored


def _around(ties: Csr, figures: Floats) -> Floats:
    """Mean figures of those a number is tied to, unknown ones left out, and how many they are."""
    from scipy import sparse

    joined = sparse.csr_matrix((ties.weights, ties.indices, ties.indptr), shape=(ties.n, ties.n))
    known = np.isfinite(figures)
    total = joined @ np.where(known, figures, 0.0)
    count = joined @ known.astype(np.float64)
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return np.column_stack([mean, np.diff(ties.indptr)])


def _taught(
    goal: str, what: str, labels: Labels, simple: Mapping[str, Floats], scored: Scored
) -> Row:
    """Means over the folds of each seed."""
    values, beside = [], []
    for seed in SEEDS:
        found: list[Figures] = []
        for seen, judged in labels.splits(seed):
            score, truth = scored(seen, seed)[judged], labels.fraud[judged]
            figures = {**ranked(score, truth), "macro-F1": macro_f1(score > 0.0, truth)}
            found.append(figures)
            beside.append(all_ranked({name: one[judged] for name, one in simple.items()}, truth))
        values.append({name: float(np.mean([one[name] for one in found])) for name in found[0]})
    return Row(goal, what, values, mean_figures(beside), labels=True, seeds=SEEDS)
