"""Scores of nodes against who offended: ranking, calibration, victims, prevalence.

A person is all of his records: his score is the highest of theirs. What no finding names scores 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from graphrisk.analysis.evaluation.measures import (
    Bools,
    Floats,
    auc,
    average_precision,
    brier_skill,
    calibration_error,
    precision_at_prevalence,
    share_in_top,
)
from graphrisk.analysis.evaluation.truth import Truth
from graphrisk.store.contract import Reader

#: From this score on somebody counts as suspected, and as accused.
SUSPECTED = 0.2
ACCUSED = 0.5
#: What carries a score and is a thing of its own.
_KINDS = ("Person", "Account", "Phone")
_ALERTS = (20, 50, 100)
_TIMES = (1, 5, 25)
_TOP = 100  # a hundredth of the population
_DIGITS = 4


class NodeFigures(TypedDict):
    """The score of one kind of node; ``None`` where all are of one class."""

    nodes: int
    offenders: int
    suspected: int  # with a score of .2 or more
    auc: float | None
    average_precision: float | None
    ece: float  # expected calibration error, ten bins
    ece_suspected: float  # among scores of .2 or more
    brier_skill: float  # against saying the base rate of everybody


class VictimFigures(TypedDict):
    """How the score treats those who were robbed."""

    suspected: int  # victims of any node kind with a score of .2 or more
    in_top_1_percent: float  # share of victims among the hundredth of people that scores highest
    in_population: float


class AlertFigures(TypedDict):
    """Persons by falling score, and what precision becomes where offenders are more frequent."""

    precision_at_20: float
    precision_at_50: float
    precision_at_100: float
    precision_at_prevalence: dict[str, dict[str, float | None]]  # threshold → times → precision


@dataclass(frozen=True, slots=True)
class Population:
    """All nodes of one kind, in no order that means anything: arrays of one length."""

    scores: Floats
    offender: Bools
    victim: Bools

    def figures(self) -> NodeFigures:
        """How well the score ranks, and how far it is a probability."""
        suspected = self.scores >= SUSPECTED
        both = 0 < self.offender.sum() < len(self.offender)
        return {
            "nodes": len(self.scores),
            "offenders": int(self.offender.sum()),
            "suspected": int(suspected.sum()),
            "auc": _rounded(auc(self.scores, self.offender)) if both else None,
            "average_precision": (
                _rounded(average_precision(self.scores, self.offender)) if both else None
            ),
            "ece": _rounded(calibration_error(self.scores, self.offender)),
            "ece_suspected": _rounded(
                calibration_error(self.scores[suspected], self.offender[suspected])
            ),
            "brier_skill": _rounded(brier_skill(self.scores, self.offender)),
        }

    def alerts(self) -> AlertFigures:
        """Precision of the highest scores, and of scores above a threshold by prevalence."""
        first = [_rounded(share_in_top(self.scores, self.offender, count)) for count in _ALERTS]
        told = {f"{least:g}": self._by_prevalence(least) for least in (SUSPECTED, ACCUSED)}
        return {
            "precision_at_20": first[0],
            "precision_at_50": first[1],
            "precision_at_100": first[2],
            "precision_at_prevalence": told,
        }

    def _by_prevalence(self, least: float) -> dict[str, float | None]:
        above = self.scores >= least
        right, wrong = int((above & self.offender).sum()), int((above & ~self.offender).sum())
        base = float(self.offender.mean()) if len(self.offender) else 0.0
        return {str(times): precision_at_prevalence(right, wrong, base, times) for times in _TIMES}


def populations(truth: Truth, scores: Mapping[int, float], reader: Reader) -> dict[str, Population]:
    """The nodes of each kind that carries scores. Cost: one read of what is scored or planted."""
    person_of = truth.later
    best: dict[int, float] = {}
    for nid, score in scores.items():
        person = person_of.get(nid, nid)
        best[person] = max(score, best.get(person, 0.0))
    offenders, victims = truth.offenders(), truth.victims()
    told = np.array(sorted({*best, *offenders, *victims}), np.int64)
    counts = reader.counts()
    nodes = reader.get_nodes(told[told >= 0])
    found = {}
    for kind in _KINDS:
        nids = nodes[kind]["nid"].to_numpy().tolist() if kind in nodes else []
        nids = [nid for nid in nids if nid not in person_of]
        others = counts[kind] - len(nids) - (len(person_of) if kind == "Person" else 0)
        found[kind] = Population(
            np.array([*(best.get(nid, 0.0) for nid in nids), *[0.0] * others]),
            np.array([*(nid in offenders for nid in nids), *[False] * others], np.bool_),
            np.array([*(nid in victims for nid in nids), *[False] * others], np.bool_),
        )
    return found


def victim_figures(truth: Truth, scores: Mapping[int, float], people: Population) -> VictimFigures:
    """Whether those who were robbed are accused."""
    top = share_in_top(people.scores, people.victim, len(people.scores) // _TOP)
    return {
        "suspected": sum(scores.get(nid, 0.0) >= SUSPECTED for nid in truth.victims()),
        "in_top_1_percent": _rounded(top),
        "in_population": _rounded(float(people.victim.mean()) if len(people.victim) else 0.0),
    }


def _rounded(value: float) -> float:
    return round(value, _DIGITS)
