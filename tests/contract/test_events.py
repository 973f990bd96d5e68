"""Events: written once, for ever."""

from __future__ import annotations

import pytest

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import AsOf, Store
from tests.contract.deliveries import add_edges, add_sums, batch, column, ids, nodes, read, sums
from tests.contract.deliveries import transfers as rows_of


def test_parallel_transfers_and_one_to_oneself_are_all_kept(store: Store) -> None:
    a, b = nodes(store, "Account", ["a", "b"])
    rows = rows_of([a, a, b, b], [b, b, b, a], [1, 2, 3, 4], [10, 10, 11, 12])
    assert add_edges(store, "TRANSFERRED", rows).loaded == 4
    found = read(store).get_edges(ids(0, 1, 2, 3))["TRANSFERRED"]
    assert column(found, "src") == [a, a, b, b]
    assert column(found, "serial") == ["S1", "S2", "S3", "S4"]
    assert read(store).counts()["TRANSFERRED"] == 4


def test_a_differing_event_is_a_conflict_and_is_not_written(store: Store) -> None:
    a, b = nodes(store, "Account", ["a", "b"])
    add_edges(store, "TRANSFERRED", rows_of([a, b], [b, a], [1, 2], [10, 20], [100, 200], [5, 6]))
    version = read(store).version()
    again = rows_of([a, a, b], [b, b, a], [3, 1, 2], [30, 10, 20], [300, 999, 200], [7, 50, 6])
    result = add_edges(store, "TRANSFERRED", again, batch(2_000))
    assert (result.loaded, result.unchanged, result.conflicts.tolist()) == (1, 1, [1])
    found = read(store).get_edges(ids(0, 1, 2))["TRANSFERRED"]
    assert column(found, "amount") == [100, 200, 300]
    assert read(store).version() == version + 1
    conflict_only = again.take([1])
    assert add_edges(store, "TRANSFERRED", conflict_only).conflicts.tolist() == [0]
    assert read(store).version() == version + 1


def test_loading_twice_in_another_order_changes_nothing(store: Store) -> None:
    a, b = nodes(store, "Account", ["a", "b"])
    rows = rows_of([a] * 1000, [b] * 1000, list(range(1000)), list(range(1000)))
    add_edges(store, "TRANSFERRED", rows)
    version = read(store).version()
    result = add_edges(store, "TRANSFERRED", rows.take(list(range(999, -1, -1))), batch(9_000))
    assert (result.loaded, result.unchanged, len(result.conflicts)) == (0, 1000, 0)
    assert read(store).version() == version


def test_what_was_learnt_later_is_hidden_from_earlier_knowledge(store: Store) -> None:
    a, b = nodes(store, "Account", ["a", "b"])
    add_edges(store, "TRANSFERRED", rows_of([a], [b], [1], [10]), batch(1_000))
    add_edges(store, "TRANSFERRED", rows_of([a], [b], [2], [5]), batch(2_000))
    then = read(store).get_edges(ids(0, 1), AsOf(known_at=1_999))["TRANSFERRED"]
    assert column(then, "eid") == [0]
    anytime = read(store).get_edges(ids(0, 1), AsOf(valid_at=0))["TRANSFERRED"]
    assert column(anytime, "eid") == [0, 1]


def test_sums_grow_and_keep_their_eid(store: Store) -> None:
    a, b, c = nodes(store, "Phone", ["a", "b", "c"])
    assert add_sums(store, "CALLED", sums([a, b], [b, a], [2, 1], [50, 60], [70, 60])) == 2
    version = read(store).version()
    more = sums([c, a], [a, b], [4, 3], [10, 20], [10, 60])
    assert add_sums(store, "CALLED", more, batch(2_000)) == 2
    assert read(store).version() == version + 1
    found = read(store).get_edges(ids(0, 1, 2))["CALLED"].to_pylist()
    assert found[0] == {
        "eid": 0,
        "src": a,
        "dst": b,
        "batch_id": 2,
        "row": None,
        "count": 5,
        "seconds": 50,
        "first": 20,
        "last": 70,
        "days": 2,
    }
    assert [(row["src"], row["dst"], row["count"]) for row in found[1:]] == [(b, a, 1), (c, a, 4)]
    assert read(store).counts()["CALLED"] == 3
    assert add_sums(store, "CALLED", sums([], [], [])) == 0


def test_sums_and_events_do_not_share_a_door(store: Store) -> None:
    a, b = nodes(store, "Account", ["a", "b"])
    with pytest.raises(BadInput):
        add_edges(store, "CALLED", rows_of([a], [b], [1], [10]))
    with pytest.raises(BadInput):
        add_sums(store, "TRANSFERRED", sums([a], [b], [1]))
