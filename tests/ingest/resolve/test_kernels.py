"""The compiled loops against slow ones that can be read at a glance."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.ingest.resolve.columns import Texts
from graphrisk.ingest.resolve.comparison import STEPS, WORD_STEPS
from graphrisk.ingest.resolve.kernels import (
    block_pairs,
    shared_levels,
    text_levels,
    word_levels,
    words_weighed,
)

_texts = st.lists(st.text("ab张é", min_size=1, max_size=7), min_size=2, max_size=8, unique=True)


def _edits(one: str, two: str) -> int:
    @cache
    def rest(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(rest(i - 1, j), rest(i, j - 1)) + 1
        best = min(best, rest(i - 1, j - 1) + (one[i - 1] != two[j - 1]))
        if one[i - 2 : i] == two[j - 2 : j][::-1] and min(i, j) > 1:
            best = min(best, rest(i - 2, j - 2) + 1)
        return best

    return rest(len(one), len(two))


def _level(one: str, two: str) -> int:
    alike = 1 - _edits(one, two) / max(len(one), len(two))
    return 1 + int((alike >= STEPS).sum())


@given(_texts)
def test_the_level_of_two_texts_is_their_share_of_signs_left_alone(values: list[str]) -> None:
    pairs = np.array(list(combinations(range(len(values)), 2)), np.int32)
    left, right = np.ascontiguousarray(pairs.T)
    levels = text_levels(left, right, Texts(pa.array(values, pa.large_string())).signs, STEPS)
    assert levels.tolist() == [_level(values[one], values[two]) for one, two in pairs]


def test_a_missing_text_is_like_and_unlike_nothing() -> None:
    signs = Texts(pa.array(["a"], pa.large_string())).signs
    one, two = np.array([-1, 0, -1, 0], np.int32), np.array([-1, -1, 0, 0], np.int32)
    assert text_levels(one, two, signs, STEPS).tolist() == [0, 0, 0, len(STEPS) + 1]


_names = st.lists(st.sampled_from(["an", "bo", "chen", "da"]), min_size=1, max_size=4)


@given(st.lists(_names.map(" ".join), min_size=2, max_size=6, unique=True))
def test_words_in_common_are_counted_in_any_order(values: list[str]) -> None:
    pairs = np.array(list(combinations(range(len(values)), 2)), np.int32)
    left, right = np.ascontiguousarray(pairs.T)
    starts, words = Texts(pa.array(values, pa.large_string())).words
    weight = np.array([10.0**number for number in range(words.max() + 1)])
    levels = word_levels(left, right, (starts, words), WORD_STEPS)
    sums = words_weighed(left, right, (starts, words), weight)
    for pair, (one, two) in enumerate(pairs.tolist()):
        common = Counter(values[one].split()) & Counter(values[two].split())
        longer = max(len(values[one].split()), len(values[two].split()))
        assert levels[pair] == 1 + (common.total() / longer >= WORD_STEPS).sum()
        assert sum(map(int, str(int(sums[pair])))) == common.total()


def test_a_missing_text_has_no_words_in_common_and_none_apart() -> None:
    words = Texts(pa.array(["an bo"], pa.large_string())).words
    one, two = np.array([-1, 0, -1, 0], np.int32), np.array([-1, -1, 0, 0], np.int32)
    assert word_levels(one, two, words, WORD_STEPS).tolist() == [0, 0, 0, len(WORD_STEPS) + 1]


@given(st.lists(st.frozensets(st.integers(0, 5), max_size=4), min_size=2, max_size=6))
def test_shared_things_are_counted_up_to_the_most(rows: list[frozenset[int]]) -> None:
    starts = np.cumsum([0, *map(len, rows)])
    items = np.array([item for row in rows for item in sorted(row)], np.int32)
    pairs = np.array(list(combinations(range(len(rows)), 2)))
    left, right = np.ascontiguousarray(pairs.T)
    levels, first = shared_levels(left, right, starts, items, 2)
    for pair, (one, two) in enumerate(pairs.tolist()):
        common = rows[one] & rows[two]
        both = bool(rows[one]) and bool(rows[two])
        assert levels[pair] == (1 + min(len(common), 2) if both else 0)
        assert first[pair] == min(common, default=-1)


@given(st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=5), st.integers(0, 9))
def test_pairs_within_blocks_cross_the_border_if_there_is_one(
    blocks: list[list[int]], border: int
) -> None:
    rows = np.array([row for block in blocks for row in block], np.int64)
    found = block_pairs(rows, np.cumsum([0, *map(len, blocks)]), border)
    expected = [
        (min(one, two) << 32) | max(one, two)
        for block in blocks
        for one, two in combinations(block, 2)
        if one != two and (not border or min(one, two) < border <= max(one, two))
    ]
    assert found.tolist() == expected
