"""Shortest chains: direction does not matter, the answer is the same on every engine."""

from __future__ import annotations

import pytest

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Path, Store
from tests.contract.deliveries import (
    add_edges,
    add_sums,
    batch,
    ids,
    nodes,
    read,
    states,
    sums,
    transfers,
    write,
)

KINDS = ["HOLDS", "TRANSFERRED", "OWNS_PHONE", "CALLED"]


def test_a_chain_runs_against_and_along_edges_of_several_kinds(store: Store) -> None:
    a, b = nodes(store, "Person", ["a", "b"])
    x, y = nodes(store, "Account", ["x", "y"])
    add_edges(store, "HOLDS", states([a, b], [x, y], [1, 2]))
    add_edges(store, "TRANSFERRED", transfers([y], [x], [1], [5]))
    expected = Path((a, x, y, b), (0, 2, 1), ("HOLDS", "TRANSFERRED", "HOLDS"))
    assert read(store).shortest_path(a, b, KINDS) == expected
    assert read(store).shortest_path(a, b, KINDS, max_hops=3) == expected
    assert read(store).shortest_path(a, b, KINDS, max_hops=2) is None
    assert read(store).shortest_path(a, b, ["HOLDS"]) is None
    assert read(store).shortest_path(a, b, []) is None


def test_of_equally_short_chains_the_smallest_nids_then_eids_win(store: Store) -> None:
    n = nodes(store, "Account", [str(i) for i in range(8)])
    # 0-5-1-7 and 0-2-6-7 and 0-5-6-7: the first step decides, then the second.
    src = [0, 5, 1, 0, 2, 6, 5, 2, 0]
    dst = [5, 1, 7, 2, 6, 7, 6, 0, 2]
    rows = transfers([n[i] for i in src], [n[i] for i in dst], list(range(9)), [1] * 9)
    add_edges(store, "TRANSFERRED", rows)
    found = read(store).shortest_path(n[0], n[7], ["TRANSFERRED"])
    assert found == Path((0, 2, 6, 7), (3, 4, 5), ("TRANSFERRED",) * 3)
    back = read(store).shortest_path(n[7], n[0], ["TRANSFERRED"])
    assert back is not None
    assert back.nids == (7, 1, 5, 0)


def test_the_smallest_eid_of_all_kinds_joins_two_nodes(store: Store) -> None:
    a, b = nodes(store, "Phone", ["a", "b"])
    add_edges(store, "ASSOCIATED_WITH", states([b], [a], [1], relation=["kin"], weight=[1.0]))
    add_sums(store, "CALLED", sums([a], [b], [1]))
    found = read(store).shortest_path(a, b, ["CALLED", "ASSOCIATED_WITH"])
    assert found == Path((a, b), (0,), ("ASSOCIATED_WITH",))


def test_a_node_reaches_itself_and_unknown_ones_are_not_reached(store: Store) -> None:
    a, b = nodes(store, "Phone", ["a", "b"])
    assert read(store).shortest_path(a, a, KINDS) == Path((a,), (), ())
    assert read(store).shortest_path(a, b, KINDS) is None
    assert read(store).shortest_path(a, 99, KINDS) is None
    assert read(store).shortest_path(99, 99, KINDS) is None
    with pytest.raises(BadInput):
        read(store).shortest_path(a, b, ["NOTHING"])


def test_ended_states_are_no_way(store: Store) -> None:
    a, b = nodes(store, "Person", ["a", "b"])
    phone = nodes(store, "Phone", ["1"])[0]
    add_edges(store, "OWNS_PHONE", states([a, b], [phone, phone], [1, 2]), batch(1_000, "p"))
    assert read(store).shortest_path(a, b, KINDS) is not None
    write(store, lambda w: w.close_absent("OWNS_PHONE", "p", ids(1), batch(2_000, "p")))
    assert read(store).shortest_path(a, b, KINDS) is None


@pytest.mark.parametrize("length", [1, 2, 5, 6])
def test_a_long_line_is_walked_up_to_the_limit(store: Store, length: int) -> None:
    n = nodes(store, "Phone", [str(i) for i in range(length + 1)])
    add_sums(store, "CALLED", sums(n[:-1], n[1:], [1] * length))
    found = read(store).shortest_path(n[0], n[-1], ["CALLED"], max_hops=length)
    assert found is not None
    assert found.nids == tuple(n)
    assert read(store).shortest_path(n[0], n[-1], ["CALLED"], max_hops=length - 1) is None
