"""Who is erased is gone from the graph, and no judgement names him any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.centre.erasure.service import Erased, erase_persons
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import NotFound, StoreUnavailable
from graphrisk.ingest.resolve.model import Verdict
from graphrisk.ingest.resolve.records import Decisions
from graphrisk.ingest.resolve.service import Identities, project
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from tests.contract.deliveries import add_nodes, assertions, nodes

GONE, ALSO_GONE, STAYS = "P-gone", "P-also-gone", "P-stays"
WHY = "曾某的妻子说是同一人"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(10_000)


@pytest.fixture
def judged(store: Store, database: Database, clock: ManualClock) -> Identities:
    """Three records; two are judged against the one to stay, one of them twice."""
    nids = nodes(store, "Person", [GONE, ALSO_GONE, STAYS])
    add_nodes(store, "Person", assertions(nids, [1, 2, 3], name=["曾一", "曾二", "曾三"]))
    people = Identities(store, database, clock)
    people.judge((GONE, STAYS), Verdict.DIFFERENT, "王科长", WHY)
    clock.advance(1_000)
    people.judge((GONE, STAYS), Verdict.SAME, "李警官", WHY)
    people.judge((ALSO_GONE, STAYS), Verdict.SAME, "李警官", WHY)
    clock.advance(1_000)
    return people


def _kept(database: Database) -> list[dict[str, object]]:
    """All rows of judgements as they stand in the table."""
    with database.reading() as session:
        rows = session.execute(text("SELECT * FROM identity_judgements ORDER BY number"))
        return [dict(row) for row in rows.mappings()]


@pytest.mark.usefixtures("judged")
def test_no_judgement_names_the_person_and_who_judged_what_and_when_stays(
    store: Store, database: Database, clock: ManualClock
) -> None:
    before = _kept(database)
    assert erase_persons(store, database, clock, [GONE, ALSO_GONE]) == Erased(2, 3, 0)
    after = _kept(database)
    assert not [value for row in after for value in row.values() if value in (GONE, ALSO_GONE, WHY)]
    stays = ("judgement_id", "verdict", "judge", "judged_at")
    assert [[row[name] for name in stays] for row in after] == [
        [row[name] for name in stays] for row in before
    ]
    assert all(row["superseded_at"] for row in after), "none of them counts"
    assert store.reader(EVERYTHING, Purpose("test")).lookup("Person", [GONE, STAYS]).tolist() == [
        *(-1, 2)
    ]


def test_others_are_judged_as_before(
    judged: Identities, store: Store, database: Database, clock: ManualClock
) -> None:
    erase_persons(store, database, clock, [GONE])
    assert [one.pair for one in judged.known().judgements_of(2)] == [(1, 2)]
    assert judged.known().records_of(2) == [1, 2]
    erase_persons(store, database, clock, [ALSO_GONE])
    assert judged.known().judgements_of(2) == []
    assert judged.known().records_of(2) == [2]
    assert project(store, database, clock) == 0


@pytest.mark.usefixtures("judged")
def test_a_kill_between_graph_and_judgements_leaves_what_the_same_call_erases(
    store: Store, database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> int:
        raise StoreUnavailable("the process was ended here")

    with monkeypatch.context() as patched:
        patched.setattr(Decisions, "forget", ended)
        with pytest.raises(StoreUnavailable):
            erase_persons(store, database, clock, [GONE])
    assert erase_persons(store, database, clock, [GONE]) == Erased(0, 2, 0)
    with pytest.raises(NotFound):
        erase_persons(store, database, clock, [GONE])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("judged")
def test_the_bytes_of_the_key_leave_the_operations_file(
    store: Store, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    file = tmp_path / "operations.db"
    assert GONE.encode() in file.read_bytes()
    erase_persons(store, database, clock, [GONE])
    held = file.read_bytes()
    assert GONE.encode() not in held
    assert STAYS.encode() in held
