"""One writer at a time, all or nothing, and numbers that are the same on every engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphrisk.core.errors import BadInput, ConfigError, Conflict, StoreError
from graphrisk.store import level
from graphrisk.store.contract import Store, Writer
from tests.contract.deliveries import (
    add_edges,
    add_nodes,
    assertions,
    batch,
    column,
    ids,
    nodes,
    read,
    transfers,
    write,
)


def test_an_empty_store_has_version_0_and_counts_nothing(store: Store) -> None:
    reader = read(store)
    assert reader.version() == 0
    assert set(reader.counts().values()) == {0}
    assert {"Person", "Phone", "CALLED", "TRANSFERRED"} <= reader.counts().keys()


def test_migrating_again_keeps_identity_and_facts(
    store: Store, opener: Callable[[], Store]
) -> None:
    nodes(store, "Person", ["a"])
    again = opener()
    again.migrate()
    assert again.health().store_id == store.health().store_id
    assert read(again).counts()["Person"] == 1
    again.close()


def test_a_second_writer_is_refused_until_the_first_has_left(store: Store, other: Store) -> None:
    with store.writer("first") as first:
        first.resolve("Person", ["a"])
        with pytest.raises(Conflict, match="first"), other.writer("second"):
            pass
        with pytest.raises(Conflict), store.writer("third"):
            pass
        first.commit()
    with other.writer("second") as second:
        assert second.resolve("Person", ["a"]).tolist() == [0]


def test_nothing_is_seen_before_the_commit_and_nothing_left_without_one(store: Store) -> None:
    with store.writer("test") as writer:
        nids = writer.resolve("Account", ["a", "b"])
        writer.upsert_edges("TRANSFERRED", transfers(nids[:1], nids[1:], [7], [5]), batch())
        writer.add_parts("calls", ["2024/01.parquet"])
        assert read(store).version() == 0
        assert read(store).counts()["Account"] == 0
    assert read(store).version() == 0
    with store.writer("test") as writer:
        assert writer.parts("calls") == []
        assert writer.resolve("Account", ["z"]).tolist() == [0]


def test_an_error_rolls_back(store: Store) -> None:
    def fall_over(writer: Writer) -> None:
        writer.resolve("Person", ["a"])
        raise RuntimeError("the loader fell over")

    with pytest.raises(RuntimeError, match="loader"):
        write(store, fall_over)
    assert read(store).counts()["Person"] == 0


def test_each_commit_that_changes_something_takes_one_sequence(store: Store) -> None:
    with store.writer("test") as writer:
        nids = writer.resolve("Person", ["a", "b"])
        writer.upsert_nodes("Person", assertions(nids, [1, 2], name=["甲", "乙"]), batch())
        writer.commit()
        assert read(store).version() == 1
        writer.commit()
        writer.resolve("Person", ["b", "a"])
        writer.upsert_nodes("Person", assertions(nids, [1, 2], name=["甲", "乙"]), batch())
        writer.commit()
        assert read(store).version() == 1
        writer.resolve("Person", ["c"])
        writer.commit()
    assert read(store).version() == 2


def test_each_version_has_a_stamp_by_which_its_history_is_known(store: Store) -> None:
    assert read(store).stamp(0) == 0
    nodes(store, "Account", ["a"])
    first = read(store).stamp(1)
    nodes(store, "Account", ["b"])
    nodes(store, "Account", ["b"])
    assert read(store).version() == 2
    assert read(store).stamp(1) == first
    assert len({0, first, read(store).stamp(2)}) == 3
    assert read(store).stamp(3) == 0
    store_id = store.health().store_id
    assert store.passed(store_id, 1, first)
    assert store.passed(store_id, 0, 0)
    assert not store.passed(store_id, 2, first)
    assert not store.passed(store_id, 3, first)
    assert not store.passed(store_id, 3, 0)
    assert not store.passed(store_id, -1, 0)
    assert not store.passed("another", 1, first)


def test_numbers_are_dense_from_0_in_row_order_and_batches_from_1(store: Store) -> None:
    assert nodes(store, "Account", ["x", "y", "x", "z"]) == [0, 1, 0, 2]
    assert nodes(store, "Phone", ["x"]) == [3]
    rows = transfers([2, 0], [0, 1], [9, 4], [1, 2])
    add_edges(store, "TRANSFERRED", rows)
    found = read(store).get_edges(ids(0, 1))["TRANSFERRED"].to_pylist()
    assert [(row["eid"], row["src"], row["batch_id"], row["row"]) for row in found] == [
        (0, 2, 1, 0),
        (1, 0, 1, 1),
    ]


def test_a_transaction_that_changes_nothing_takes_no_number(store: Store) -> None:
    nids = nodes(store, "Account", ["a", "b"])
    rows = transfers(nids[:1], nids[1:], [1], [5])
    add_edges(store, "TRANSFERRED", rows)
    add_edges(store, "TRANSFERRED", rows, batch(known_at=2_000))
    add_edges(store, "TRANSFERRED", transfers(nids[:1], nids[1:], [2], [6]), batch(3_000))
    found = read(store).batches(ids(*range(10))).to_pylist()
    assert [(row["batch_id"], row["known_at"]) for row in found] == [(1, 1_000), (2, 3_000)]
    assert column(read(store).get_edges(ids(*range(10)))["TRANSFERRED"], "eid") == [
        0,
        1,
    ]
    assert read(store).version() == 3


def test_the_provenance_of_a_row_leads_to_its_file(store: Store) -> None:
    nids = nodes(store, "Person", ["a"])
    add_nodes(store, "Person", assertions(nids, [1], name=["甲"]), batch(5_000, "persons"))
    row = read(store).batches(ids(1)).to_pylist()[0]
    assert row == {
        "batch_id": 1,
        "source": "persons",
        "delivery": "sha256-persons-5000",
        "file": "persons.csv",
        "mode": "full",
        "known_at": 5_000,
    }
    assert read(store).batches(ids()).num_rows == 0


def test_a_load_remembers_its_files_and_how_far_it_got(store: Store) -> None:
    with store.writer("test") as writer:
        writer.add_parts("calls", ["b.parquet", "a.parquet"])
        writer.add_parts("calls", ["a.parquet", "c.parquet"])
        writer.add_parts("transfers", ["t.parquet"])
        writer.set_progress("calls", "sha256-1", 50_000)
        writer.set_progress("calls", "sha256-1", 100_000)
        writer.set_progress("calls", "sha256-2", 10)
        writer.commit()
    with store.writer("test") as writer:
        assert writer.parts("calls") == ["b.parquet", "a.parquet", "c.parquet"]
        assert read(store).parts("calls") == writer.parts("calls")
        assert read(store).parts("others") == []
        assert writer.progress("calls", "sha256-1") == 100_000
        writer.set_progress("calls", "sha256-1", 0)
        writer.commit()
        assert [writer.progress("calls", f"sha256-{n}") for n in (1, 2, 3)] == [0, 10, 0]
        assert writer.progress("transfers", "sha256-2") == 0


def test_progress_is_disturbed_by_a_later_batch_of_the_same_source_alone(store: Store) -> None:
    with store.writer("test") as writer:
        nids = writer.resolve("Person", ["a", "b"])
        writer.upsert_nodes("Person", assertions(nids[:1], [1]), batch(1_000))
        writer.set_progress("register", "january", 7)
        writer.upsert_nodes("Person", assertions(nids[1:], [2]), batch(1_000, "others"))
        writer.commit()
        assert writer.progress("register", "january", undisturbed=True) == 7
        writer.upsert_nodes("Person", assertions(nids[:1], [1], [9]), batch(2_000))
        assert writer.progress("register", "january", undisturbed=True) == 0
        assert writer.progress("register", "january") == 7


@pytest.mark.parametrize("kind", ["Nobody", "Person`) DETACH DELETE (n", 'Person"; DROP TABLE'])
def test_a_kind_outside_the_vocabulary_is_refused(store: Store, kind: str) -> None:
    with pytest.raises(BadInput):
        write(store, lambda w: w.resolve(kind, ["a"]))
    with pytest.raises(BadInput):
        read(store).lookup(kind, ["a"])
    with pytest.raises(BadInput):
        list(read(store).export_edges(kind, 0, 1))


def test_a_store_that_another_version_wrote_otherwise_is_refused(
    store: Store, opener: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.health().schema_level == level.LEVEL
    other = opener()
    monkeypatch.setattr(level, "LEVEL", level.LEVEL + 1)
    with pytest.raises(StoreError, match="load the sources into a new store"):
        other.migrate()
    other.close()


def test_a_store_of_a_newer_release_is_refused_and_left_as_it_is(
    store: Store, opener: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes(store, "Person", ["a"])
    newer = store.health().schema_level
    monkeypatch.setattr(level, "LEVEL", newer - 1)
    earlier = opener()
    with pytest.raises(ConfigError, match=f"newer release .*level {newer}, this one"):
        earlier.migrate()
    assert earlier.health().schema_level == newer
    assert read(earlier).counts()["Person"] == 1
    earlier.close()


def test_health_names_engine_and_identity(store: Store, engine: str) -> None:
    health = store.health()
    assert health.engine.startswith(engine)
    assert len(health.store_id) == 36
    assert health.version == 0
    assert health.engine_version[0].isdigit()
