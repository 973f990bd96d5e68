"""Throwaway accounts behind one target, against counts that a reader can check."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from graphrisk_algorithms.evidence.throwaway_groups import throwaway_groups
from graphrisk_algorithms.graph import Int64Array


def _market(seed: int) -> tuple[Int64Array, Int64Array]:
    """300 customers of ten shops (0-9), and 20 more (310-329) who only ever went to shop 4."""
    rng = np.random.default_rng(seed)
    src = np.concatenate([10 + rng.integers(0, 300, 2000), np.arange(310, 330)])
    dst = np.concatenate([rng.integers(0, 10, 2000), np.full(20, 4)])
    return src, dst


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_shop_with_throwaway_customers_is_the_only_one(seed: int) -> None:
    src, dst = _market(seed)
    found = throwaway_groups(330, src, dst, np.ones(len(src), np.bool_))
    assert [one.target for one in found] == [4]
    assert set(range(310, 330)) <= set(found[0].members.tolist())
    once = np.bincount(src, minlength=330)[src] == 1
    seen, actors = int((once & (dst == 4)).sum()), int((dst == 4).sum())
    tail = stats.binom.sf(seen - 1, actors, once.mean()) * 10
    assert 10 ** -found[0].surprise == pytest.approx(tail, rel=1e-4)


def test_loyal_customers_are_no_ring() -> None:
    """A dense block of twenty who all go to the same three shops."""
    src, dst = (ends[:2000] for ends in _market(4))
    block = np.repeat(np.arange(310, 330), 3), np.tile([1, 2, 3], 20)
    both = np.concatenate([src, block[0]]), np.concatenate([dst, block[1]])
    assert throwaway_groups(330, *both, np.ones(len(both[0]), np.bool_)) == []


def test_only_suspect_edges_make_a_group() -> None:
    src, dst = _market(5)
    assert throwaway_groups(330, src, dst, src < 310) == []


def test_nothing_is_no_group() -> None:
    nothing = np.empty(0, np.int64)
    assert throwaway_groups(0, nothing, nothing, np.empty(0, np.bool_)) == []
