"""A refresh reads what changed and shows what holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from graphrisk.store.contract import DeliveryMode, Store
from tests.contract.deliveries import (
    add_edges,
    add_nodes,
    add_sums,
    assertions,
    batch,
    ids,
    nodes,
    states,
    sums,
    transfers,
    write,
)
from tests.store.snapshot.folders import everything_on_disk, fresh, snapshot_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of the snapshot alone."""
    return tmp_path / "snapshot"


def _owned_phones(store: Store, count: int) -> pa.Table:
    """A full delivery: person i owns phone i."""
    people = nodes(store, "Person", [f"p{i}" for i in range(count)])
    phones = nodes(store, "Phone", [f"86{i}" for i in range(count)])
    rows = states(people, phones, np.arange(count))
    add_edges(store, "OWNS_PHONE", rows)
    return rows


def _written(folder: Path) -> dict[str, int]:
    """When each file was last written, the lock apart."""
    return {f.name: f.stat().st_mtime_ns for f in folder.iterdir() if f.suffix}


def test_nothing_changed_reads_nothing_and_writes_nothing(store: Store, folder: Path) -> None:
    rows = _owned_phones(store, 50)
    snapshot = fresh(store, folder)
    before = _written(folder)
    backwards = rows.take(np.arange(50)[::-1])
    result = add_edges(store, "OWNS_PHONE", backwards, batch(9_000))
    assert (result.loaded, result.unchanged) == (0, 50)
    report = snapshot.refresh()
    assert (report.rows_read, report.version) == (0, 3)
    assert _written(folder) == before
    assert snapshot_of(store, folder).refresh().rows_read == 0


def test_rows_read_are_at_most_twice_those_changed(store: Store, folder: Path) -> None:
    rows = _owned_phones(store, 2_000)
    accounts = nodes(store, "Account", ["a", "b"])
    snapshot = fresh(store, folder)
    add_edges(
        store, "TRANSFERRED", transfers([accounts[0]] * 60, [accounts[1]] * 60, range(60), [1] * 60)
    )
    assert snapshot.refresh().rows_read == 60
    changed = rows.slice(0, 100).set_column(3, "digest", pa.array(np.full(100, 2)))
    assert add_edges(store, "OWNS_PHONE", changed, batch(2_000)).loaded == 100
    assert snapshot.refresh().rows_read == 200  # the closed versions and their successors


def test_a_full_delivery_minus_ten_leaves_the_view(store: Store, folder: Path) -> None:
    rows = _owned_phones(store, 40)
    snapshot = fresh(store, folder)
    assert len(snapshot.csr("OWNS_PHONE")) == 40
    info = batch(5_000, mode=DeliveryMode.FULL)
    assert (
        write(store, lambda w: w.close_absent("OWNS_PHONE", "register", ids(*range(10, 40)), info))
        == 10
    )
    snapshot.refresh()
    view = snapshot.csr("OWNS_PHONE")
    gone = rows["src"].to_numpy()[:10]
    assert len(view) == 30
    assert (np.diff(view.indptr)[gone] == 0).all()
    assert len(snapshot.graph().edges["OWNS_PHONE"]) == 30


def test_a_state_that_ends_by_the_passing_of_time_leaves_the_view(
    store: Store, folder: Path
) -> None:
    person, account = nodes(store, "Person", ["p"]), nodes(store, "Account", ["a", "b"])
    add_edges(store, "HOLDS", states(person, account[:1], [1], valid=(0, 1_500)))
    snapshot = fresh(store, folder)
    assert len(snapshot.csr("HOLDS")) == 1
    add_edges(store, "TRANSFERRED", transfers(account[:1], account[1:], [1], [1]), batch(2_000))
    snapshot.refresh()
    assert len(snapshot.csr("HOLDS")) == 0


def test_erased_nodes_leave_the_disk(store: Store, folder: Path) -> None:
    people = nodes(store, "Person", [f"p{i}" for i in range(300)] + ["key-of-the-forgotten"])
    add_nodes(
        store,
        "Person",
        assertions(people, range(301), name=[f"n{i}" for i in range(300)] + ["the-forgotten"]),
    )
    phones = nodes(store, "Phone", ["861", "862"])
    add_sums(store, "CALLED", sums(phones[:1], phones[1:], [1]))
    add_edges(store, "OWNS_PHONE", states(people[-1:], phones[:1], [1]))
    snapshot = fresh(store, folder)
    assert everything_on_disk(folder).count(b"forgotten") == 2, "the key and the name"
    write(store, lambda w: w.delete(ids(people[-1])))
    snapshot.refresh()
    assert b"forgotten" not in everything_on_disk(folder)
    assert people[-1] not in snapshot.graph().nodes["Person"]["nid"].to_pylist()
    assert len(snapshot.graph().edges["OWNS_PHONE"]) == 0
    assert len(snapshot.graph().edges["CALLED"]) == 1


def test_a_kind_that_is_not_allowed_never_enters_the_folder(store: Store, folder: Path) -> None:
    _owned_phones(store, 5)
    allowed = frozenset({"Phone", "OWNS_PHONE", "CALLED"})
    snapshot = fresh(store, folder, allowed)
    graph = snapshot.graph()
    assert set(graph.nodes) == {"Phone"}
    assert set(graph.edges) == {"OWNS_PHONE", "CALLED"}
    assert len(graph.edges["OWNS_PHONE"]) == 0, "its persons are sealed"
    assert b"Person" not in everything_on_disk(folder)
