"""Pairs of a typed graph, what changed of them, and which community goes on from which."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log2, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.algorithm import first_seen_labels
from graphrisk_algorithms.communities.succession import LEAST_OVERLAP, successors
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.changes import pair_changes, upper
from graphrisk_algorithms.kernels.csr import Csr
from graphrisk_algorithms.kernels.pairs import balanced_pairs, counted_pairs

Rows = list[tuple[int, int, int]]  # source, target, events
_ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 4)), max_size=25)
_LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=30)


def _edges(rows: Rows, counted: bool) -> EdgeColumns:
    src, dst, count = np.array(rows, np.int64).reshape(-1, 3).T.copy()
    return EdgeColumns(np.arange(len(src)), src, dst, {"count": count} if counted else {})


def _by_pair(view: Csr) -> dict[tuple[int, int], float]:
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    entries = zip(rows.tolist(), view.indices.tolist(), view.weights.tolist(), strict=True)
    return {(row, other): weight for row, other, weight in entries}


@settings(deadline=None)
@given(calls=_ROWS, owned=_ROWS)
def test_pairs_count_events_and_weigh_each_kind_against_all_of_it(calls: Rows, owned: Rows) -> None:
    kinds = {"CALLED": _edges(calls, True), "HOLDS": _edges(owned, False)}
    graph = RiskGraph(n=10, nodes={}, edges=kinds)
    counts: dict[str, Counter[tuple[int, int]]] = {"CALLED": Counter(), "HOLDS": Counter()}
    for kind, rows in (("CALLED", calls), ("HOLDS", [(a, b, 1) for a, b, _ in owned])):
        for one, other, events in rows:
            if one != other:
                counts[kind][one, other] += events
                counts[kind][other, one] += events
    assert _by_pair(counted_pairs(graph)) == counts["CALLED"] + counts["HOLDS"]
    assert _by_pair(counted_pairs(graph, ("CALLED",))) == counts["CALLED"]
    expected: defaultdict[tuple[int, int], float] = defaultdict(float)
    for of_kind in counts.values():
        strength: defaultdict[int, float] = defaultdict(float)
        for (one, _), events in of_kind.items():
            strength[one] += log2(1 + events)
        for (one, other), events in of_kind.items():
            expected[one, other] += log2(1 + events) / sqrt(strength[one] * strength[other])
    assert _by_pair(balanced_pairs(graph)) == pytest.approx(expected)


def test_a_graph_without_edges_has_no_pairs() -> None:
    assert len(balanced_pairs(RiskGraph(n=3, nodes={}, edges={}))) == 0
    assert balanced_pairs(RiskGraph(n=3, nodes={}, edges={}), ("CALLED",)).n == 3


@settings(deadline=None)
@given(before=_ROWS, now=_ROWS)
def test_changes_are_the_differences_of_sets(before: Rows, now: Rows) -> None:
    """Two nodes came as well."""
    views = [
        upper(counted_pairs(RiskGraph(n, {}, {"CALLED": _edges(rows, True)})))
        for n, rows in ((10, before), (12, [*now, (10, 11, 1)]))
    ]
    old, new = map(_by_pair, views)
    assert all(one < other for one, other in [*old, *new])
    changes = pair_changes(*views)
    came, gone = (
        list(zip(*(end.tolist() for end in ends), strict=True))
        for ends in (changes.came, changes.gone)
    )
    assert came == sorted(new.keys() - old.keys())
    assert gone == sorted(old.keys() - new.keys())
    reweighted = {pair for pair in old.keys() & new.keys() if old[pair] != new[pair]}
    assert {(int(one), int(two)) for one, two in zip(*changes.reweighted, strict=True)} == (
        reweighted
    )
    touched = {end for pair in (*came, *gone, *reweighted) for end in pair}
    assert changes.touched().tolist() == sorted(touched)
    changed = len(came) + len(gone) + len(reweighted)
    assert changes.share == changed / len(old.keys() | new.keys())


@settings(deadline=None)
@given(before=_LABELS, now=_LABELS)
def test_a_community_goes_on_from_the_one_that_is_most_like_it(
    before: list[int], now: list[int]
) -> None:
    now = [*now, *before[len(now) :]]  # nodes never go
    old, new = (first_seen_labels(np.array(labels)) for labels in (before, now))
    found = successors(old, new)
    cells = [
        [set(np.flatnonzero(one == c).tolist()) for c in range(one.max() + 1)] for one in (old, new)
    ]
    overlap = [[len(a & b) / len(a | b) for a in cells[0]] for b in cells[1]]
    kept = found[found >= 0]
    assert len(np.unique(kept)) == len(kept)
    for number, earlier in enumerate(found.tolist()):
        if earlier >= 0:
            assert overlap[number][earlier] >= LEAST_OVERLAP
            assert overlap[number][earlier] == max(overlap[number])
            assert overlap[number][earlier] == max(row[earlier] for row in overlap)
    for number, row in enumerate(overlap):  # two most alike, and nobody as much, go on
        for earlier, share in enumerate(row):
            rivals = [*row[:earlier], *row[earlier + 1 :]]
            rivals += [other[earlier] for at, other in enumerate(overlap) if at != number]
            if share >= LEAST_OVERLAP and share > max(rivals, default=0.0):
                assert found[number] == earlier
