"""What agreement and difference weigh, learned from the records themselves.

Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049): a level of a field weighs the
logarithm of how much more often it occurs among pairs that are one person than among others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrisk.ingest.resolve.kernels import Levels

Float64Array = npt.NDArray[np.float64]
_ROUNDS = 100
_STILL = 1e-3


@dataclass(frozen=True, slots=True)
class Chance:
    """How often pairs of records show each level of each field, whoever they are.

    ``seen[field][level]`` is an expected number of pairs among all ``pairs``; ``least`` is the
    smallest number that could have been noticed.
    """

    pairs: float
    seen: Sequence[Float64Array]
    least: Sequence[Float64Array]


@dataclass(frozen=True, slots=True)
class Weights:
    """``bits[field][level]``: log2 of the likelihood ratio; ``prior``: log2 odds of any pair."""

    prior: float
    bits: Sequence[Float64Array]


def learn(patterns: Levels, counts: Float64Array, chance: Chance) -> Weights:
    """Weights by expectation and maximisation (Dempster, Laird and Rubin 1977).

    All pairs that are no candidates are taken for different persons; what candidates show
    beyond chance makes the rest.
    """
    fields = range(patterns.shape[1])
    matched = [_guess(len(seen)) for seen in chance.seen]
    share = min(0.5, counts.sum() / chance.pairs / 2)
    same, weights = np.zeros(len(patterns)), Weights(0.0, [])
    for _ in range(_ROUNDS):
        others = [_rate(_rest(chance, field, patterns, same * counts)) for field in fields]
        bits = [np.log2(m / u) for m, u in zip(matched, others, strict=True)]
        for one in bits:
            one[0] = 0.0
        weights = Weights(float(np.log2(share / (1 - share))), bits)
        before, same = same, probability(_odds(weights, patterns))
        matched = [_rate(1.0 + _taken(chance, field, patterns, same * counts)) for field in fields]
        share = max(float((same * counts).sum()), 1.0) / chance.pairs
        if np.abs(same - before).max() < _STILL:
            break
    return weights


def probability(odds: Float64Array) -> Float64Array:
    """Probability of log2 odds."""
    return 1 / (1 + np.exp2(-np.clip(odds, -1000, 1000)))


def _odds(weights: Weights, patterns: Levels) -> Float64Array:
    """log2 odds that pairs of each pattern are one person."""
    odds = np.full(len(patterns), weights.prior)
    for field, bits in enumerate(weights.bits):
        odds += bits[patterns[:, field]]
    return odds


def _guess(levels: int) -> Float64Array:
    """Where learning starts: most that is one person is written alike."""
    return _rate(np.geomspace(0.05, 1.0, levels, dtype=np.float64))


def _rest(chance: Chance, field: int, patterns: Levels, same: Float64Array) -> Float64Array:
    """Pairs of different persons at each level: all pairs less those that are one."""
    taken = _taken(chance, field, patterns, same)
    return np.maximum(chance.seen[field] - taken, chance.least[field])


def _taken(chance: Chance, field: int, patterns: Levels, same: Float64Array) -> Float64Array:
    """Expected pairs of one person at each level."""
    found = np.bincount(patterns[:, field], same, len(chance.seen[field]))
    return found.astype(np.float64)


def _rate(pairs: Float64Array) -> Float64Array:
    """Shares among comparable pairs; level 0, not comparable, stands aside."""
    found: Float64Array = pairs / pairs[1:].sum()
    found[0] = 1.0
    return found
