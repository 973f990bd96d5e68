"""Boosted trees for the rows that say labels; the product has none of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.quality.measures import Bools, Floats


def boosted(
    features: Floats,
    positive: Bools,
    seen: Bools,
    seed: int,
    leaves: int = 8,
    rounds: int = 150,
    models: int = 3,
) -> Floats:
    """Log-odds of everybody from trees that saw the labels of ``seen`` only.

    ``features`` may hold NaN; a column that has one value only is left out.
    ``models`` with seeds of their own are averaged.
    """
    from threadpoolctl import threadpool_limits

    telling = np.array([_tells(column) for column in features[seen].T])
    columns, total = features[:, telling], np.zeros(len(features))
    # One thread: sums come in one order, and others on the machine are not waited for.
    with threadpool_limits(1):
        for model in range(models):
            total += _trees(columns, positive, seen, leaves, rounds, 1000 * seed + model)
    return total / models


def _trees(
    features: Floats, positive: Bools, seen: Bools, leaves: int, rounds: int, seed: int
) -> Floats:
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(
        max_iter=rounds,
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


def logistic(features: Floats, positive: Bools, seen: Bools, strength: float = 0.1) -> Floats:
    """Log-odds of everybody from a line through the labels of ``seen``; for very few of them.

    ``strength``: inverse of the penalty on large weights.
    """
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=strength, max_iter=1000).fit(features[seen], positive[seen])
    found: Floats = line.decision_function(features)
    return found


def places(values: Floats) -> Floats:
    """Each value's place among all, about -1.7 to 1.7, of spread 1; equal ones share it."""
    _, group, count = np.unique(values, return_inverse=True, return_counts=True)
    middle = (np.cumsum(count) - (count + 1) / 2.0)[group] + 0.5
    return (middle / len(values) - 0.5) * float(np.sqrt(12.0))
