"""What people found out afterwards corrects the score, without the machine proving itself right.

Cases are opened on what the machine proposes, so verdicts are no sample of the city: what it never
proposes is never judged, and a machine that takes silence for innocence learns to propose the
same again and again (Ensign et al. 2018, arXiv 1706.09847). Four things stand against it:

- A *share of the cases is drawn by lot* from what would not have been opened (``choose``), and
  each verdict counts by one over the chance with which its case was opened (Horvitz and Thompson
  1952), at most ``MOST_WEIGHT``.
- Who was not judged says nothing; what the machine says of itself is no verdict.
- With fewer than ``LEAST_AUDITS`` verdicts from the lot nothing is learnt.
- What was learnt on earlier verdicts is kept only if later ones from the lot alone bear it out.

Cannot see verdicts that only repeat what the machine said; whoever judges should not be told the
score first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrisk.analysis.findings import BLAMELESS
from graphrisk.analysis.scoring import Scale
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.graph import Float64Array

#: Who speaks for the machine itself (``Verdict.by``).
MACHINE = "machine"
LEAST_AUDITS = 20  # judged by lot: below that a share of one half is known to .2 at best
MOST_WEIGHT = 50.0  # a case drawn with a smaller chance counts as if with one in fifty
_EARLIER = 0.7  # share of the verdicts, by time, that teach; the rest judge
_STRENGTH = 3.0  # verdicts by which each shift is held back to 0, as ``weight`` of the scale
_STEPS = 25  # Newton; the likelihood is concave, five are the rule
_SURE = 1e-6
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody found out about a node.

    ``chance`` is the probability with which the case was opened: 1 for what is always opened, the
    lot's for what it drew (``choose``).
    """

    nid: int
    is_offender: bool
    at: int  # epoch ms UTC
    by: str
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A place in a list of proposals whose case is to be opened, and with what chance it was."""

    place: int
    chance: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding of which verdicts are known: what the score rested on, and how it came out."""

    score: float  # before verdicts
    shares: Mapping[str, float]  # of the evidence, by what it counts; they add up to 1
    guilty: float  # share of its judged suspects who offended
    at: int  # of the last verdict
    chance: float


def choose(
    scores: Sequence[float], capacity: int, audit_share: float, rng: np.random.Generator
) -> list[Choice]:
    """Which of the proposals to open when there is work for ``capacity`` cases.

    The likeliest ones, but for a share of the capacity that is drawn by lot from all the others,
    the unlikely ones included: at least one where anything is left. Ties by place.

    Raises:
        ValueError: ``audit_share`` is not above 0 and below 1, for without a lot nothing can be
            learnt.
    """
    if not 0.0 < audit_share < 1.0:
        raise ValueError("the share that is drawn by lot lies between 0 and 1")
    order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
    lots = min(max(round(capacity * audit_share), 1), capacity)
    first, rest = order[: capacity - lots], order[capacity - lots :]
    drawn = np.sort(rng.permutation(len(rest))[:lots]).tolist()
    chance = len(drawn) / max(len(rest), 1)
    return [
        *(Choice(place, 1.0) for place in first),
        *(Choice(rest[one], chance) for one in drawn),
    ]


def judged(
    candidates: Iterable[Candidate], verdicts: Iterable[Verdict], scale: Scale
) -> list[Judged]:
    """The candidates of whose suspects some were judged by people, in order of time.

    The last verdict on a node counts. Linear in members.
    """
    told: dict[int, Verdict] = {}
    for one in sorted(verdicts, key=lambda one: one.at):
        if one.by != MACHINE:
            told[one.nid] = one
    found = []
    for candidate in candidates:
        roles = zip(candidate.members.tolist(), candidate.roles, strict=True)
        heard = [told[nid] for nid, role in roles if role not in BLAMELESS and nid in told]
        if heard:
            found.append(
                Judged(
                    scale.before_verdicts(candidate),
                    scale.shares(candidate),
                    sum(one.is_offender for one in heard) / len(heard),
                    max(one.at for one in heard),
                    max(one.chance for one in heard),
                )
            )
    return sorted(found, key=lambda one: one.at)


def with_verdicts(scale: Scale, found: Sequence[Judged]) -> Scale:
    """The scale with shifts learnt from verdicts; as it is where they are too few or do not hold.

    A shift moves the log odds of a finding by the share of its evidence that counts such facts
    (ridge logistic regression with the score as offset). Linear in verdicts.
    """
    border = math.ceil(_EARLIER * len(found))
    earlier, later = found[:border], found[border:]
    audits = [one for one in later if one.chance < 1.0]
    if sum(one.chance < 1.0 for one in found) < LEAST_AUDITS or not audits:
        return scale
    facts = sorted({name for one in found for name in one.shares})
    tried = _fitted(earlier, facts)
    if _loss(audits, facts, tried) >= _loss(audits, facts, np.zeros(len(facts))):
        return scale
    shifts = _fitted(found, facts)
    told = {name: round(float(one), _DIGITS) for name, one in zip(facts, shifts, strict=True)}
    return replace(scale, shifts=told)


def _fitted(found: Sequence[Judged], facts: Sequence[str]) -> Float64Array:
    """Shifts of most weighted likelihood, held back to 0."""
    rows, guilty, offset, weight = _columns(found, facts)
    shifts = np.zeros(len(facts))
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(offset + rows @ shifts)))
        slope = rows.T @ (weight * (guilty - chance)) - _STRENGTH * shifts
        bend = (rows * (weight * chance * (1.0 - chance))[:, None]).T @ rows
        step = np.linalg.solve(bend + _STRENGTH * np.eye(len(facts)), slope)
        shifts = shifts + np.clip(step, -2.0, 2.0)
    return shifts


def _loss(found: Sequence[Judged], facts: Sequence[str], shifts: Float64Array) -> float:
    """Weighted mean of -log of the probability of what was found out."""
    rows, guilty, offset, weight = _columns(found, facts)
    odds = offset + rows @ shifts
    each = guilty * np.logaddexp(0.0, -odds) + (1.0 - guilty) * np.logaddexp(0.0, odds)
    return float(weight @ each / weight.sum())


def _columns(
    found: Sequence[Judged], facts: Sequence[str]
) -> tuple[Float64Array, Float64Array, Float64Array, Float64Array]:
    """Shares of each fact, guilt, log odds of the score, and weight of each judged finding."""
    rows = np.array([[one.shares.get(name, 0.0) for name in facts] for one in found])
    score = np.clip([one.score for one in found], _SURE, 1.0 - _SURE)
    weight = np.minimum(1.0 / np.array([one.chance for one in found]), MOST_WEIGHT)
    guilty = np.array([one.guilty for one in found])
    return rows, guilty, np.log(score / (1.0 - score)), weight / weight.mean()
