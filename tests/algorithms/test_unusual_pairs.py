"""Closed, returned and repeated pairs against slow counts, and accounts by what they do."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from graphrisk_algorithms.evidence.account_traits import AccountTraits, odd_sums
from graphrisk_algorithms.evidence.transfers import DAY, Transfers, transfers_of
from graphrisk_algorithms.evidence.unusual_pairs import unusual_pairs
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.closure import common_neighbours
from graphrisk_algorithms.kernels.csr import build_csr
from tests.algorithms.test_measures import PAIRS, N, Pairs


def _ends(pairs: Pairs) -> tuple[Int64Array, Int64Array]:
    src, dst = np.array(pairs, np.int64).reshape(-1, 2).T
    return src, dst


@settings(deadline=None)
@given(PAIRS)
def test_common_neighbours_are_those_of_networkx(pairs: Pairs) -> None:
    peer: nx.Graph[int] = nx.Graph()
    peer.add_edges_from((a, b) for a, b in pairs if a != b)
    src, dst = (np.array([pair[side] for pair in peer.edges], np.int64) for side in (0, 1))
    view = build_csr(N, src, dst, symmetric=True, merge=True)
    row = np.repeat(np.arange(N), np.diff(view.indptr))
    expected = [
        len(set(peer[a]) & set(peer[b]))
        for a, b in zip(row.tolist(), view.indices.tolist(), strict=True)
    ]
    assert common_neighbours(view).tolist() == expected


@settings(deadline=None)
@given(PAIRS)
def test_surprises_are_tails_of_the_degrees(pairs: Pairs) -> None:
    proper = [(a, b) for a, b in pairs if a != b]
    found = unusual_pairs(N, *_ends(pairs))
    once = sorted(set(proper))
    assert list(zip(found.src.tolist(), found.dst.tolist(), strict=True)) == once
    tie: nx.Graph[int] = nx.Graph(once)
    degree = dict(tie.degree)
    ends = sum(degree.values())
    for place, (a, b) in enumerate(once):
        met = sum(degree[w] * (degree[w] - 1) for w in degree) / ends**2
        shared = len(set(tie[a]) & set(tie[b]))
        closed = stats.poisson.sf(shared - 1, degree[a] * degree[b] * met)
        assert 10 ** -found.closed[place] == pytest.approx(closed)
        out, into = sum(p == b for p, _ in once), sum(q == a for _, q in once)
        back = min(out * into / len(once), 1.0) if (b, a) in once else 1.0
        assert 10 ** -found.returned[place] == pytest.approx(back)
        count = proper.count((a, b))
        expected = sum(p == a for p, _ in proper) * sum(q == b for _, q in proper) / len(proper)
        again = stats.poisson.sf(count - 2, expected) if count > 1 else 1.0
        assert 10 ** -found.repeated[place] == pytest.approx(again)


def _ledger(rows: list[tuple[int, int, int, int]], n: int) -> Transfers:
    src, dst, days, amount = np.array(rows, np.int64).T
    columns = {"at": days * DAY, "amount": amount}
    edges = EdgeColumns(np.arange(len(rows)), src, dst, columns)
    return transfers_of(RiskGraph(n=n, nodes={}, edges={"TRANSFERRED": edges}))


def _crowd(rng: np.random.Generator, n: int, rows: int) -> list[tuple[int, int, int, int]]:
    """Everybody pays anybody, always the same sum."""
    src, dst = rng.integers(0, n, (2, rows))
    days, amount = rng.integers(0, 30, rows), 10_000 + 100 * src
    proper = src != dst
    columns = (part[proper].tolist() for part in (src, dst, days, amount))
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("trait", "planted"),
    [
        ("closed", [(a, b, 3, 20_000) for a in range(5) for b in range(a)]),
        ("returned", [(a, b, 3, 20_000) for a, b in [(0, 1), (1, 0), (2, 3), (3, 2), (4, 0)]]),
        ("repeated", [(a, a + 1, day, 20_000) for a in range(4) for day in range(5)]),
        ("odd_sums", [(a, a + 1, 3, 7) for a in range(4)]),
        ("circular", [(a, (a + 1) % 5, a + 1, 987_000) for a in range(5)]),
    ],
)
def test_each_trait_sees_what_it_is_for(
    trait: str, planted: list[tuple[int, int, int, int]], seed: int
) -> None:
    n, members = 300, sorted({end for row in planted for end in row[:2]})
    crowd = _crowd(np.random.default_rng(seed), n, 900)
    values = AccountTraits().traits(_ledger(crowd + planted, n))[trait]
    others = np.delete(values, members)
    assert np.median(values[members]) > np.quantile(others, 0.97)
    assert np.median(values[members]) > 1.0


def test_money_that_comes_back_too_early_is_no_cycle() -> None:
    falling = [(a, b, 9 - a, 500) for a, b in pairwise([0, 1, 2, 3, 4, 0])]
    rising = [(a, b, a, 500) for a, b in pairwise([0, 1, 2, 3, 4, 0])]
    padding = [(5, 6, 1, 500)] * 20
    assert not AccountTraits().traits(_ledger(falling + padding, 7))["circular"].any()
    found = AccountTraits().traits(_ledger(rising + padding, 7))["circular"]
    assert (found[:5] > 0).all()
    assert not found[5:].any()


def test_who_always_pays_the_same_sum_is_not_odd() -> None:
    rows = [(0, 1, day, 500) for day in range(50)] + [(2, 3, day, 9_000) for day in range(50)]
    assert not odd_sums(_ledger(rows, 4)).any()
    odd = odd_sums(_ledger([*rows, (0, 3, 60, 7)], 4))
    assert odd[0] > 0
    assert odd[3] > 0
    assert odd[1] == odd[2] == 0


def test_no_transfer_no_trait() -> None:
    empty = RiskGraph(n=3, nodes={}, edges={})
    assert AccountTraits().run(empty).values.tolist() == [0.0, 0.0, 0.0]
