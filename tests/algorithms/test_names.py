"""Nearly equal names."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.names import near_pair_share, one_character_apart

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


@given(st.lists(st.tuples(_NAMES, st.integers(1980, 1981)), max_size=8))
def test_the_share_of_near_pairs_is_that_of_all_pairs_compared(
    people: list[tuple[str, int]],
) -> None:
    kin = [pair for pair in combinations(people, 2) if pair[0][0][0] == pair[1][0][0]]
    near = [
        left[1] == right[1]
        and len(left[0]) == len(right[0])
        and sum(a != b for a, b in zip(left[0], right[0], strict=True)) <= 1
        for left, right in kin
    ]
    names, years = [name for name, _ in people], [year for _, year in people]
    expected = sum(near) / len(near) if near else 0.0
    assert near_pair_share([*names, None], [*years, 0]) == pytest.approx(expected)


def test_without_names_nobody_is_alike() -> None:
    assert near_pair_share([None, None, "王明"], [1980, 1980, 1980]) == 0.0
