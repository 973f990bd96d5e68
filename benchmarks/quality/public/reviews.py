"""Reviews with those that the platform filtered as spam (YelpChi): single reviews, and rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Bools, Floats, Ints
from benchmarks.quality.public.files import numbered, read
from benchmarks.quality.public.learning import boosted, places
from benchmarks.quality.public.rows import Figures, Row, with_seen_labels
from graphrisk_algorithms.evidence.throwaway_groups import throwaway_groups
from graphrisk_algorithms.kernels.dense_blocks import dense_blocks

_PRIORS = ("prior_review", "prior_user", "prior_product")
NEEDED = {"reviews": ("user", "product", "is_spam", *_PRIORS)}
_TOP = 20  # groups that are judged
_LEAST_SPAM = 0.1  # below it a ring is none
_SUSPECT = 2.0 / 3.0  # the quantile of the priors from which a review counts as suspect
_SEEN = 9.0  # an author's seen reviews weigh so many times the trees


@dataclass(frozen=True, slots=True)
class Reviews:
    """One row a review; users are numbered first, products after them."""

    n: int
    user: Ints
    product: Ints
    priors: Mapping[str, Floats]  # log-odds, made without labels


def reviews(folder: Path) -> tuple[Reviews, Bools]:
    """The reviews, and which are spam."""
    rows = read(folder, "reviews")
    users, (user,) = numbered(rows.keys("user"))
    products, (product,) = numbered(rows.keys("product"))
    priors = {}
    for name in _PRIORS:
        share = np.clip(rows.known(name), 1e-6, 1.0 - 1e-6)
        priors[name] = np.log(share / (1.0 - share))
    found = Reviews(len(users) + len(products), user, product + len(users), priors)
    return found, rows.flags("is_spam")


def judge(folder: Path) -> list[Row]:
    """D8 and D9."""
    every, spam = reviews(folder)
    columns = _features(every)
    wrote, got = _counts(every)
    beside = {
        "few reviews of the author": -wrote,
        "reviews of the product": got,
        **{name: every.priors[name] for name in _PRIORS},
    }

    def rank(seen: Bools, seed: int) -> Floats:
        odds = boosted(columns, spam, seen, seed, models=1)
        return _with_authors(every, spam, seen, 1.0 / (1.0 + np.exp(-odds)))

    def alone(seen: Bools, seed: int) -> Floats:
        return boosted(columns, spam, seen, seed, models=1)

    return [
        with_seen_labels("D8", "trees and the author's seen reviews, 10 %", spam, beside, rank),
        with_seen_labels("", "trees alone, 10 % labels", spam, beside, alone),
        Row("D9", "throwaway groups", [_rings(groups(every), spam)], _dense(every, spam)),
    ]


def groups(every: Reviews) -> list[Bools]:
    """Reviews of each of the most surprising groups; no label is read."""
    prior = every.priors["prior_review"]
    suspect = prior > np.quantile(prior, _SUSPECT)
    found = throwaway_groups(every.n, every.user, every.product, suspect)
    return [
        np.isin(every.user, one.members) & (every.product == one.target) for one in found[:_TOP]
    ]


def _rings(found: list[Bools], spam: Bools) -> Figures:
    shares = [float(spam[one].mean()) for one in found]
    return {
        "graded ring": float(len(found)),
        "rings with < 10 % spam": float(sum(share < _LEAST_SPAM for share in shares)),
        "mean spam": float(np.mean(shares)) if shares else 0.0,
    }


def _dense(every: Reviews, spam: Bools) -> Mapping[str, Figures]:
    """The densest blocks by FRAUDAR's measure, and all reviews of who wrote but one."""
    blocks = [
        np.isin(every.user, one.sources) & np.isin(every.product, one.targets)
        for one in islice(dense_blocks(every.n, every.user, every.product, _TOP), _TOP)
    ]
    once = [_counts(every)[0] == 1]
    return {
        "densest blocks": _rings(blocks, spam),
        "all who wrote one review": _rings(once, spam),
    }


def _counts(every: Reviews) -> tuple[Floats, Floats]:
    """For each review how many its author wrote and its product got."""
    found = [np.bincount(ends, minlength=every.n)[ends] for ends in (every.user, every.product)]
    return found[0].astype(np.float64), found[1].astype(np.float64)


def _features(every: Reviews) -> Floats:
    """Priors, how busy author and product are, and what the others of both look like."""
    wrote, got = _counts(every)
    prior, once = every.priors["prior_review"], (wrote == 1).astype(np.float64)
    others = (_mean(every.user, prior) * wrote - prior) / np.maximum(wrote - 1.0, 1.0)
    columns = [
        *every.priors.values(),
        np.log(wrote),
        np.log(got),
        np.where(wrote > 1, others, np.nan),
        _mean(every.product, prior),
        _mean(every.product, every.priors["prior_user"]),
        _mean(every.product, once),
        _mean(every.product, np.log(wrote)),
        _mean(every.user, _mean(every.product, once)),
        places(prior - _mean(every.product, prior)),
    ]
    return np.column_stack(columns)


def _mean(of: Ints, values: Floats) -> Floats:
    found: Floats = (np.bincount(of, values) / np.maximum(np.bincount(of), 1))[of]
    return found


def _with_authors(every: Reviews, spam: Bools, seen: Bools, chance: Floats) -> Floats:
    """The chance, amended where other reviews of the same author were seen."""
    known = np.bincount(every.user[seen], minlength=every.n)[every.user]
    filtered = np.bincount(every.user[seen & spam], minlength=every.n)[every.user]
    share = filtered / np.maximum(known, 1)
    found: Floats = np.where(known > 0, (chance + _SEEN * share) / (1.0 + _SEEN), chance)
    return found
