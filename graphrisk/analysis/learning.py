"""Learns the maps of the scale from findings of which it is known whether they were rings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from graphrisk.analysis.scoring import KNOTS, Knots, Scale

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A finding of which the truth is known."""

    kind: str
    odds: float  # log10, as the scale gives them
    is_ring: bool
    weight: float = 1.0  # how many findings it stands for


@dataclass(frozen=True, slots=True)
class Part:
    """How many of a role's members in true findings of a kind offended."""

    kind: str
    role: str
    members: float
    offenders: float


def learnt_maps(scale: Scale, examples: Iterable[Example], weight: float) -> dict[str, Knots]:
    """Probabilities at ``KNOTS`` for each kind of which there is an example.

    Each knot starts at what ``scale`` says there, worth ``weight`` findings, and takes the
    examples around it by their distance; a map that would fall is levelled (pool adjacent
    violators). No example of a kind: no map.
    """
    by_kind: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_kind[example.kind].append(example)
    return {kind: _map(scale, kind, some, weight) for kind, some in sorted(by_kind.items())}


def learnt_roles(scale: Scale, parts: Iterable[Part]) -> dict[str, dict[str, float]]:
    """Share of each role's members who offend, leaning on the stated share where few were seen."""
    seen: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in parts:
        seen[part.kind, part.role][0] += part.offenders
        seen[part.kind, part.role][1] += part.members
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (kind, role), (offenders, members) in sorted(seen.items()):
        share = (offenders + scale.weight * scale.role) / (members + scale.weight)
        found[kind][role] = round(share, _DIGITS)
    return dict(found)


def rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest values that never fall (weighted least squares): pool adjacent violators.

    >>> rising([0.1, 0.6, 0.2, 0.9], [1, 1, 3, 1])
    [0.1, 0.3, 0.3, 0.9]
    """
    blocks: list[list[float]] = []  # mean, weight, length
    for value, weight in zip(values, weights, strict=True):
        blocks.append([value, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, mass, length = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + mean * mass) / (last[1] + mass)
            last[1] += mass
            last[2] += length
    return [round(mean, 12) for mean, _, length in blocks for _ in range(int(length))]


def _map(scale: Scale, kind: str, examples: Sequence[Example], weight: float) -> Knots:
    knots = np.array(KNOTS)
    true, mass = np.zeros(len(knots)), np.zeros(len(knots))
    for example in examples:
        near = _nearness(example.odds)
        true += near * example.weight * example.is_ring
        mass += near * example.weight
    before = np.array([scale.probability(kind, odds) for odds in KNOTS])
    seen = (true + weight * before) / (mass + weight)
    levelled = rising(np.minimum(seen, scale.most).tolist(), (mass + weight).tolist())
    return tuple(round(value, _DIGITS) for value in levelled)


def _nearness(odds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How much an example at ``odds`` belongs to each knot: linear between neighbours, sum 1."""
    return np.array([float(np.interp(odds, KNOTS, row)) for row in np.eye(len(KNOTS))])
