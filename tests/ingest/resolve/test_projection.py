"""From the row to the graph: whatever is ended in between, both say the same in the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.ingest.resolve import service
from graphrisk.ingest.resolve.model import Verdict
from graphrisk.ingest.resolve.records import Decisions
from graphrisk.ingest.resolve.service import Identities, project, resolve
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from tests.contract.deliveries import add_nodes, assertions, nodes

SAME = (("a", "b"), Verdict.SAME, "李警官", "同一张照片")
DIFFERENT = (("a", "b"), Verdict.DIFFERENT, "王科长", "双胞胎")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(10_000)


@pytest.fixture
def people(store: Store, database: Database, clock: ManualClock) -> Identities:
    nids = nodes(store, "Person", ["a", "b", "c"])
    add_nodes(store, "Person", assertions(nids, [1, 2, 3], name=["甲", "乙", "丙"]))
    return Identities(store, database, clock)


def _stands(store: Store) -> list[tuple[int, int, int]]:
    """What the graph holds of persons' judgements now."""
    reader = store.reader(EVERYTHING, Purpose("test"))
    rows = reader.export_edges("JUDGED", 0, reader.version())
    every = [row for batch in rows for row in batch.to_pylist()]
    newest = {row["eid"]: row for row in sorted(every, key=lambda row: row["vid"])}
    return [
        (row["src"], row["dst"], row["verdict"])
        for row in newest.values()
        if row["by_person"] and row["valid_to"] > 10**15
    ]


def _ended_before_the_graph(*_: object) -> int:
    raise StoreUnavailable("the process was ended here")


def test_a_judgement_reaches_the_graph(
    people: Identities, store: Store, database: Database, clock: ManualClock
) -> None:
    people.judge(*SAME)
    assert _stands(store) == [(0, 1, 1)]
    assert Decisions(database).pending() == []
    assert project(store, database, clock) == 0


def test_a_judgement_kept_before_a_kill_is_brought_by_the_next_turn(
    people: Identities,
    store: Store,
    database: Database,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as ended:
        ended.setattr(service, "project", _ended_before_the_graph)
        people.judge(*SAME)
        clock.advance(1_000)
        people.judge(*DIFFERENT)
    assert _stands(store) == []
    assert people.known().judgements_of(0)[-1].verdict is Verdict.DIFFERENT, "it is kept"
    assert project(store, database, clock) == 2
    assert _stands(store) == [(0, 1, -1)], "the last word, once"


def test_a_kill_after_the_graphs_commit_leaves_nothing_to_repair(
    people: Identities,
    store: Store,
    database: Database,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as ended:
        ended.setattr(Decisions, "mark_projected", _ended_before_the_graph)
        people.judge(*SAME)
    version = store.reader(EVERYTHING, Purpose("test")).version()
    clock.advance(1_000)
    assert project(store, database, clock) == 1
    assert store.reader(EVERYTHING, Purpose("test")).version() == version, "stated already"
    assert _stands(store) == [(0, 1, 1)]


def test_while_another_process_writes_a_judgement_waits(
    people: Identities, store: Store, other: Store, database: Database, clock: ManualClock
) -> None:
    with other.writer("a long load") as writer:
        writer.resolve("Person", ["d"])
        assert people.judge(*SAME).changed
        writer.commit()
    assert _stands(store) == []
    assert project(store, database, clock) == 1
    assert _stands(store) == [(0, 1, 1)]


def test_a_withdrawal_reaches_the_graph_and_the_same_judgement_again_does_too(
    people: Identities, store: Store, clock: ManualClock
) -> None:
    people.judge(*SAME)
    clock.advance(1_000)
    people.judge(("a", "b"), Verdict.WITHDRAWN, "李警官", "认错了")
    assert _stands(store) == []
    clock.advance(1_000)
    people.judge(*SAME)
    assert _stands(store) == [(0, 1, 1)]


def test_a_graph_built_anew_has_all_judgements_after_the_machines_round(
    people: Identities, store: Store, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    people.judge(*SAME)
    with store.writer("erasure") as writer:  # as if the graph had been lost
        writer.delete(store.reader(EVERYTHING, Purpose("test")).lookup("Person", ["a", "b", "c"]))
        writer.commit()
    assert _stands(store) == []
    nids = nodes(store, "Person", ["a", "b", "c"])
    clock.advance(1_000)
    resolve(store, database, tmp_path / "snapshot", clock)
    assert _stands(store) == [(nids[0], nids[1], 1)]


def test_of_many_who_judge_at_once_one_has_the_last_word(
    people: Identities, database: Database
) -> None:
    del people
    names, together = [f"judge {n}" for n in range(4)], Barrier(4)

    def take(name: str) -> bool:
        together.wait()
        try:
            return Decisions(database).take(("a", "b"), Verdict.SAME, name, "x", 1).changed
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, names))
    assert len(Decisions(database).every()) == sum(taken) >= 1
    assert len(Decisions(database).standing()) == 1
