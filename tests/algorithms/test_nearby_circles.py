"""Circles that keep to themselves, against all groups there are, and against chance."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.circles import Search, circles, closed_surprise
from graphrisk_algorithms.kernels.csr import Csr, build_csr

_CROWD = 4_000
_SEARCH = Search(restart=0.15, precision=1e-4, least=3, most=20)


def _view(n: int, pairs: set[tuple[int, int]]) -> Csr:
    src, dst = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    return build_csr(n, src, dst, symmetric=True)


def _crowd(seed: int, n: int = _CROWD, contacts: int = 5) -> set[tuple[int, int]]:
    ends = np.random.default_rng(seed).integers(0, n, (n * contacts // 2, 2)).tolist()
    return {(min(pair), max(pair)) for pair in ends if pair[0] != pair[1]}


def _circle(seed: int) -> set[tuple[int, int]]:
    """Fourteen of the crowd who also talk with each other: a ring and chords."""
    rng = np.random.default_rng([seed, 1])
    members = rng.choice(_CROWD, 14, replace=False).tolist()
    ring = zip(members, members[1:] + members[:1], strict=True)
    chords = (rng.choice(members, 2, replace=False).tolist() for _ in members * 2)
    return {(min(pair), max(pair)) for pair in (*ring, *chords)}


def _ends(*pairs: set[tuple[int, int]]) -> Int64Array:
    return np.bincount([end for of in pairs for pair in of for end in pair], minlength=_CROWD)


@pytest.mark.parametrize("seed", range(5))
def test_a_circle_in_a_crowd_comes_first_whatever_else_its_members_do(seed: int) -> None:
    """Looked for among a tenth of the ties; the others lead away."""
    circle, crowd = _circle(seed), _crowd(seed)
    members = {end for pair in circle for end in pair}
    seen = {pair for pair in crowd if sum(pair) % 10 == 0}
    found = circles(_view(_CROWD, circle | seen), _ends(circle, crowd), _CROWD, _SEARCH)
    best = set(found[0].tolist())
    assert len(best & members) / len(best | members) >= 0.6


def test_what_is_tied_outside_the_view_leads_away() -> None:
    """Two equal circles, but the numbers of one have twenty contacts elsewhere each."""
    one, other = list(range(8)), list(range(8, 16))
    pairs = {pair for group in (one, other) for pair in combinations(group, 2)}
    view = _view(400, pairs | {(7, 8)} | {(place, place + 100) for place in range(16, 200)})
    ends = np.diff(view.indptr)
    ends[one] += 20
    assert circles(view, ends, 400, _SEARCH)[0].tolist() == other


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_without_circles_has_none_beyond_chance(seed: int) -> None:
    view = _view(_CROWD, _crowd(seed))
    ends = np.diff(view.indptr)
    found = circles(view, ends, _CROWD, _SEARCH)
    taken: set[int] = set()
    for circle in found:
        assert _surprise(view, ends, circle) < 3.0, "not once in a thousand crowds"
        assert (np.diff(circle) > 0).all()
        assert 3 * len(taken & set(circle.tolist())) < len(circle), "no two share a third"
        taken |= set(circle.tolist())
    assert len(found) > 100


def _surprise(view: Csr, ends: Int64Array, circle: Int64Array) -> float:
    inside = sum(
        np.isin(view.indices[view.indptr[one] : view.indptr[one + 1]], circle).sum()
        for one in circle.tolist()
    )
    return closed_surprise(
        int(inside) // 2, int(ends[circle].sum()), int(ends.sum()), {view.n: len(circle)}
    )


_PAIRS = st.sets(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    min_size=6,
    max_size=20,
)


@settings(deadline=None)
@given(_PAIRS)
def test_no_circle_is_better_than_the_best_of_all_groups(pairs: set[tuple[int, int]]) -> None:
    """By trying every group: what is found is one of them, and nearly as good as the best."""
    view = _view(30, pairs | {(place, place + 10) for place in range(10, 20)})
    ends = np.diff(view.indptr)
    every = [
        _worth(view, ends, np.array(group))
        for size in range(3, 9)
        for group in combinations(range(8), size)
    ]
    found = circles(view, ends, 30, _SEARCH)
    assert all(_worth(view, ends, circle) <= max(every) + 1e-9 for circle in found)


def _worth(view: Csr, ends: Int64Array, circle: Int64Array) -> float:
    """By the definition, below nothing where chance explains it."""
    near = [set(view.indices[view.indptr[v] : view.indptr[v + 1]].tolist()) for v in circle]
    inside = sum(len(one & set(circle.tolist())) for one in near) / 2
    mean = float(ends[circle].sum()) ** 2 / (2.0 * float(ends.sum()))
    if inside <= mean:
        return -math.inf
    tail = inside * math.log(inside / mean) - inside + mean
    return tail - len(circle) * (math.log(view.n / len(circle)) + 1.0)


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(10, 200), st.integers(2, 12))
def test_the_surprise_is_never_more_than_the_sum_over_all_groups(
    inside: int, ends: int, members: int
) -> None:
    """The Poisson tail times the number of groups, both counted exactly, bound it."""
    mean = ends**2 / 2e4
    tail = -stats.poisson.logsf(inside - 1, mean) / math.log(10.0)
    got = closed_surprise(inside, ends, 10_000, {100: members})
    assert got <= max(tail - math.log10(math.comb(100, members)), 0.0) + 1e-9
