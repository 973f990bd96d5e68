"""What agreement and difference weigh, learned from the records themselves.

Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049): a level of a field weighs the
logarithm of how much more often it occurs among pairs that are one person than among others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrisk.ingest.resolve.comparison import Loan
from graphrisk.ingest.resolve.kernels import Levels

Float64Array = npt.NDArray[np.float64]
_ROUNDS = 100
_STILL = 1e-3
#: What is less probable by the telling fields is ruled out, whatever else two records share.
_OPEN = 1e-3
_SHADE = 0.1  # bits
_NONE = 1e-3  # pairs: a logarithm needs some
_AS_BY_CHANCE = 10.0  # pairs


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
class Lending:
    """What a loan weighs: log2 odds of a pair that shows it, and of one whose second field is
    missing; and by ``bits[field]`` what two who came to one number so otherwise have in common.
    """

    loan: Loan
    both: float
    alone: float
    bits: Mapping[int, Float64Array]

    def odds(self, levels: Levels) -> Float64Array:
        """Odds of each pair, 0 where it does not show the loan."""
        found = _shown(levels, self.loan, float(np.exp2(self.both)), float(np.exp2(self.alone)))
        for field, bits in self.bits.items():
            found *= np.exp2(bits)[levels[:, field]]
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """``bits[field][level]``: log2 of the likelihood ratio; ``prior``: log2 odds of any pair.

    ``loans`` are the ways in which two persons come to have one number.
    """

    prior: float
    bits: Sequence[Float64Array]
    loans: Sequence[Lending] = ()

    def discount(self, levels: Levels) -> Float64Array:
        """Bits that a number says less of each pair, for two persons may have it in common."""
        odds = np.ones(len(levels))
        for lending in self.loans:
            odds += lending.odds(levels)
        return np.log2(odds)


def learn(
    patterns: Levels,
    counts: Float64Array,
    chance: Chance,
    telling: Sequence[int],
    loans: Sequence[Loan] = (),
) -> Weights:
    """Weights by expectation and maximisation (Dempster, Laird and Rubin 1977).

    All pairs that are no candidates are taken for different persons; what candidates show
    beyond chance makes the rest. Only the ``telling`` fields decide what one person is: relatives
    share a home and a handset, and in a city of families they would be learned for one person.
    Then all fields learn from what these leave open. Pairs that have a number in common and
    otherwise agree as two persons would (``loans``) are a class of their own: taken for one person
    they would teach that names do not matter.

    Args:
        patterns: Levels of candidates, each pattern once.
        counts: How many candidates show each.
        chance: How often all pairs show each level.
        telling: Fields that relatives do not share.
        loans: The ways in which two persons come to have one number.
    """
    seen = np.zeros_like(patterns)
    seen[:, list(telling)] = patterns[:, list(telling)]
    same = np.full(len(seen), 0.5)
    lent = np.array([_shown(seen, loan, 0.5, 0.5) for loan in loans]).reshape(-1, len(seen))
    weights = Weights(0.0, [])
    every, is_open = range(patterns.shape[1]), np.ones(len(seen), np.bool_)
    for fields, shown in ((telling, seen), (every, patterns)):
        for _ in range(_ROUNDS):
            first = not weights.bits
            gone = np.zeros(len(seen)) if first else (same + lent.sum(axis=0)) * counts
            others = _others(shown, gone, chance)
            prior, bits = _weighed(shown, same * counts, chance.pairs, others, fields, first)
            beside = set(fields) - set(telling)
            lendings = _lent(loans, lent * counts, shown, chance.pairs, others, beside)
            weights = Weights(prior, bits, lendings)
            before = same
            now, lent = _shares(weights, shown)
            same = np.where(is_open, now, before)
            if np.abs(same - before).max() < _STILL:
                break
        is_open = same + lent.sum(axis=0) > _OPEN
    return weights


def _others(patterns: Levels, gone: Float64Array, chance: Chance) -> list[Float64Array]:
    """Shares of the levels of each field among pairs that agree by chance alone."""
    found = []
    for field, (seen, least) in enumerate(zip(chance.seen, chance.least, strict=True)):
        taken = np.bincount(patterns[:, field], gone, len(seen))
        found.append(_rate(np.maximum(seen - taken, least)))
    return found


def _lent(
    loans: Sequence[Loan],
    taken: Float64Array,
    patterns: Levels,
    pairs: float,
    others: Sequence[Float64Array],
    beside: Iterable[int],
) -> list[Lending]:
    """What each loan weighs, from how many pairs of each pattern are ``taken`` for it."""
    found = []
    for loan, counts in zip(loans, taken, strict=True):
        number, by = others[loan.field][loan.level], others[loan.by][loan.least :].sum()
        alone = float(np.log2(max(counts.sum(), _NONE) / pairs / number))
        bits = {}
        for field in set(beside) - {loan.by}:
            seen = np.bincount(patterns[:, field], counts, len(others[field]))
            # As by chance, but for what so many pairs show.
            bits[field] = np.log2(_rate(seen + _AS_BY_CHANCE * others[field]) / others[field])
        found.append(Lending(loan, alone - float(np.log2(by)), alone, bits))
    return found


def _shown(levels: Levels, loan: Loan, both: float, alone: float) -> Float64Array:
    """``both`` for pairs that show a loan, ``alone`` where its second field is missing, else 0."""
    by = levels[:, loan.by]
    return np.where(
        levels[:, loan.field] == loan.level,
        np.select([by >= loan.least, by == 0], [both, alone], 0.0),
        0.0,
    )


def _shares(weights: Weights, patterns: Levels) -> tuple[Float64Array, Float64Array]:
    """How probable pairs of each pattern are one person, and each of the loans."""
    odds = np.exp2(np.clip(_odds(weights, patterns), -1000, 1000))
    lent = np.array([lending.odds(patterns) for lending in weights.loans])
    lent = lent.reshape(len(weights.loans), len(patterns))
    every = 1 + odds + lent.sum(axis=0)
    return odds / every, lent / every


def _weighed(
    patterns: Levels,
    same: Float64Array,
    pairs: float,
    others: Sequence[Float64Array],
    fields: Sequence[int],
    first: bool,
) -> tuple[float, list[Float64Array]]:
    """Prior, and weights of ``fields`` from how many pairs of each pattern are one person.

    Other fields weigh 0.
    """
    bits = [np.zeros(len(rates)) for rates in others]
    for field in fields:
        taken = np.bincount(patterns[:, field], same, len(bits[field])).astype(np.float64)
        # Where learning starts, most that is one person is written alike.
        matched = np.geomspace(0.05, 1.0, len(taken)) if first else 1.0 + taken
        bits[field] = _rising(_rate(matched), others[field])
    share = min(0.5, max(float(same.sum()), 1.0) / pairs)
    return float(np.log2(share / (1 - share))), bits


def probability(odds: Float64Array) -> Float64Array:
    """Probability of log2 odds."""
    return 1 / (1 + np.exp2(-np.clip(odds, -1000, 1000)))


def _odds(weights: Weights, patterns: Levels) -> Float64Array:
    """log2 odds that pairs of each pattern are one person."""
    odds = np.full(len(patterns), weights.prior)
    for field, bits in enumerate(weights.bits):
        odds += bits[patterns[:, field]]
    return odds


def _rising(matched: Float64Array, others: Float64Array) -> Float64Array:
    """log2 of the ratio a level; what is more alike weighs more.

    Levels that by themselves would not are taken together, and told apart by a shade.
    """
    pools: list[tuple[float, float, int]] = []  # shares among both, and how many levels
    for one, other in zip(matched[1:].tolist(), others[1:].tolist(), strict=True):
        pool = (one, other, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    bits = [
        np.log2(one / other) - _SHADE * below
        for one, other, levels in pools
        for below in reversed(range(levels))
    ]
    return np.array([0.0, *bits])


def _rate(pairs: Float64Array) -> Float64Array:
    """Shares among comparable pairs; level 0, not comparable, stands aside."""
    found: Float64Array = pairs / pairs[1:].sum()
    found[0] = 1.0
    return found
