"""From evidence to probability: how likely a finding is a ring, and a member an offender.

A clue's surprise bounds how much likelier it is under *ring* than under *chance*: a p-value ``p``
speaks for at most ``1 / (-e p ln p)`` to one (Sellke, Bayarri and Berger 2001). Clues that count
the same facts do not speak twice, facts of one kind are capped, and different facts multiply. What
the finder's correction took off for the groups it looked at is taken off here as well. The odds
that result go through a map that rises with them, learnt for each kind of finding on cities whose
truth is known (``scale_learnt.yaml``), leaning on the unlearnt map where little was seen.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import yaml

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.nulls import combined_surprise

Knots = tuple[float, ...]
_DIGITS = 6
#: Where learnt maps have their knots: log10 odds.
KNOTS: Knots = (-1.0, 1.0, 3.0, 5.0, 7.0, 9.0, 12.0)
_TELLS = 0.02
_STEPS = tuple(place / (len(KNOTS) - 1) for place in range(len(KNOTS)))


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers of the scale; ``learnt[kind]`` are probabilities at ``KNOTS``, rising."""

    version: str
    prior: float
    cap: float
    most: float
    role: float
    weight: float
    facts: Mapping[str, str]  # clue → facts that it counts
    learnt: Mapping[str, Knots] = field(default_factory=lambda: MappingProxyType({}))
    #: Share of a role's members who offend, where the finding of that kind holds.
    roles: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    #: What verdicts add to the log odds of evidence that counts such facts (``verdicts.py``).
    shifts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def odds(self, candidate: Candidate) -> float:
        """log10 of the odds that the candidate is a ring, by its clues."""
        clues = candidate.clues
        joint = combined_surprise([clue.surprise for clue in clues])
        correction = max(joint - candidate.surprise, 0.0)
        heard = sum(self._heard(clues).values())
        return math.log10(self.prior) + heard - correction

    def unlearnt(self, odds: float) -> float:
        """Probability at such log10 odds before anything is learnt."""
        return float(self.most / (1.0 + 10.0 ** -min(max(odds, -30.0), 30.0)))

    def probability(self, kind: str, odds: float) -> float:
        """Probability that a finding of that kind is a ring; strictly rising in the odds."""
        told = self.learnt.get(kind)
        if told is None:
            level = self.unlearnt(odds)
        elif odds < KNOTS[0]:
            level = told[0] * 10.0 ** (odds - KNOTS[0])
        else:
            level = float(np.interp(odds, KNOTS, told))
        # A learnt map may be level: among equals the stronger evidence still comes first.
        return level * (1.0 - _TELLS + _TELLS * float(np.interp(odds, KNOTS, _STEPS)))

    def before_verdicts(self, candidate: Candidate) -> float:
        """Probability that the candidate is a ring, whatever people found out about others."""
        return self.probability(candidate.kind, self.odds(candidate))

    def scored(self, candidate: Candidate) -> Candidate:
        """The candidate with the probability as its score."""
        probability = self.before_verdicts(candidate)
        if self.shifts and 0.0 < probability < 1.0:
            shares = self.shares(candidate)
            moved = sum(self.shifts.get(of, 0.0) * share for of, share in shares.items())
            probability = 1.0 / (1.0 + (1.0 / probability - 1.0) * math.exp(-moved))
        return replace(candidate, score=round(min(probability, self.most), _DIGITS))

    def shares(self, candidate: Candidate) -> dict[str, float]:
        """How much of what is heard each kind of facts says; they add up to 1."""
        heard = self._heard(candidate.clues)
        total = sum(heard.values())
        return {of: part / total if total else 1.0 / len(heard) for of, part in heard.items()}

    def contributions(self, candidate: Candidate) -> list[float]:
        """What each clue adds to the score, in the clues' order; they add up to it.

        Facts share the score by how loud they speak, clues of the same facts by their surprise.
        """
        heard = self._heard(candidate.clues)
        total = sum(heard.values())
        parts = []
        for clue in candidate.clues:
            of = self._facts(clue)
            same = sum(one.surprise for one in candidate.clues if self._facts(one) == of)
            part = heard[of] * clue.surprise / (same * total) if same * total else 0.0
            parts.append(part if total else 1.0 / len(candidate.clues))
        return whole(candidate.score, parts)

    def share(self, kind: str, role: str) -> float:
        """Share of such members who offend where the finding holds."""
        return self.roles.get(kind, {}).get(role, self.role)

    def digest(self) -> str:
        """SHA-256 over all numbers: equal digests score alike."""
        told = {
            "version": self.version,
            "numbers": [self.prior, self.cap, self.most, self.role, self.weight],
            "facts": dict(self.facts),
            "learnt": {kind: list(knots) for kind, knots in self.learnt.items()},
            "roles": {kind: dict(shares) for kind, shares in self.roles.items()},
            "shifts": dict(self.shifts),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def _facts(self, clue: Clue) -> str:
        """Clues of which nobody said what they count are taken to count the same."""
        return self.facts.get(clue.code, "")

    def _heard(self, clues: Sequence[Clue]) -> dict[str, float]:
        """log10 of what facts of each kind speak for: their strongest clue, smoothly capped."""
        loudest: dict[str, float] = {}
        for clue in clues:
            of = self._facts(clue)
            loudest[of] = max(loudest.get(of, 0.0), clue.surprise)
        return {
            of: self.cap * -math.expm1(-likelihood_ratio(surprise) / self.cap)
            for of, surprise in loudest.items()
        }


def likelihood_ratio(surprise: float) -> float:
    """log10 of the most that a p-value of ``10 ** -surprise`` can speak for; 0 from 1/e on.

    >>> round(likelihood_ratio(3.0), 2)
    1.73
    """
    if surprise <= math.log10(math.e):
        return 0.0
    return surprise - math.log10(math.e * surprise * math.log(10.0))


def whole(total: float, parts: Sequence[float]) -> list[float]:
    """Shares of ``total`` by ``parts``, rounded so that they still add up.

    >>> whole(0.5, [1.0, 1.0, 1.0])
    [0.166666, 0.166667, 0.166667]
    """
    unit = 10**_DIGITS
    steps = round(total * unit)
    ends = np.cumsum(parts) / (sum(parts) or 1.0) * steps
    borders = np.floor(ends + 0.5 - 1e-9).astype(np.int64)
    borders[-1:] = steps
    return [int(step) / unit for step in np.diff(borders, prepend=0)]


@cache
def shipped_scale() -> Scale:
    """The scale of this release: what is stated, and what was learnt (``scale_learnt.yaml``)."""
    learnt = cast("dict[str, Any]", yaml.safe_load(_text("scale_learnt.yaml")))
    stated = stated_scale()
    return replace(
        stated,
        version=f"{stated.version}+{learnt['version']}",
        learnt={kind: tuple(one["knots"]) for kind, one in learnt["kinds"].items()},
        roles={kind: one["roles"] for kind, one in learnt["kinds"].items()},
    )


@cache
def stated_scale() -> Scale:
    """The scale before anything is learnt (``scale.yaml``)."""
    return read_scale(_text("scale.yaml"))


def read_scale(text: str) -> Scale:
    """A scale from YAML; ``ValueError`` names a number without a source, or a clue told twice."""
    document = cast("dict[str, Any]", yaml.safe_load(text))
    facts: dict[str, str] = {}
    for of, clues in document["facts"].items():
        for clue in clues:
            if clue in facts:
                raise ValueError(f"scale: {clue} counts {facts[clue]} and {of}")
            facts[clue] = of
    return Scale(
        version=document["version"],
        prior=_number(document, "prior"),
        cap=_number(document, "cap"),
        most=_number(document, "most"),
        role=_number(document, "role"),
        weight=_number(document, "weight"),
        facts=facts,
    )


def _number(document: Mapping[str, Any], name: str) -> float:
    entry = document[name]
    if not entry.get("source"):
        raise ValueError(f"scale: {name} names no source")
    return float(entry["value"])


def _text(name: str) -> str:
    return files("graphrisk.analysis").joinpath(name).read_text(encoding="utf-8")
