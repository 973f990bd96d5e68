"""Money followed strictly forward or backward in time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Store, TraceQuery
from tests.contract.deliveries import add_edges, nodes, read
from tests.contract.deliveries import transfers as rows_of


def _transfers(store: Store, *hops: tuple[int, int, int]) -> list[int]:
    """Accounts 0..n and transfers (from, to, at) in this order: eid = position."""
    size = 1 + max(max(src, dst) for src, dst, _ in hops)
    n = nodes(store, "Account", [str(i) for i in range(size)])
    src, dst, at = zip(*hops, strict=True)
    akeys = list(range(len(hops)))
    amounts = [100 + akey for akey in akeys]
    rows = rows_of([n[i] for i in src], [n[i] for i in dst], akeys, list(at), amounts)
    add_edges(store, "TRANSFERRED", rows)
    return n


def _layers(store: Store, query: TraceQuery) -> list[tuple[int, int]]:
    rows = read(store).trace(query).rows.to_pylist()
    return [(row["layer"], row["eid"]) for row in rows]


def _out(nid: int, start: int = 0, until: int | None = None, hops: int = 4) -> TraceQuery:
    return TraceQuery(nid, "TRANSFERRED", start, "out", until, hops)


def test_a_hop_must_come_strictly_after_the_one_before(store: Store) -> None:
    _transfers(store, (0, 1, 10), (1, 2, 10), (1, 3, 11), (3, 4, 5), (3, 5, 12))
    assert _layers(store, _out(0)) == [(1, 0), (2, 2), (3, 4)]


def test_rows_tell_ends_time_and_amount_in_layer_time_eid_order(store: Store) -> None:
    _transfers(store, (0, 1, 20), (0, 2, 10), (0, 1, 10), (2, 1, 30))
    page = read(store).trace(_out(0))
    assert page.rows.to_pylist() == [
        {"layer": 1, "eid": 1, "src": 0, "dst": 2, "at": 10, "amount": 101},
        {"layer": 1, "eid": 2, "src": 0, "dst": 1, "at": 10, "amount": 102},
        {"layer": 1, "eid": 0, "src": 0, "dst": 1, "at": 20, "amount": 100},
        {"layer": 2, "eid": 3, "src": 2, "dst": 1, "at": 30, "amount": 103},
    ]
    assert (page.truncated, page.total) == (False, 4)


def test_the_window_includes_its_start_and_excludes_its_end(store: Store) -> None:
    _transfers(store, (0, 1, 9), (0, 1, 10), (0, 1, 19), (0, 1, 20))
    assert _layers(store, _out(0, 10, 20)) == [(1, 1), (1, 2)]
    back = TraceQuery(1, "TRANSFERRED", 19, "in", until=9)
    assert _layers(store, back) == [(1, 1), (1, 2)]


def test_backwards_time_runs_back(store: Store) -> None:
    _transfers(store, (0, 1, 10), (1, 2, 10), (1, 2, 11), (3, 1, 12), (4, 1, 5))
    back = TraceQuery(2, "TRANSFERRED", 100, "in")
    assert _layers(store, back) == [(1, 1), (1, 2), (2, 4), (2, 0)]


def test_a_cycle_ends_and_each_edge_comes_once(store: Store) -> None:
    _transfers(store, (0, 1, 10), (1, 0, 20), (0, 1, 30), (1, 0, 40), (0, 0, 50))
    assert _layers(store, _out(0, hops=10)) == [(1, 0), (1, 2), (1, 4), (2, 1), (2, 3)]


def test_a_later_layer_may_reach_a_node_earlier_in_time(store: Store) -> None:
    # 1 is reached at 100 directly and at 20 through 2, so that its hop at 50 opens in layer 3.
    _transfers(store, (0, 1, 100), (0, 2, 10), (2, 1, 20), (1, 3, 50), (1, 3, 200))
    assert _layers(store, _out(0)) == [(1, 1), (1, 0), (2, 2), (2, 4), (3, 3)]


def test_hops_and_fan_out_are_capped(store: Store) -> None:
    _transfers(store, (0, 1, 10), (0, 2, 10), (0, 3, 9), (1, 4, 20), (4, 5, 30))
    assert _layers(store, _out(0, hops=1)) == [(1, 2), (1, 0), (1, 1)]
    page = read(store).trace(TraceQuery(0, "TRANSFERRED", 0, fan_out=2))
    assert page.rows["eid"].to_pylist() == [2, 0, 3, 4]
    assert (page.truncated, page.total) == (True, 4)


def test_backwards_the_latest_hops_are_followed_first(store: Store) -> None:
    _transfers(store, (1, 0, 10), (2, 0, 30), (3, 0, 30), (4, 0, 20))
    page = read(store).trace(TraceQuery(0, "TRANSFERRED", 99, "in", fan_out=3))
    assert page.rows["eid"].to_pylist() == [3, 1, 2]
    assert page.truncated


@pytest.mark.parametrize(("limit", "expected"), [(4, [0, 1, 2, 3]), (3, [0, 1, 2]), (1, [0])])
def test_the_rows_are_capped(store: Store, limit: int, expected: Sequence[int]) -> None:
    _transfers(store, (0, 1, 1), (0, 1, 2), (1, 2, 3), (1, 2, 4))
    page = read(store).trace(TraceQuery(0, "TRANSFERRED", 0, limit=limit))
    assert page.rows["eid"].to_pylist() == expected
    assert page.truncated == (limit < 4)
    assert page.total == limit


def test_only_events_can_be_followed(store: Store) -> None:
    _transfers(store, (0, 1, 1))
    assert read(store).trace(_out(99)).total == 0
    for kind in ("CALLED", "HOLDS", "NOTHING"):
        with pytest.raises(BadInput):
            read(store).trace(TraceQuery(0, kind, 0))
