"""Figures of ranking, and the simple baselines that stand beside every score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.evaluation.measures import Bools, Floats, auc, average_precision

Ints = npt.NDArray[np.int64]

__all__ = ["Bools", "Floats", "Ints", "auc", "average_precision", "pair_baselines", "pair_figures"]


def macro_f1(said: Bools, truth: Bools) -> float:
    """Mean of the F1 of what is positive and of what is not.

    >>> round(macro_f1(np.array([True, True, False]), np.array([True, False, False])), 3)
    0.667
    """
    found = []
    for kind in (True, False):
        hit = int(((said == kind) & (truth == kind)).sum())
        found.append(2.0 * hit / max(int((said == kind).sum() + (truth == kind).sum()), 1))
    return float(np.mean(found))


def alike(found: Ints, truth: Ints) -> dict[str, float]:
    """How alike two partitions of the same nodes are: NMI (mean entropy) and adjusted Rand index.

    >>> alike(np.array([5, 5, 2]), np.array([0, 0, 1]))
    {'NMI': 1.0, 'ARI': 1.0}
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    return {
        "NMI": float(normalized_mutual_info_score(truth, found)),
        "ARI": float(adjusted_rand_score(truth, found)),
    }


def pair_baselines(n: int, src: Ints, dst: Ints) -> dict[str, Floats]:
    """Degree and triangles of each node on the graph where each pair is joined at most once."""
    from scipy import sparse

    proper = src != dst
    ends = np.concatenate([src[proper], dst[proper]]), np.concatenate([dst[proper], src[proper]])
    joined = sparse.csr_matrix((np.ones(len(ends[0])), ends), shape=(n, n))
    joined.data[:] = 1.0  # parallel edges were added up
    triangles = (joined @ joined).multiply(joined).sum(axis=1) / 2
    return {
        "degree": np.asarray(joined.sum(axis=1)).ravel(),
        "triangles": np.asarray(triangles).ravel(),
    }


def pair_figures(found: Ints, truth: Ints, border: int = 0) -> dict[str, float]:
    """Precision, recall and F1 of "these two rows are one person", from a label of each row.

    Args:
        found: Label of each row; rows with a negative one are nobody else.
        truth: True label of each row.
        border: 0 counts all pairs; else pairs of a row before it and one from it on.

    >>> pair_figures(np.array([1, 1, 1, -1]), np.array([7, 7, 8, 8]))["precision"]
    0.3333
    """
    alone = found < 0
    labels = np.where(alone, found.max(initial=0) + 1 + np.arange(len(found)), found)
    both = np.unique(np.column_stack([labels, truth]), axis=0, return_inverse=True)[1]
    hit, said, true = (_pairs(one, border) for one in (both, labels, truth))
    precision, recall = hit / max(said, 1.0), hit / max(true, 1.0)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    figures = {"pairs": true, "precision": precision, "recall": recall, "f1": f1}
    return {name: round(value, 4) for name, value in figures.items()}


def _pairs(labels: Ints, border: int) -> float:
    place = np.unique(labels, return_inverse=True)[1]
    size = int(place.max(initial=0)) + 1
    if border:
        sides = (np.bincount(part, minlength=size) for part in (place[:border], place[border:]))
        return float(np.prod([side.astype(np.float64) for side in sides], axis=0).sum())
    held = np.bincount(place, minlength=size).astype(np.float64)
    return float((held * (held - 1)).sum() / 2)
