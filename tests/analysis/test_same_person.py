"""Detection sees persons, not records: merging moves scores, and taking it back moves them back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.resolve.model import Verdict
from graphrisk.ingest.resolve.service import Identities
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.planted import planted_towns
from tests.analysis.stores import fill

Scores = Callable[[], dict[str, float]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    fill(store, planted_towns()["city"])
    yield store
    store.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def people(store: SqliteStore, database: Database, clock: ManualClock) -> Identities:
    return Identities(store, database, clock)


@pytest.fixture
def scores(store: SqliteStore, database: Database, clock: ManualClock, tmp_path: Path) -> Scores:
    """Runs a detection; the scores of persons by key, as the graph then has them."""

    def run() -> dict[str, float]:
        clock.advance(1_000)
        detect(store, tmp_path / "snapshot", database, clock, progress=lambda *_: None)
        reader = store.reader(EVERYTHING, Purpose("test"))
        persons = reader.scan_nodes("Person", limit=100_000)
        nids = persons.column("nid").to_numpy()
        found = {row["nid"]: row["score"] for row in reader.scores(nids).to_pylist()}
        for nid, score in found.items():
            saved = Findings(database, store).node_score(nid)
            assert saved is not None
            assert saved.score == score, "the graph and the run agree"
        return {row["key"]: found.get(row["nid"], 0.0) for row in persons.to_pylist()}

    return run


def test_a_second_record_takes_the_score_and_gives_it_back(
    people: Identities, clock: ManualClock, scores: Scores
) -> None:
    before = scores()
    suspect = max(before, key=lambda key: (before[key], key))
    stranger = min(before, key=lambda key: (before[key], key))
    assert before[suspect] > 0 == before[stranger]
    people.judge((suspect, stranger), Verdict.SAME, "李警官", "同一张照片")
    merged = scores()
    assert merged[stranger] == merged[suspect] > 0
    clock.advance(1_000)
    people.judge((suspect, stranger), Verdict.DIFFERENT, "王科长", "双胞胎")
    assert scores() == before


def test_whichever_record_is_asked_for_the_findings_are_the_persons(
    people: Identities, scores: Scores, store: SqliteStore, database: Database
) -> None:
    before = scores()
    findings = Findings(database, store)
    lookup = store.reader(EVERYTHING, Purpose("test")).lookup
    suspect = max(before, key=lambda key: (before[key], key))
    stranger = min(before, key=lambda key: (before[key], key))
    mine, other = lookup("Person", [suspect, stranger]).tolist()
    assert findings.of_node(mine)
    assert findings.of_node(other) == []
    people.judge((suspect, stranger), Verdict.SAME, "李警官", "同一张照片")
    scores()
    told = findings.of_nodes([mine, other])
    assert told[mine] == told[other] == findings.of_node(other) != []
    people.judge((suspect, stranger), Verdict.WITHDRAWN, "李警官", "认错了")
    scores()
    assert findings.of_node(mine)
    assert findings.of_node(other) == []


def test_a_judgement_taken_back_leaves_no_trace_in_the_scores(
    people: Identities, clock: ManualClock, scores: Scores
) -> None:
    before = scores()
    ranked = sorted(before, key=lambda key: (-before[key], key))
    people.judge((ranked[0], ranked[-1]), Verdict.SAME, "李警官", "同一张照片")
    assert scores() != before
    clock.advance(1_000)
    people.judge((ranked[0], ranked[-1]), Verdict.WITHDRAWN, "李警官", "认错了")
    assert scores() == before
