"""Figures of ranking and of calibration: pure functions of scores and labels.

Scores and labels are arrays of one length ``n``, a place a thing; every cost is that of a sort.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Orders of equal scores that are drawn where a cut falls between them.
_ORDERS = 200


def auc(scores: Floats, positive: Bools) -> float:
    """Chance that a positive scores above a negative; ties count half.

    >>> auc(np.array([0.9, 0.1, 0.1]), np.array([True, False, True]))
    0.75
    """
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    good = int(positive.sum())
    return float((rank[positive].sum() - good * (good + 1) / 2) / (good * (len(scores) - good)))


def average_precision(scores: Floats, positive: Bools) -> float:
    """Mean precision over the recall steps; equal scores are one step.

    >>> average_precision(np.array([0.9, 0.5, 0.1]), np.array([True, False, True])).__round__(3)
    0.833
    """
    values, place = np.unique(-scores, return_inverse=True)
    hits = np.cumsum(np.bincount(place, positive, len(values)))
    taken = np.cumsum(np.bincount(place, minlength=len(values)))
    gained = np.diff(hits, prepend=0.0)
    return float((gained * hits / taken).sum() / positive.sum())


def share_in_top(scores: Floats, marked: Bools, count: int, seed: int = 0) -> float:
    """Share of marked ones among the ``count`` highest scores; 0 where there is none.

    Equal scores stand in random order: the mean over seeded draws of what the cut lets in.

    >>> share_in_top(np.array([0.9, 0.5, 0.1]), np.array([True, False, True]), 2)
    0.5
    """
    count = min(count, len(scores))
    if not count:
        return 0.0
    border = np.partition(scores, len(scores) - count)[len(scores) - count]
    above, tied = scores > border, scores == border
    held = int((tied & marked).sum())
    rng = np.random.default_rng(seed)
    drawn = rng.hypergeometric(held, int(tied.sum()) - held, count - int(above.sum()), _ORDERS)
    return float((int((above & marked).sum()) + drawn.mean()) / count)


def calibration_error(scores: Floats, positive: Bools, bins: int = 10) -> float:
    """Expected calibration error: how far mean score and share lie apart, bin by bin.

    Bins are of equal width over 0–1 and weigh what falls into them; 0 of nothing.

    >>> round(calibration_error(np.array([0.9, 0.9, 0.1]), np.array([True, False, False])), 3)
    0.3
    """
    if not len(scores):
        return 0.0
    bin_of = np.minimum((scores * bins).astype(np.int64), bins - 1)
    said = np.bincount(bin_of, scores, bins)
    true = np.bincount(bin_of, positive, bins)
    return float(np.abs(said - true).sum() / len(scores))


def brier_skill(scores: Floats, positive: Bools) -> float:
    """How much smaller the squared error is than that of saying the base rate of everybody.

    1 is perfect, 0 as good as the base rate, below it worse; 0 where all are of one class.
    """
    base = float(positive.mean()) if len(positive) else 0.0
    usual = base * (1.0 - base)
    return 1.0 - float(((scores - positive) ** 2).mean()) / usual if usual else 0.0


def precision_at_prevalence(right: int, wrong: int, base: float, times: float) -> float | None:
    """Precision of ``right`` and ``wrong`` alerts if positives were ``times`` as frequent.

    Positives weigh ``times``, negatives as much less as keeps the population's size; ``base`` is
    the share of positives measured on. ``None`` where there would be nobody else.

    >>> precision_at_prevalence(50, 50, 0.01, 25.0)
    0.9706
    """
    if not right + wrong or base * times >= 1.0:
        return None
    others = (1.0 - base * times) / (1.0 - base)
    return round(right * times / (right * times + wrong * others), 4)
