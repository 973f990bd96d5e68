"""A flat map of numbers behaves as a dict, at a fraction of its memory."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.core.table import Table

NUMBERS = st.integers(-(2**63), 2**63 - 1)
#: Few different ones, so that keys come again.
KEYS = st.one_of(st.integers(-3, 3), NUMBERS)


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.lists(st.tuples(KEYS, NUMBERS), max_size=60), max_size=6))
def test_the_first_value_of_a_key_stays(rounds: list[list[tuple[int, int]]]) -> None:
    table, expected = Table(), dict[int, int]()
    for pairs in rounds:
        fresh_expected = []
        for key, value in pairs:
            fresh_expected.append(key not in expected)
            expected.setdefault(key, value)
        keys = np.array([key for key, _ in pairs], np.int64)
        held, fresh = table.settle(keys, np.array([value for _, value in pairs], np.int64))
        assert held.tolist() == [expected[key] for key, _ in pairs]
        assert fresh.tolist() == fresh_expected
    assert len(table) == len(expected)
    found, there = table.find(np.array([*expected, 7], np.int64))
    assert found[:-1].tolist() == list(expected.values())
    assert there.tolist() == [True] * len(expected) + [7 in expected]


def test_it_grows_and_still_knows_everything() -> None:
    table = Table()
    keys = np.random.default_rng(1).permutation(300_000).astype(np.int64) << 31
    for part in np.array_split(keys, 7):
        _, fresh = table.settle(part, -part)
        assert fresh.all()
    found, there = table.find(keys)
    assert there.all()
    assert (found == -keys).all()
    assert not table.find(keys + 1)[1].any()


def test_an_entry_takes_less_than_sixty_bytes() -> None:
    table = Table()
    for start in range(0, 1_000_000, 50_000):
        keys = np.arange(start, start + 50_000)
        table.settle(keys, keys)
        held = sum(array.nbytes for array in vars(table).values() if isinstance(array, np.ndarray))
        assert held <= max(58 * len(table), 17 << 17)
