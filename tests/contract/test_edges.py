"""States: assertions that hold for a while, with valid and known time."""

from __future__ import annotations

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.contract import AsOf, Store
from tests.contract.deliveries import (
    add_edges,
    batch,
    column,
    ids,
    nodes,
    read,
    states,
)


def _people_and_phones(store: Store) -> tuple[list[int], list[int]]:
    return nodes(store, "Person", ["a", "b", "c"]), nodes(store, "Phone", ["1", "2", "3"])


def test_a_state_comes_back_with_its_times_and_provenance(store: Store) -> None:
    people, phones = _people_and_phones(store)
    rows = states(people[:2], phones[:2], [5, 3], valid=(100, OPEN))
    assert add_edges(store, "OWNS_PHONE", rows).loaded == 2
    assert read(store).get_edges(ids(1, 0, 99))["OWNS_PHONE"].to_pylist()[0] == {
        "eid": 0,
        "src": people[0],
        "dst": phones[0],
        "valid_from": 100,
        "valid_to": OPEN,
        "known_from": 1_000,
        "known_to": OPEN,
        "batch_id": 1,
        "row": 0,
    }
    assert read(store).get_edges(ids(99)) == {}
    assert read(store).get_edges(ids()) == {}


def test_loading_twice_in_another_order_changes_nothing(store: Store) -> None:
    people, phones = _people_and_phones(store)
    rows = states(people, phones, [5, 3, 4], [7, 8, 9])
    add_edges(store, "OWNS_PHONE", rows)
    version = read(store).version()
    result = add_edges(store, "OWNS_PHONE", rows.take([2, 1, 0]), batch(9_000))
    assert (result.loaded, result.unchanged) == (0, 3)
    assert read(store).version() == version
    assert read(store).batches(ids(2)).num_rows == 0


def test_a_correction_keeps_the_eid_and_the_old_version(store: Store) -> None:
    people, phones = _people_and_phones(store)
    add_edges(store, "OWNS_PHONE", states(people[:2], phones[:2], [1, 2], [10, 20]))
    corrected = states([people[2], people[1]], phones[:2], [1, 2], [11, 20])
    result = add_edges(store, "OWNS_PHONE", corrected, batch(2_000))
    assert (result.loaded, result.unchanged) == (1, 1)
    now = read(store).get_edges(ids(0, 1))["OWNS_PHONE"]
    assert column(now, "src") == [people[2], people[1]]
    assert column(now, "known_from") == [2_000, 1_000]
    then = read(store).get_edges(ids(0, 1), AsOf(known_at=1_999))["OWNS_PHONE"]
    assert column(then, "src") == people[:2]
    assert column(then, "known_to") == [2_000, OPEN]
    assert read(store).get_edges(ids(0), AsOf(known_at=999)) == {}
    assert read(store).counts()["OWNS_PHONE"] == 2


def test_validity_is_half_open_and_begin_means_since_ever(store: Store) -> None:
    people, phones = _people_and_phones(store)
    add_edges(store, "OWNS_PHONE", states(people[:1], phones[:1], [1], valid=(BEGIN, 500)))
    add_edges(store, "OWNS_PHONE", states(people[1:2], phones[1:2], [2], valid=(500, OPEN)))

    def seen(at: int) -> list[object]:
        found = read(store).get_edges(ids(0, 1), AsOf(valid_at=at))
        return column(found["OWNS_PHONE"], "eid")

    assert [seen(-(10**15)), seen(499), seen(500), seen(10**15)] == [[0], [0], [1], [1]]


def test_now_is_the_latest_time_the_store_knows_of(store: Store) -> None:
    people, phones = _people_and_phones(store)
    add_edges(store, "OWNS_PHONE", states(people[:1], phones[:1], [1], valid=(BEGIN, 3_000)))
    add_edges(store, "OWNS_PHONE", states(people[1:2], phones[1:2], [2], valid=(2_500, OPEN)))
    assert column(read(store).get_edges(ids(0, 1))["OWNS_PHONE"], "eid") == [0]
    add_edges(store, "HOLDS", states(people[:1], nodes(store, "Account", ["x"]), [3]), batch(3_000))
    assert column(read(store).get_edges(ids(0, 1))["OWNS_PHONE"], "eid") == [1]


def test_an_edge_without_direction_keeps_the_ends_it_was_told(store: Store) -> None:
    people, _ = _people_and_phones(store)
    rows = states([people[1], people[0]], [people[0], people[0]], [1, 2], relation=["kin", None])
    add_edges(store, "ASSOCIATED_WITH", rows.append_column("weight", [[0.5, None]]))
    found = read(store).get_edges(ids(0, 1))["ASSOCIATED_WITH"]
    assert column(found, "src") == [people[1], people[0]]
    assert column(found, "dst") == [people[0], people[0]]
    assert column(found, "relation") == ["kin", None]
    assert column(found, "weight") == [0.5, None]


def test_edges_of_several_kinds_are_told_apart(store: Store) -> None:
    people, phones = _people_and_phones(store)
    add_edges(store, "OWNS_PHONE", states(people[:1], phones[:1], [1]))
    add_edges(store, "HOLDS", states(people[:1], nodes(store, "Account", ["x"]), [1]))
    found = read(store).get_edges(ids(0, 1))
    assert {kind: column(rows, "eid") for kind, rows in found.items()} == {
        "OWNS_PHONE": [0],
        "HOLDS": [1],
    }
