"""Who rates whom, with some known frauds (Bitcoin OTC): guilt by association from a tenth of them.

The labels of this set derive from ratings *received*, so none of those is looked at: only who rated
whom when, and the ratings that one *gave*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Bools, Floats, Ints, pair_baselines
from benchmarks.quality.public.files import numbered, read
from benchmarks.quality.public.learning import logistic, places
from benchmarks.quality.public.rows import Row, with_seen_labels
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.propagation import propagate

NEEDED = {"ratings": ("src", "dst", "rating", "time"), "labels": ("user", "is_fraud")}
_PRIOR = 2.0  # of so many ratings: who gave few is near the usual


@dataclass(frozen=True, slots=True)
class Raters:
    """Ratings between ``n`` users; ``ties`` forget who rated whom."""

    n: int
    src: Ints
    dst: Ints
    rating: Floats  # a share of the largest, -1 to 1
    time: Floats
    ties: Csr

    def given(self, values: Floats) -> Floats:
        """Mean of a value over the ratings that each user gave."""
        return self._mean(self.src, values)

    def got(self, values: Floats) -> Floats:
        """Mean of a value over the ratings each user got; never of the rating itself."""
        return self._mean(self.dst, values)

    def _mean(self, of: Ints, values: Floats) -> Floats:
        total = np.bincount(of, values, self.n) + _PRIOR * float(values.mean())
        mean: Floats = total / (np.bincount(of, minlength=self.n) + _PRIOR)
        return mean


def raters(folder: Path) -> tuple[Raters, Ints, Bools]:
    """The ratings, the users who are judged, and which of them are frauds."""
    rows, labels = read(folder, "ratings"), read(folder, "labels")
    names, (src, dst, own) = numbered(rows.keys("src"), rows.keys("dst"), labels.keys("user"))
    rating = rows.known("rating")
    proper = src != dst
    ties = build_csr(len(names), src[proper], dst[proper], symmetric=True, merge=True)
    found = Raters(len(names), src, dst, rating / np.abs(rating).max(), rows.known("time"), ties)
    return found, own, labels.flags("is_fraud")


def traits(every: Raters) -> Mapping[str, Floats]:
    """What each user does, without labels and without what others thought of him."""
    n, src, dst = every.n, every.src, every.dst
    rated, raters_of = (np.log1p(np.bincount(ends, minlength=n)) for ends in (src, dst))
    first, last = np.full(n, np.inf), np.full(n, -np.inf)
    for ends in (src, dst):
        np.minimum.at(first, ends, every.time)
        np.maximum.at(last, ends, every.time)
    returned = np.isin(src * n + dst, dst * n + src).astype(np.float64)
    triangles = pair_baselines(n, src, dst)["triangles"]
    known = np.isfinite(first)
    first, last = np.where(known, first, every.time.max()), np.where(known, last, every.time.max())
    degree = np.diff(every.ties.indptr).astype(np.float64)
    return {
        "rated": rated,
        "raters": raters_of,
        "first": first,
        "span": last - first,
        "mean_given": every.given(every.rating),
        "negative_given": every.given((every.rating < 0.0).astype(np.float64)),
        "returned_given": every.given(returned),
        "returned_got": every.got(returned),
        "triangles": triangles,
        "closed": triangles / np.maximum(degree * (degree - 1.0) / 2.0, 1.0),
        "their_degree": _around(every.ties, np.log1p(degree)),
        "their_first": _around(every.ties, first),
        "their_span": _around(every.ties, last - first),
        "raters_rated": every.got(rated[src]),
        "rated_raters": every.given(raters_of[dst]),
    }


def judge(folder: Path) -> list[Row]:
    """D10."""
    every, own, fraud = raters(folder)
    own_traits = {name: one[own] for name, one in traits(every).items()}
    columns = np.column_stack([places(one) for one in own_traits.values()])
    simple = pair_baselines(every.n, every.src, every.dst)
    beside = {"few ratings given": -own_traits["rated"], "late first rating": own_traits["first"]}
    beside |= {name: one[own] for name, one in simple.items()}

    def propagated(seen: Bools, _seed: int) -> Floats:
        return _near(every, own, fraud, seen)[0]

    def rank(seen: Bools, _seed: int) -> Floats:
        spread, liked = _near(every, own, fraud, seen)
        taught = logistic(columns, fraud, seen)
        total: Floats = places(taught) + (places(spread) + places(liked)) / 2.0
        return total

    return [
        with_seen_labels("D10", "traits and association, 10 % seeds", fraud, beside, rank),
        with_seen_labels("", "propagation alone, 10 % seeds", fraud, beside, propagated),
    ]


def _near(every: Raters, own: Ints, fraud: Bools, seen: Bools) -> tuple[Floats, Floats]:
    """How near each judged user is to the known frauds, and how well he rated them himself."""
    harmful, harmless = own[seen & fraud], own[seen & ~fraud]
    spread = propagate(every.ties, harmful, harmless).values
    known = np.zeros(every.n)
    known[harmful], known[harmless] = 1.0, -1.0
    liked = np.bincount(every.src, every.rating * known[every.dst], every.n)
    return spread[own], (liked / np.maximum(np.bincount(every.src, minlength=every.n), 1))[own]


def _around(ties: Csr, values: Floats) -> Floats:
    """Mean of a value over those whom each user is tied to."""
    row = np.repeat(np.arange(ties.n), np.diff(ties.indptr))
    total = np.bincount(row, values[ties.indices], ties.n)
    mean: Floats = total / np.maximum(np.diff(ties.indptr), 1)
    return mean
