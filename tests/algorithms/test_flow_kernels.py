"""Cycles and busiest windows: compiled loops against slow references."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.transfers import Transfers
from graphrisk_algorithms.kernels.flow_kernels import busiest_windows, cycle_walks
from tests.algorithms.test_transfers import Row, ledger

_ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 12), st.integers(5, 9)),
    max_size=9,
)


def _cycles(transfers: Transfers, window: int, keep: float) -> list[tuple[int, ...]]:
    order = transfers.by_payer.positions.astype(np.int64)
    columns = (transfers.src, transfers.dst, transfers.at, transfers.amount)
    starts = transfers.by_payer.indptr
    flat, ends, _ = cycle_walks(starts, order, *columns, window, 3, 5, keep, 99, 999, 9999)
    hops = np.split(flat, ends[:-1]) if len(ends) else []
    return sorted(tuple(one.tolist()) for one in hops)


def _slow_cycles(transfers: Transfers, window: int, keep: float) -> list[tuple[int, ...]]:
    """Every ordered choice of three to five transfers, kept when it is such a cycle."""
    found = []
    for length in (3, 4, 5):
        for hops in permutations(range(len(transfers)), length):
            chosen = np.array(hops)
            src, dst, at = transfers.src[chosen], transfers.dst[chosen], transfers.at[chosen]
            amount = transfers.amount[chosen]
            if (
                (dst == np.roll(src, -1)).all()
                and len(set(src.tolist())) == length
                and (np.diff(at) > 0).all()
                and at[-1] - at[0] <= window
                and (amount >= keep * amount[0]).all()
                and (amount <= amount[0] / keep).all()
            ):
                found.append(tuple(chosen.tolist()))
    return sorted(found)


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.integers(1, 12), st.sampled_from([0.6, 0.8, 1.0]))
def test_cycles_are_those_of_the_slow_reference(rows: list[Row], window: int, keep: float) -> None:
    transfers = ledger(rows)
    assert _cycles(transfers, window, keep) == _slow_cycles(transfers, window, keep)


def test_the_limit_ends_the_search_without_harm() -> None:
    rows = [(a, b, t, 5) for t in range(8) for a in range(4) for b in range(4) if a != b]
    transfers = ledger(rows)
    order = transfers.by_payer.positions.astype(np.int64)
    columns = (transfers.src, transfers.dst, transfers.at, transfers.amount)
    starts = transfers.by_payer.indptr
    _, ends, _ = cycle_walks(starts, order, *columns, 9, 3, 5, 0.8, 99, 999, 7)
    assert len(ends) == 7
    _, ends, _ = cycle_walks(starts, order, *columns, 9, 3, 5, 0.8, 99, 2, 9999)
    assert 0 < len(ends) <= 2 * len(transfers)


@settings(deadline=None)
@given(_ROWS, st.integers(1, 12))
def test_the_busiest_window_holds_as_many_payers_as_any(rows: list[Row], window: int) -> None:
    transfers = ledger(rows)
    order = transfers.by_payee.positions.astype(np.int64)
    starts = transfers.by_payee.indptr
    first, last, payers = busiest_windows(5, starts, order, transfers.src, transfers.at, window)
    for account in range(5):
        into = transfers.paid_to(np.array([account]))
        at = transfers.at[into]
        most = max(
            (len(np.unique(transfers.src[into[(at > t - window) & (at <= t)]])) for t in at),
            default=0,
        )
        held = order[first[account] : last[account]]
        assert payers[account] == most == len(np.unique(transfers.src[held]))
        assert not len(held) or transfers.at[held[-1]] - transfers.at[held[0]] < window
