"""What a load remembers on the disk is what it would remember in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphrisk.core import runs
from graphrisk.core.runs import Gathered, Remembered, contains
from graphrisk.core.table import Table

KEYS = st.one_of(st.integers(-40, 40), st.integers(-(2**63), 2**63 - 1))
ROUNDS = st.lists(st.lists(st.tuples(KEYS, st.integers(0, 9)), max_size=30), max_size=12)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few entries in memory and small pieces, so that runs are made and merged."""
    monkeypatch.setattr(runs, "MOST_RECENT", 16)
    monkeypatch.setattr(runs, "_PIECE", 8)


@pytest.mark.usefixtures("_small")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROUNDS)
def test_it_settles_as_a_table_does(tmp_path: Path, rounds: list[list[tuple[int, int]]]) -> None:
    remembered, table = Remembered(tmp_path), Table()
    for pairs in rounds:
        keys = np.array([key for key, _ in pairs], np.int64)
        values = np.array([value for _, value in pairs], np.int64)
        held, fresh = remembered.settle(keys, values)
        expected, new = table.settle(keys, values)
        assert held.tolist() == expected.tolist()
        assert fresh.tolist() == new.tolist()


@pytest.mark.usefixtures("_small")
def test_what_is_in_memory_does_not_grow_and_no_file_stays(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    keys = np.random.default_rng(1).permutation(5_000).astype(np.int64)
    for part in np.array_split(keys, 400):
        assert remembered.settle(part, -part)[1].all()
        assert len(remembered._recent) < 16 + len(part)
        assert len(remembered._runs) < 12, "runs of like size are merged"
    held, fresh = remembered.settle(keys, keys)
    assert not fresh.any()
    assert (held == -keys).all()
    assert not list(tmp_path.iterdir()), "a killed load would leave them behind"


@given(st.lists(st.lists(KEYS, max_size=20), max_size=5), st.lists(KEYS, max_size=20))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_gathered_comes_back_in_order(
    tmp_path: Path, parts: list[list[int]], asked: list[int]
) -> None:
    gathered, everything = Gathered(tmp_path), sorted(number for part in parts for number in part)
    for part in parts:
        gathered.add(np.array(part, np.int64))
    assert len(gathered) == len(everything)
    assert gathered.ordered().tolist() == everything
    there = contains(gathered.ordered(), np.array(asked, np.int64))
    gathered.close()
    assert there.tolist() == [number in everything for number in asked]
