"""One step from a node: counts first, then pages in eid order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import AsOf, Direction, NeighbourQuery, Store
from tests.contract.deliveries import (
    add_edges,
    add_sums,
    batch,
    column,
    ids,
    nodes,
    read,
    states,
    sums,
    transfers,
    write,
)


def test_counts_name_kind_and_direction(store: Store) -> None:
    people, accounts = nodes(store, "Person", ["a"]), nodes(store, "Account", ["x", "y"])
    add_edges(store, "HOLDS", states(people, accounts[:1], [1]))
    x, y = accounts
    add_edges(store, "TRANSFERRED", transfers([x, x, y, x], [y, y, x, x], [1, 2, 3, 4], [1] * 4))
    assert read(store).neighbour_counts(x).to_pylist() == [
        {"edge_kind": "HOLDS", "direction": "in", "count": 1},
        {"edge_kind": "TRANSFERRED", "direction": "in", "count": 2},
        {"edge_kind": "TRANSFERRED", "direction": "out", "count": 3},
    ]
    assert read(store).neighbour_counts(people[0]).num_rows == 1
    assert read(store).neighbour_counts(999).num_rows == 0


def test_counts_and_neighbours_follow_the_moment_asked_for(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a", "b"]), nodes(store, "Phone", ["1", "2"])
    rows = states([people[0], people[0]], phones, [1, 2])
    add_edges(store, "OWNS_PHONE", rows, batch(1_000, "phones"))
    closing = batch(2_000, "phones")
    write(store, lambda w: w.close_absent("OWNS_PHONE", "phones", ids(1), closing))
    query = NeighbourQuery(people[0], "OWNS_PHONE", "out")
    for as_of, expected in (
        (AsOf(), [0]),
        (AsOf(valid_at=1_999), [0, 1]),
        (AsOf(known_at=1_999), [0, 1]),
        (AsOf(known_at=999), []),
    ):
        page = read(store).neighbours(query, as_of)
        assert column(page.rows, "eid") == expected
        assert page.total == len(expected)
        counted = read(store).neighbour_counts(people[0], as_of)
        assert column(counted, "count") == ([len(expected)] if expected else [])


def test_pages_continue_after_an_eid_and_the_total_stays(store: Store) -> None:
    x, y = nodes(store, "Account", ["x", "y"])
    at = np.random.default_rng(2).permutation(25)
    add_edges(store, "TRANSFERRED", transfers([x] * 25, [y] * 25, list(range(25)), at))
    seen: list[object] = []
    after, more = -1, True
    while more:
        query = NeighbourQuery(y, "TRANSFERRED", "in", after_eid=after, limit=10)
        page = read(store).neighbours(query)
        seen += column(page.rows, "eid")
        after, more = int(page.rows["eid"][-1].as_py()), page.truncated
        assert page.total == 25
    assert seen == list(range(25))
    exactly = read(store).neighbours(NeighbourQuery(y, "TRANSFERRED", "in", limit=25))
    assert not exactly.truncated


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(None, None, [0, 1, 2]), (20, None, [1, 2]), (None, 20, [0]), (10, 30, [0, 1]), (31, 31, [])],
)
def test_events_within_a_half_open_window(
    store: Store, since: int | None, until: int | None, expected: list[int]
) -> None:
    x, y = nodes(store, "Account", ["x", "y"])
    add_edges(store, "TRANSFERRED", transfers([x] * 3, [y] * 3, [1, 2, 3], [10, 20, 30]))
    page = read(store).neighbours(NeighbourQuery(x, "TRANSFERRED", "out", since, until))
    assert column(page.rows, "eid") == expected
    assert page.total == len(expected)


def test_sums_whose_span_meets_the_window(store: Store) -> None:
    a, b, c, d = nodes(store, "Phone", ["a", "b", "c", "d"])
    add_sums(store, "CALLED", sums([a, a, a], [b, c, d], [1, 1, 1], [10, 10, 30], [20, 29, 30]))

    def seen(since: int | None, until: int | None) -> list[object]:
        page = read(store).neighbours(NeighbourQuery(a, "CALLED", "out", since, until))
        return column(page.rows, "dst")

    assert seen(None, None) == [b, c, d]
    assert seen(21, 30) == [c]
    assert seen(30, None) == [d]
    assert seen(None, 10) == []


@pytest.mark.parametrize("direction", ["out", "in"])
def test_a_hub_is_capped_and_counted(store: Store, direction: Direction) -> None:
    count = 20_000
    hub = nodes(store, "Phone", ["hub"]) * count
    others = nodes(store, "Phone", [f"{n}" for n in range(count)])
    src, dst = (hub, others) if direction == "out" else (others, hub)
    add_sums(store, "CALLED", sums(src, dst, np.ones(count, np.int64)))
    page = read(store).neighbours(NeighbourQuery(hub[0], "CALLED", direction, limit=50))
    assert (page.rows.num_rows, page.truncated, page.total) == (50, True, count)
    assert read(store).neighbour_counts(hub[0]).to_pylist() == [
        {"edge_kind": "CALLED", "direction": direction, "count": count}
    ]


def test_a_node_that_is_not_there_has_no_neighbours(store: Store) -> None:
    page = read(store).neighbours(NeighbourQuery(7, "CALLED", "out"))
    assert (page.rows.num_rows, page.truncated, page.total) == (0, False, 0)
    with pytest.raises(BadInput):
        read(store).neighbours(NeighbourQuery(7, "NOTHING", "out"))


def test_the_total_of_a_hub_follows_every_change(store: Store) -> None:
    count = 10_000
    hub, payee = nodes(store, "Account", ["hub", "payee"])
    times = np.arange(count)
    query = NeighbourQuery(hub, "TRANSFERRED", "out", limit=3)

    def pay(first_akey: int) -> None:
        akeys = np.arange(count) + first_akey
        add_edges(store, "TRANSFERRED", transfers([hub] * count, [payee] * count, akeys, times))

    def totals() -> tuple[object, ...]:
        whole = read(store).neighbours(query).total
        late = read(store).neighbours(replace(query, since=count // 4)).total
        return whole, late, column(read(store).neighbour_counts(hub), "count")[0]

    pay(0)
    assert totals() == totals() == (count, count * 3 // 4, count)
    pay(count)
    assert totals() == (2 * count, count * 3 // 2, 2 * count)
    write(store, lambda w: w.delete(ids(payee)))
    assert read(store).neighbours(query).total == 0
