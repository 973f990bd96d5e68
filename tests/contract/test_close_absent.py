"""What a full delivery no longer names has ended: closed, not forgotten."""

from __future__ import annotations

import numpy as np
import pytest

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.core.errors import BadInput
from graphrisk.store.contract import AsOf, NeighbourQuery, Store
from tests.contract.deliveries import (
    add_edges,
    add_nodes,
    assertions,
    batch,
    column,
    ids,
    listed,
    nodes,
    read,
    states,
    write,
)


def _close(store: Store, kind: str, akeys: list[int], known_at: int, source: str = "phones") -> int:
    info = batch(known_at, source)
    return write(store, lambda w: w.close_absent(kind, source, ids(*akeys), info))


def test_a_state_missing_from_the_delivery_ends_when_that_is_learnt(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a", "b"]), nodes(store, "Phone", ["1", "2"])
    add_edges(store, "OWNS_PHONE", states(people, phones, [1, 2], [7, 8]), batch(1_000, "phones"))
    assert _close(store, "OWNS_PHONE", [1], 2_000) == 1
    assert column(read(store).get_edges(ids(0, 1))["OWNS_PHONE"], "eid") == [0]
    assert read(store).counts()["OWNS_PHONE"] == 1
    assert read(store).neighbours(NeighbourQuery(phones[1], "OWNS_PHONE", "in")).total == 0
    held = read(store).get_edges(ids(1), AsOf(valid_at=1_999))["OWNS_PHONE"].to_pylist()[0]
    assert (held["valid_from"], held["valid_to"]) == (BEGIN, 2_000)
    assert (held["known_from"], held["known_to"]) == (2_000, OPEN)
    believed = read(store).get_edges(ids(1), AsOf(valid_at=5_000, known_at=1_999))
    assert column(believed["OWNS_PHONE"], "valid_to") == [OPEN]


def test_a_source_is_known_by_the_kinds_of_states_that_it_ever_asserted(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a"]), nodes(store, "Phone", ["1"])
    add_edges(store, "OWNS_PHONE", states(people, phones, [1]), batch(1_000, "phones"))
    add_nodes(store, "Phone", assertions(phones, [2]), batch(1_000, "phones"))
    add_nodes(store, "Person", assertions(people, [3]), batch(1_000, "people"))
    assert _close(store, "OWNS_PHONE", [], 2_000) == 1
    with store.writer("test") as writer:
        assert writer.stated_kinds("phones") == ["OWNS_PHONE", "Phone"]
        assert writer.stated_kinds("people") == ["Person"]
        assert writer.stated_kinds("nobody") == []


def test_closing_again_changes_nothing(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a", "b"]), nodes(store, "Phone", ["1", "2"])
    add_edges(store, "OWNS_PHONE", states(people, phones, [1, 2]), batch(1_000, "phones"))
    _close(store, "OWNS_PHONE", [], 2_000)
    version = read(store).version()
    assert _close(store, "OWNS_PHONE", [], 3_000) == 0
    assert _close(store, "OWNS_PHONE", [1, 2], 4_000) == 0
    assert read(store).version() == version


def test_what_comes_back_lives_again_under_its_eid(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a"]), nodes(store, "Phone", ["1"])
    rows = states(people, phones, [1], [7])
    add_edges(store, "OWNS_PHONE", rows, batch(1_000, "phones"))
    _close(store, "OWNS_PHONE", [], 2_000)
    assert add_edges(store, "OWNS_PHONE", rows, batch(3_000, "phones")).loaded == 1
    now = read(store).get_edges(ids(0))["OWNS_PHONE"].to_pylist()
    assert [(row["valid_to"], row["known_from"]) for row in now] == [(OPEN, 3_000)]
    absent = read(store).get_edges(ids(0), AsOf(valid_at=2_500, known_at=2_500))
    assert absent == {}
    versions = listed(read(store).export_edges("OWNS_PHONE", 0, 99))
    assert [(v["vid"], v["known_from"], v["known_to"]) for v in versions] == [
        (0, 1_000, 2_000),
        (1, 2_000, 3_000),
        (2, 3_000, OPEN),
    ]


def test_other_sources_and_kinds_stay(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a"]), nodes(store, "Phone", ["1"])
    accounts = nodes(store, "Account", ["x"])
    add_edges(store, "OWNS_PHONE", states(people, phones, [1]), batch(1_000, "phones"))
    add_edges(store, "OWNS_PHONE", states(people, phones, [2]), batch(1_000, "survey"))
    add_edges(store, "HOLDS", states(people, accounts, [3]), batch(1_000, "phones"))
    assert _close(store, "OWNS_PHONE", [], 2_000) == 1
    assert column(read(store).get_edges(ids(0, 1, 2))["OWNS_PHONE"], "eid") == [1]
    assert read(store).counts()["HOLDS"] == 1


def test_a_known_end_in_the_past_stays_and_one_in_the_future_is_cut(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a", "b"]), nodes(store, "Phone", ["1", "2"])
    info = batch(1_000, "phones")
    add_edges(store, "OWNS_PHONE", states(people[:1], phones[:1], [1], valid=(0, 500)), info)
    add_edges(store, "OWNS_PHONE", states(people[1:], phones[1:], [2], valid=(0, 9_000)), info)
    assert _close(store, "OWNS_PHONE", [], 2_000) == 1
    seen = AsOf(valid_at=499)
    found = read(store).get_edges(ids(0, 1), seen)["OWNS_PHONE"]
    assert column(found, "valid_to") == [500, 2_000]


def test_node_assertions_end_and_the_other_sources_remain_told(store: Store) -> None:
    nids = nodes(store, "Phone", ["1", "2"])
    register = assertions(nids, [1, 2], operator=["移动", "联通"], opened_at=[5, 6])
    add_nodes(store, "Phone", register, batch(1_000, "phones"))
    add_nodes(store, "Phone", assertions(nids[1:], [3], operator=["电信"]), batch(500, "survey"))
    assert _close(store, "Phone", [1], 2_000) == 1
    rows = read(store).get_nodes(ids(0, 1))["Phone"]
    assert column(rows, "operator") == ["移动", "电信"]
    assert column(rows, "opened_at") == [5, None]
    assert read(store).counts()["Phone"] == 2


def test_a_full_delivery_minus_ten_of_many(store: Store) -> None:
    count = 5_000
    people = nodes(store, "Person", [f"p{n}" for n in range(count)])
    phones = nodes(store, "Phone", [f"{n}" for n in range(count)])
    akeys = np.random.default_rng(3).permutation(count) - 2_000
    add_edges(store, "OWNS_PHONE", states(people, phones, akeys), batch(1_000, "phones"))
    since = read(store).version()
    gone = set(range(100, 110))
    kept = np.sort([akey for place, akey in enumerate(akeys.tolist()) if place not in gone])
    assert _close(store, "OWNS_PHONE", kept.tolist(), 2_000) == 10
    changed = listed(read(store).export_edges("OWNS_PHONE", since, since + 1))
    assert len(changed) == 20
    assert {row["eid"] for row in changed} == gone
    assert read(store).counts()["OWNS_PHONE"] == count - 10
    before = AsOf(valid_at=1_500, known_at=1_500)
    assert read(store).get_edges(np.arange(count), before)["OWNS_PHONE"].num_rows == count


def test_events_and_sums_never_end(store: Store) -> None:
    for kind in ("TRANSFERRED", "CALLED"):
        with pytest.raises(BadInput):
            _close(store, kind, [], 2_000)
