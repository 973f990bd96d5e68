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


def learn(
    patterns: Levels, counts: Float64Array, chance: Chance, telling: Sequence[int]
) -> Weights:
    """Weights by expectation and maximisation (Dempster, Laird and Rubin 1977).

    All pairs that are no candidates are taken for different persons; what candidates show
    beyond chance makes the rest. Only the ``telling`` fields decide what one person is: relatives
    share a home and a handset, and in a city of families they would be learned for one person.
    The other fields are weighed afterwards, by the pairs that these have settled.
    """
    same = np.full(len(patterns), 0.5)
    weights = Weights(0.0, [])
    for _ in range(_ROUNDS):
        first = not weights.bits
        weights = _weighed(patterns, same * counts, chance, telling, first)
        before, same = same, probability(_odds(weights, patterns))
        if np.abs(same - before).max() < _STILL:
            break
    return _weighed(patterns, same * counts, chance, range(patterns.shape[1]), False)


def _weighed(
    patterns: Levels, same: Float64Array, chance: Chance, fields: Sequence[int], first: bool
) -> Weights:
    """Weights of ``fields`` from how many pairs of each pattern are one person; others weigh 0."""
    bits = [np.zeros(len(seen)) for seen in chance.seen]
    for field in fields:
        taken = np.bincount(patterns[:, field], same, len(bits[field])).astype(np.float64)
        # Where learning starts, most that is one person is written alike.
        matched = np.geomspace(0.05, 1.0, len(taken)) if first else 1.0 + taken
        others = np.maximum(chance.seen[field] - (0.0 if first else taken), chance.least[field])
        bits[field] = np.log2(_rate(matched) / _rate(others))
        bits[field][0] = 0.0
    share = min(0.5, max(float(same.sum()), 1.0) / chance.pairs)
    return Weights(float(np.log2(share / (1 - share))), bits)


def probability(odds: Float64Array) -> Float64Array:
    """Probability of log2 odds."""
    return 1 / (1 + np.exp2(-np.clip(odds, -1000, 1000)))


def _odds(weights: Weights, patterns: Levels) -> Float64Array:
    """log2 odds that pairs of each pattern are one person."""
    odds = np.full(len(patterns), weights.prior)
    for field, bits in enumerate(weights.bits):
        odds += bits[patterns[:, field]]
    return odds


def _rate(pairs: Float64Array) -> Float64Array:
    """Shares among comparable pairs; level 0, not comparable, stands aside."""
    found: Float64Array = pairs / pairs[1:].sum()
    found[0] = 1.0
    return found
