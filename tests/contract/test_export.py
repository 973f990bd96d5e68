"""Columns out: since a sequence, up to a watermark, in order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.columns import KEY_EXPORT, edge_export_schema, node_export_schema
from graphrisk.store.contract import Store
from tests.contract.deliveries import (
    add_edges,
    add_nodes,
    add_sums,
    assertions,
    batch,
    ids,
    listed,
    nodes,
    read,
    states,
    sums,
    transfers,
    write,
)


def test_everything_comes_in_the_declared_columns(store: Store) -> None:
    people, accounts = nodes(store, "Person", ["a"]), nodes(store, "Account", ["x", "y"])
    add_nodes(store, "Person", assertions(people, [1], name=["甲"], birth_year=[1990]))
    add_edges(store, "HOLDS", states(people, accounts[:1], [1], valid=(5, OPEN)))
    add_edges(store, "TRANSFERRED", transfers(accounts[:1], accounts[1:], [1], [7], [8]))
    reader, end = read(store), read(store).version()
    for batches, schema in (
        (reader.export_nodes("Person", 0, end), node_export_schema("Person")),
        (reader.export_keys("Person", 0, end), KEY_EXPORT),
        (reader.export_edges("HOLDS", 0, end), edge_export_schema("HOLDS")),
        (reader.export_edges("TRANSFERRED", 0, end), edge_export_schema("TRANSFERRED")),
    ):
        rows = pa.Table.from_batches(batches)
        assert rows.schema == schema
        assert rows.num_rows == 1
    assert listed(reader.export_nodes("Person", 0, end))[0] == {
        "vid": 0,
        "nid": people[0],
        "source": "register",
        "valid_from": BEGIN,
        "valid_to": OPEN,
        "known_from": 1_000,
        "known_to": OPEN,
        "changed_seq": 3,
        "name": "甲",
        "birth_year": 1990,
        "id_token": None,
        "id_halves": None,
        "id_cipher": None,
    }
    assert listed(reader.export_edges("TRANSFERRED", 0, end))[0] == {
        "vid": 1,
        "eid": 1,
        "src": accounts[0],
        "dst": accounts[1],
        "changed_seq": 5,
        "at": 7,
        "amount": 8,
        "serial": "S1",
    }
    assert listed(reader.export_edges("CALLED", 0, end)) == []


def test_only_what_changed_between_two_sequences_comes(store: Store) -> None:
    a, b, c = nodes(store, "Phone", ["a", "b", "c"])
    add_sums(store, "CALLED", sums([a, b], [b, a], [1, 1]))
    middle = read(store).version()
    nodes(store, "Phone", ["d"])
    add_sums(store, "CALLED", sums([b, a], [a, c], [5, 5]))
    reader, end = read(store), read(store).version()
    first = listed(reader.export_edges("CALLED", 0, middle))
    assert [(row["eid"], row["count"]) for row in first] == [(0, 1)]
    delta = listed(reader.export_edges("CALLED", middle, end))
    assert [(row["eid"], row["count"]) for row in delta] == [(1, 6), (2, 5)]
    assert [row["key"] for row in listed(reader.export_keys("Phone", middle, end))] == ["d"]
    assert [row["key"] for row in listed(reader.export_keys("Phone", 0, 1))] == ["a", "b", "c"]
    assert listed(reader.export_edges("CALLED", end, end)) == []


def test_a_closed_version_comes_again_with_its_end(store: Store) -> None:
    people, phones = nodes(store, "Person", ["a", "b"]), nodes(store, "Phone", ["1", "2"])
    add_edges(store, "OWNS_PHONE", states(people, phones, [1, 2], [5, 6]))
    add_nodes(store, "Person", assertions(people, [1, 2], [5, 6], name=["甲", "乙"]))
    since = read(store).version()
    add_edges(store, "OWNS_PHONE", states(people[1:], phones[1:], [2], [7]), batch(2_000))
    add_nodes(store, "Person", assertions(people[:1], [1], [7], name=["丙"]), batch(3_000))
    reader, end = read(store), read(store).version()
    edges = listed(reader.export_edges("OWNS_PHONE", since, end))
    assert [(row["eid"], row["known_from"], row["known_to"]) for row in edges] == [
        (1, 1_000, 2_000),
        (1, 2_000, OPEN),
    ]
    facts = listed(reader.export_nodes("Person", since, end))
    assert [(row["name"], row["known_to"]) for row in facts] == [("甲", 3_000), ("丙", OPEN)]
    assert [row["vid"] for row in facts] == sorted({row["vid"] for row in facts})  # type: ignore[type-var]  # vids are integers


def test_erased_nodes_are_named_and_gone(store: Store) -> None:
    n = nodes(store, "Phone", ["a", "b", "c", "d"])
    add_sums(store, "CALLED", sums(n[:3], n[1:], [1, 1, 1]))
    assert read(store).export_deleted(0, 99).tolist() == []
    write(store, lambda w: w.delete(ids(n[3], n[1])))
    since = read(store).version()
    write(store, lambda w: w.delete(ids(n[0])))
    reader = read(store)
    assert reader.export_deleted(0, 99).tolist() == [n[0], n[1], n[3]]
    assert reader.export_deleted(0, since).tolist() == [n[1], n[3]]
    assert reader.export_deleted(since, since + 1).tolist() == [n[0]]
    assert [row["nid"] for row in listed(reader.export_keys("Phone", 0, 99))] == [n[2]]
    assert listed(reader.export_edges("CALLED", 0, 99)) == []


def test_a_long_export_is_complete_and_in_order(store: Store) -> None:
    count = 120_000
    n = np.array(nodes(store, "Account", [f"{i}" for i in range(1_000)]))
    draw = np.random.default_rng(5)
    src, dst, at = (n[draw.integers(0, 1_000, count)] for _ in range(3))
    for part in np.array_split(np.arange(count), 3):
        add_edges(store, "TRANSFERRED", transfers(src[part], dst[part], part, at[part], part))
    reader, end = read(store), read(store).version()
    rows = pa.Table.from_batches(reader.export_edges("TRANSFERRED", 0, end))
    assert (rows["eid"].to_numpy() == np.arange(count)).all()
    assert (rows["src"].to_numpy() == src).all()
    assert (rows["dst"].to_numpy() == dst).all()
    assert (rows["amount"].to_numpy() == np.arange(count)).all()
    last = pa.Table.from_batches(reader.export_edges("TRANSFERRED", end - 1, end))
    assert (last["eid"].to_numpy() == np.arange(count * 2 // 3, count)).all()
