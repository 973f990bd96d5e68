"""How surprising a count is under chance: tails of the usual distributions, as -log10."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

_LN10 = math.log(10.0)
#: Beyond this a tail says only "never by chance"; it also keeps one clue from drowning others.
_CAP = 60.0
_HALF = 6.0  # surprise at which a score without a scale is one half
#: Small groups ask for the same tail again and again, and each costs a fifth of a millisecond.
_REMEMBERED = 1 << 16


@lru_cache(_REMEMBERED)
def poisson_surprise(seen: float, expected: float) -> float:
    """-log10 P(at least ``seen``) when events fall independently with mean ``expected``.

    >>> round(poisson_surprise(3, 0.01), 1)
    6.8
    """
    from scipy import stats

    return _surprise(float(stats.poisson.logsf(seen - 1, max(expected, 1e-12))))


def scarcity_surprise(seen: int, expected: float) -> float:
    """-log10 P(at most ``seen``) when events fall independently with mean ``expected``.

    >>> round(scarcity_surprise(0, 10.0), 2)
    4.34
    """
    from scipy import stats

    return _surprise(float(stats.poisson.logcdf(seen, max(expected, 0.0))))


@lru_cache(_REMEMBERED)
def binomial_surprise(seen: int, trials: int, chance: float) -> float:
    """-log10 P(at least ``seen`` of ``trials``) when each succeeds with ``chance``.

    >>> binomial_surprise(0, 5, 0.2)
    -0.0
    """
    from scipy import stats

    share = min(max(chance, 1e-12), 1.0)
    return _surprise(float(stats.binom.logsf(seen - 1, trials, share)))


def normal_surprise(seen: float, mean: float, deviation: float) -> float:
    """-log10 P(at least ``seen``) under a normal distribution; a spread of 0 is taken as tiny."""
    from scipy import stats

    return _surprise(float(stats.norm.logsf((seen - mean) / max(deviation, 1e-3))))


def combined_surprise(surprises: Sequence[float]) -> float:
    """-log10 of the joint tail of independent clues by Fisher's method (1932).

    >>> combined_surprise([2.0]) == 2.0
    True
    """
    if len(surprises) < 2:
        return float(sum(surprises))
    return _joint_surprise(sum(surprises), len(surprises))


def corrected(surprise: float, looked_at: int) -> float:
    """``surprise`` after Bonferroni's correction for the number of groups looked at, at least 0."""
    return max(surprise - math.log10(max(looked_at, 1)), 0.0)


def score(surprise: float) -> float:
    """Map a corrected surprise to 0–1: 0 at 0, one half at 6, towards 1 beyond.

    For who runs a finder alone; a detection puts the calibrated probability in its place.

    >>> score(6.0)
    0.5
    """
    return surprise / (surprise + _HALF)


@lru_cache(_REMEMBERED)
def _joint_surprise(total: float, count: int) -> float:
    from scipy import stats

    return _surprise(float(stats.chi2.logsf(2.0 * _LN10 * total, 2 * count)))


def _surprise(log_tail: float) -> float:
    return _CAP if math.isinf(log_tail) or math.isnan(log_tail) else min(-log_tail / _LN10, _CAP)
