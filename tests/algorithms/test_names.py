"""Nearly equal names."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_algorithms.names import near_pair_share, one_character_apart

_NAMES = st.text("王李小明", min_size=1, max_size=4)


def _edits(left: str, right: str) -> int:
    """Levenshtein distance, by recursion on the definition."""
    if not left or not right:
        return len(left) + len(right)
    return min(
        _edits(left[1:], right) + 1,
        _edits(left, right[1:]) + 1,
        _edits(left[1:], right[1:]) + (left[0] != right[0]),
    )


@given(_NAMES, _NAMES)
def test_one_character_apart_is_an_edit_distance_of_at_most_one(left: str, right: str) -> None:
    assert one_character_apart(left, right) == (_edits(left, right) <= 1)


@given(st.lists(_NAMES, min_size=2, max_size=8))
def test_the_share_of_near_pairs_is_that_of_all_pairs_compared(names: list[str]) -> None:
    near = [
        len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) <= 1
        for left, right in combinations(names, 2)
    ]
    assert near_pair_share([*names, None]) == pytest.approx(sum(near) / len(near))


def test_without_names_nobody_is_alike() -> None:
    assert near_pair_share([None, None, "王明"]) == 0.0
