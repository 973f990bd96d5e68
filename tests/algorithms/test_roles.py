"""Roles by block structure: against every way to cut small groups, and on planted parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import comb, factorial, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.communities.roles import Blocks, block_roles
from graphrisk_algorithms.graph import Int64Array

Pairs = set[tuple[int, int]]
_PAIRS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=18)


def _ends(pairs: Pairs) -> tuple[Int64Array, Int64Array]:
    src, dst = np.array(sorted(pairs), np.int64).reshape(-1, 2).T.copy()
    return src, dst


def _told(layers: list[Pairs], block: list[int]) -> float:
    """Nats of a description, by its definition."""
    n, blocks = len(block), sorted(set(block))
    sizes = {one: block.count(one) for one in blocks}
    told = log(n) + log(comb(n - 1, len(blocks) - 1)) + log(factorial(n))
    told -= sum(log(factorial(size)) for size in sizes.values())
    for layer, source, target in itertools.product(layers, blocks, blocks):
        places = sizes[source] * (sizes[target] - (source == target))
        ties = sum(
            block[one] == source and block[other] == target and one != other for one, other in layer
        )
        told += log(places + 1) + log(comb(places, ties))
    return told


def _ways(n: int, most: int) -> Iterator[list[int]]:
    """Every way to cut ``n`` members into at most ``most`` blocks, numbered by first members."""

    def further(block: list[int]) -> Iterator[list[int]]:
        if len(block) == n:
            yield block
            return
        for one in range(min(max(block, default=-1) + 2, most)):
            yield from further([*block, one])

    return further([])


@settings(max_examples=60, deadline=None)
@given(paid=_PAIRS, called=_PAIRS)
def test_no_way_to_cut_a_small_group_tells_its_ties_in_less(paid: Pairs, called: Pairs) -> None:
    layers = [paid, called]
    found = block_roles(np.arange(6), [_ends(layer) for layer in layers], most_blocks=3)
    least = min(_told(layers, block) for block in _ways(6, 3))
    told = _told(layers, found.block.tolist())
    assert told == pytest.approx(least)
    assert found.bits == pytest.approx((_told(layers, [0] * 6) - told) / log(2), abs=1e-6)


def _planted(
    seed: int, noise: float = 0.02
) -> tuple[list[tuple[Int64Array, Int64Array]], list[int]]:
    """Twenty pay eight, these pay five; ten only call each other; and some noise."""
    rng = np.random.default_rng(seed)
    part = [0] * 20 + [1] * 8 + [2] * 5 + [3] * 10
    paid, called = set[tuple[int, int]](), set[tuple[int, int]]()
    for one, other in itertools.permutations(range(len(part)), 2):
        chance = {(0, 1): 0.4, (1, 2): 0.8}.get((part[one], part[other]), noise / 4)
        if rng.random() < chance:
            paid.add((one, other))
        if rng.random() < (0.5 if part[one] == part[other] == 3 else noise / 4):
            called.add((one, other))
    return [_ends(paid), _ends(called)], part


def _same(found: Blocks, part: list[int]) -> float:
    """Share of pairs of members that are together in both, of those together in either."""
    one, other = found.block[:, None] == found.block, np.array(part)[:, None] == np.array(part)
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("seed", range(8))
def test_planted_parts_are_found_and_named(seed: int) -> None:
    layers, part = _planted(seed)
    found = block_roles(np.arange(len(part)), layers)
    assert _same(found, part) > 0.85
    pairs = [set(zip(src.tolist(), dst.tolist(), strict=True)) for src, dst in layers]
    assert _told(pairs, found.block.tolist()) <= _told(pairs, part) + 1e-6
    assert found.bits > 50
    parts = [found.parts()[block] for block in found.block]
    for planted, name in ((0, "pays"), (1, "passes_on"), (2, "collects")):
        named = [said for said, true in zip(parts, part, strict=True) if true == planted]
        assert named.count(name) >= 0.8 * len(named)


@pytest.mark.parametrize("seed", range(5))
def test_a_group_without_structure_is_one_block(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 40, (2, 200))
    found = block_roles(np.arange(40), [(ends[0], ends[1])])
    assert found.bits < 1.0
    assert len(np.unique(found.block)) <= 2


def test_members_keep_their_numbers_and_outsiders_say_nothing() -> None:
    layers, part = _planted(1)
    new = np.sort(np.random.default_rng(1).permutation(1_000)[: len(part)])
    inside = block_roles(np.arange(len(part)), layers)
    others = np.setdiff1d(np.arange(1_000), new)[:300]
    moved = [
        (
            np.concatenate([new[src], others, others]),
            np.concatenate([new[dst], new[:1].repeat(300), others]),
        )
        for src, dst in layers
    ]
    found = block_roles(new, moved)
    np.testing.assert_array_equal(found.block, inside.block)
    np.testing.assert_array_equal(found.ties, inside.ties)
    assert found.members is new
    src, dst = layers[0]
    for label in np.unique(inside.block):
        members = np.flatnonzero(inside.block == label)
        assert found.active[0, 0, label] == np.isin(members, src).mean()
        assert found.active[0, 1, label] == np.isin(members, dst).mean()


def test_parallel_edges_count_once_and_the_same_seed_gives_the_same() -> None:
    layers, part = _planted(2)
    twice = [(np.tile(src, 2), np.tile(dst, 2)) for src, dst in layers]
    first, second = (block_roles(np.arange(len(part)), given) for given in (layers, twice))
    np.testing.assert_array_equal(first.block, second.block)
    np.testing.assert_array_equal(first.ties, second.ties)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_or_no_members_are_no_trouble(count: int) -> None:
    nothing = np.empty(0, np.int64)
    found = block_roles(np.arange(count), [(nothing, nothing)])
    assert found.block.tolist() == [0] * count
    assert found.bits == pytest.approx(0.0, abs=1e-9)
    assert set(found.parts()) <= {"apart"}
