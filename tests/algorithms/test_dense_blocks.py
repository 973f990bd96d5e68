"""Dense blocks against all sets there are, and against a slow peeling."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.dense_blocks import DenseBlock, dense_blocks

Pairs = list[tuple[int, int]]
_PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(5, 9)), min_size=1, max_size=16)


def _blocks(pairs: Pairs, most: int, n: int = 10) -> list[DenseBlock]:
    src, dst = np.array(pairs, np.int64).reshape(-1, 2).T
    return list(dense_blocks(n, src, dst, most))


def _density(pairs: Pairs, sources: set[int], targets: set[int]) -> float:
    """By the definition, with the weights of all pairs."""
    different = set(pairs)
    popular = {b: sum(other == b for _, other in different) for _, b in different}
    inside = [b for a, b in different if a in sources and b in targets]
    return float(sum(1 / np.log(5 + popular[b]) for b in inside)) / max(
        len(sources) + len(targets), 1
    )


def _slow_peel(pairs: Pairs) -> float:
    """The greatest density while the node of least weight is taken away, one by one."""
    sources, targets = {a for a, _ in pairs}, {b for _, b in pairs}
    best = 0.0
    while sources or targets:
        best = max(best, _density(pairs, sources, targets))
        sides = [*((a, sources) for a in sorted(sources)), *((b, targets) for b in sorted(targets))]

        def left(one: tuple[int, set[int]]) -> float:
            node, side = one
            without = (
                (sources - {node}, targets) if side is sources else (sources, targets - {node})
            )
            size = len(sources) + len(targets)
            return _density(pairs, sources, targets) * size - _density(pairs, *without) * (size - 1)

        node, side = min(sides, key=lambda one: round(left(one), 9))
        side.remove(node)
    return best


@settings(deadline=None)
@given(_PAIRS)
def test_the_first_block_is_that_of_a_slow_peeling_and_half_as_dense_as_any(pairs: Pairs) -> None:
    (block,) = _blocks(pairs, 1)
    sources, targets = set(block.sources.tolist()), set(block.targets.tolist())
    assert block.density == pytest.approx(_density(pairs, sources, targets))
    assert block.density == pytest.approx(_slow_peel(pairs))
    sides = [sorted({pair[side] for pair in pairs}) for side in (0, 1)]
    every = [
        [
            set(some)
            for some in chain.from_iterable(combinations(side, k) for k in range(1, len(side) + 1))
        ]
        for side in sides
    ]
    densest = max(_density(pairs, some, others) for some in every[0] for others in every[1])
    assert block.density >= densest / 2 - 1e-9


@settings(deadline=None)
@given(_PAIRS)
def test_blocks_share_no_pair_and_end_when_none_is_left(pairs: Pairs) -> None:
    blocks = _blocks(pairs, 1_000)
    inside = [
        [(a, b) for a, b in set(pairs) if a in block.sources and b in block.targets]
        for block in blocks
    ]
    assert all(inside)
    seen: set[tuple[int, int]] = set()
    for block, own in zip(blocks, inside, strict=True):
        assert set(own) - seen, block
        seen |= set(own)
    assert seen == set(pairs)


def _planted(rng: np.random.Generator) -> tuple[Int64Array, Int64Array]:
    """3,000 clients of 300 shops, some popular; 12 clients who all use the same 9 small ones."""
    popular = np.minimum(rng.zipf(1.4, 12_000) - 1, 299)
    src, dst = rng.integers(0, 3_000, 12_000), 3_000 + popular
    ring = np.array([(a, 3_290 + b) for a in range(100, 112) for b in range(9)])
    return np.concatenate([src, ring[:, 0]]), np.concatenate([dst, ring[:, 1]])


@pytest.mark.parametrize("seed", range(3))
def test_a_ring_is_found_beside_popular_shops(seed: int) -> None:
    src, dst = _planted(np.random.default_rng(seed))
    blocks = list(dense_blocks(3_300, src, dst, 3))
    ring = set(range(100, 112))
    assert (
        max(
            len(ring & set(b.sources.tolist())) / len(ring | set(b.sources.tolist()))
            for b in blocks
        )
        > 0.8
    )


def test_nothing_has_no_block() -> None:
    nothing = np.empty(0, np.int64)
    assert list(dense_blocks(0, nothing, nothing, 3)) == []
