"""Erasure: a right of the person, not a correction."""

from __future__ import annotations

from graphrisk.core.clock import OPEN
from graphrisk.store.contract import AsOf, Store
from tests.contract.deliveries import (
    add_edges,
    add_nodes,
    assertions,
    batch,
    ids,
    listed,
    nodes,
    read,
    states,
    transfers,
    write,
)


def test_a_node_goes_with_its_history_edges_scores_and_terms(store: Store) -> None:
    people, accounts = nodes(store, "Person", ["a", "b"]), nodes(store, "Account", ["x", "y"])
    add_nodes(store, "Person", assertions(people, [1, 2], [1, 1], name=["曾一", "曾二"]))
    add_nodes(store, "Person", assertions(people[:1], [1], [2], name=["曾三"]), batch(2_000))
    add_edges(store, "HOLDS", states(people, accounts, [1, 2]))
    add_edges(store, "TRANSFERRED", transfers(accounts, accounts[::-1], [1, 2], [5, 6]))
    write(store, lambda w: w.write_scores("m", "r", ids(0, 1), ids(1, 2) / 2, 1))
    version = read(store).version()
    assert write(store, lambda w: w.delete(ids(0, 2, 99))) == 2
    reader = read(store)
    assert reader.version() == version + 1
    assert reader.lookup("Person", ["a", "b"]).tolist() == [-1, 1]
    assert reader.get_nodes(ids(0, 2), AsOf(valid_at=1, known_at=OPEN - 1)) == {}
    found = reader.counts()
    assert (found["Person"], found["Account"], found["HOLDS"], found["TRANSFERRED"]) == (1, 1, 1, 0)
    assert [row["name"] for row in listed(reader.export_nodes("Person", 0, 99))] == ["曾二"]
    assert reader.neighbour_counts(3).num_rows == 1
    assert reader.search("曾", ["Person"]).rows["nid"].to_pylist() == [1]
    assert reader.scores(ids(0, 1)).num_rows == 1


def test_a_nid_is_never_given_out_again(store: Store) -> None:
    a, b = nodes(store, "Account", ["a", "b"])
    rows = transfers([a], [b], [1], [5])
    add_edges(store, "TRANSFERRED", rows)
    write(store, lambda w: w.delete(ids(b)))
    assert nodes(store, "Account", ["b", "c"]) == [2, 3]
    again = transfers([a], [2], [1], [5])
    assert add_edges(store, "TRANSFERRED", again, batch(2_000)).loaded == 1
    assert listed(read(store).export_edges("TRANSFERRED", 0, 99))[0]["eid"] == 1


def test_erasing_what_is_not_there_changes_nothing(store: Store) -> None:
    nodes(store, "Person", ["a"])
    assert write(store, lambda w: w.delete(ids(5, 6))) == 0
    assert write(store, lambda w: w.delete(ids())) == 0
    write(store, lambda w: w.delete(ids(0)))
    assert write(store, lambda w: w.delete(ids(0))) == 0
    assert read(store).version() == 2


def test_erasure_is_undone_without_a_commit(store: Store) -> None:
    nodes(store, "Person", ["a"])
    with store.writer("test") as writer:
        assert writer.delete(ids(0)) == 1
    assert read(store).lookup("Person", ["a"]).tolist() == [0]
    assert read(store).export_deleted(0, 99).tolist() == []
