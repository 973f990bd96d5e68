"""Boosted trees for the rows that say labels; the product has none of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.quality.measures import Bools, Floats

_MODELS = 3  # with seeds of their own, averaged


def boosted(
    features: Floats,
    positive: Bools,
    seen: Bools,
    seed: int,
    leaves: int = 8,
) -> Floats:
    """Log-odds of everybody from trees that saw the labels of ``seen`` only.

    ``features`` may hold NaN; a column that has one value only is left out.
    """
    from threadpoolctl import threadpool_limits

    telling = np.array([_tells(column) for column in features[seen].T])
    total = np.zeros(len(features))
    # One thread: sums come in one order, and others on the machine are not waited for.
    with threadpool_limits(1):
        for model in range(_MODELS):
            total += _trees(features[:, telling], positive, seen, leaves, 1000 * seed + model)
    return total / _MODELS


def _trees(features: Floats, positive: Bools, seen: Bools, leaves: int, seed: int) -> Floats:
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.04,
        max_leaf_nodes=leaves,
        min_samples_leaf=max(5, min(30, int(seen.sum()) // 50)),
        l2_regularization=5.0,
        max_features=0.4,
        random_state=seed,
    ).fit(features[seen], positive[seen])
    found: Floats = trees.decision_function(features)
    return found


def _tells(column: Floats) -> bool:
    """Whether a column has two values at all."""
    known = column[np.isfinite(column)]
    return bool(len(known)) and float(known.min()) < float(known.max())


def folds(
    positive: Bools, known: Bools, seed: int, count: int = 5
) -> Iterator[tuple[Bools, Bools]]:
    """Masks of the seen and of the judged among the ``known``, each judged once, stratified."""
    rng = np.random.default_rng(seed)
    fold = np.full(len(positive), -1)
    for kind in (True, False):
        rows = rng.permutation(np.flatnonzero(known & (positive == kind)))
        fold[rows] = np.arange(len(rows)) % count
    for one in range(count):
        yield known & (fold != one), fold == one
