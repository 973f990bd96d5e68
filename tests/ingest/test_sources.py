"""Sources as a department owns them: promise, last batch, rejects, lateness told once."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from graphrisk.ingest import tables
from graphrisk.ingest.model import Freshness, SourceState
from graphrisk.ingest.resolve.tables import JudgementRow
from graphrisk.ingest.service import Sources
from graphrisk.store.operations import outbox
from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database
from tests.ingest.factory import DAY, PERSONS, TRANSFERS, Desk, csv, persons, transfers


@pytest.fixture
def watched(desk: Desk, database: Database) -> Desk:
    """A desk that notes deliveries, the operations database once on each engine."""
    desk.sources = Sources(database, desk.clock)
    return desk


def state(desk: Desk, name: str) -> SourceState:
    assert desk.sources is not None
    (found,) = [one for one in desk.sources.listing() if one.name == name]
    return found


def events(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        outbox.relay(session)
        return [(event.kind, event.subject) for event in outbox.read_after(session, 0)]


def test_the_last_batch_and_its_sums_are_told_with_the_owner(watched: Desk) -> None:
    moves = [*transfers(3), ("S9", "a", "b", "never", "1")]
    watched.load_one("transfers.csv", csv(TRANSFERS, moves))
    known = watched.clock.now_ms()
    found = state(watched, "transfers")
    assert (found.owner_zh, found.mode, found.reliability) == ("商业银行", "events", "A")
    assert (found.every_ms, found.delivered_at, found.due_at) == (DAY, known, known + DAY)
    last = found.last
    assert last is not None
    assert (last.file, last.rows, last.loaded, last.unchanged) == ("transfers.csv", 4, 3, 0)
    assert (last.rejected, found.rejected) == (1, 1)


def test_rejects_are_counted_once_a_delivery_and_over_all_of_them(watched: Desk) -> None:
    bad = ("S9", "a", "b", "never", "1")
    for _ in range(2):
        watched.load_one("transfers.csv", csv(TRANSFERS, [*transfers(3), bad]))
    again = state(watched, "transfers")
    assert again.rejected == 1
    assert again.last is not None
    assert (again.last.loaded, again.last.known_at) == (3, watched.clock.now_ms()), (
        "what the load that brought them in counted, and when the bytes came last"
    )
    watched.load_one("transfers.csv", csv(TRANSFERS, [bad, *transfers(5)]))
    found = state(watched, "transfers")
    assert found.last is not None
    assert (found.last.loaded, found.last.unchanged, found.last.rejected) == (2, 3, 1)
    assert found.rejected == 2


def test_a_file_that_breaks_off_is_the_last_batch_but_makes_nothing_fresh(watched: Desk) -> None:
    watched.load_one("transfers.csv", csv(TRANSFERS, transfers(3)))
    good = watched.clock.now_ms()
    watched.load_one("transfers.csv", "serial,time\n1,2\n")
    found = state(watched, "transfers")
    assert found.delivered_at == good
    assert found.last is not None
    assert "lacks from_account" in str(found.last.error)
    watched.load_one("transfers.csv", csv(TRANSFERS, transfers(3)))
    assert state(watched, "transfers").delivered_at == watched.clock.now_ms()


def test_what_nobody_promised_or_delivered_is_never_late(watched: Desk) -> None:
    silent = state(watched, "persons")
    assert (silent.last, silent.freshness(watched.clock.now_ms())) == (None, Freshness.NEVER)
    mapping = watched.mapping(
        "name: mine\nfiles: ['*.csv']\nformat: csv\nmode: full\nid: a\n"
        "nodes: [{kind: Person, key: a}]\n"
    )
    watched.deliver("x.csv", "a\n1\n")
    watched.load(mapping)
    found = state(watched, "mine")
    assert (found.owner_en, found.freshness(2**60)) == ("", Freshness.UNPROMISED)


def test_lateness_is_told_once_and_so_is_its_end(watched: Desk, database: Database) -> None:
    sources = watched.sources
    assert sources is not None
    watched.load_one("transfers.csv", csv(TRANSFERS, transfers(1)))
    watched.clock.advance(DAY)
    assert sources.note_lateness() == [], "due now, late from the next moment on"
    watched.clock.advance(1)
    assert sources.note_lateness() == ["source.late transfers"]
    assert state(watched, "transfers").freshness(watched.clock.now_ms()) is Freshness.LATE
    watched.clock.advance(30 * DAY)
    assert sources.note_lateness() == []
    watched.load_one("transfers.csv", csv(TRANSFERS, transfers(2)))
    assert sources.note_lateness() == ["source.fresh transfers"]
    assert sources.note_lateness() == []
    watched.clock.advance(DAY + 1)
    assert sources.note_lateness() == ["source.late transfers"]
    # It delivers and is late again before anybody looks: another lateness.
    watched.load_one("transfers.csv", csv(TRANSFERS, transfers(3)))
    watched.clock.advance(DAY + 1)
    assert sources.note_lateness() == ["source.fresh transfers", "source.late transfers"]
    kinds = [kind for kind, _ in events(database)]
    late, fresh = "source.late", "source.fresh"
    assert kinds == [late, fresh, late, fresh, late]
    assert {subject for _, subject in events(database)} == {"transfers"}


def test_each_source_keeps_its_own_promise(watched: Desk, database: Database) -> None:
    watched.deliver("transfers.csv", csv(TRANSFERS, transfers(1)))
    watched.deliver("persons.csv", csv(PERSONS, persons(1)), "gb18030")
    watched.load()
    watched.clock.advance(2 * DAY)
    assert watched.sources is not None
    assert watched.sources.note_lateness() == ["source.late transfers"]
    watched.clock.advance(6 * DAY)
    assert watched.sources.note_lateness() == ["source.late persons"]
    assert len(events(database)) == 2


def test_loading_without_a_register_is_possible(desk: Desk) -> None:
    assert desk.load_one("transfers.csv", csv(TRANSFERS, transfers(1))).loaded == 1


def test_the_migrated_tables_are_the_declared_ones(database: Database) -> None:
    ours = (tables.SourceRow, tables.DeliveryRow, tables.FeedRow, tables.TakenRow)
    names = {row.__tablename__ for row in (*ours, JudgementRow)}
    with database.session() as session:
        context = MigrationContext.configure(session.connection())
        differences = compare_metadata(context, Base.metadata)
    assert [item for item in differences if any(name in str(item) for name in names)] == []
    database.downgrade("0002")
    database.migrate()
    assert database.health().is_current


def test_a_new_owner_makes_no_new_mapping(desk: Desk) -> None:
    """A delta is applied once; that its owner was renamed must not apply it again."""
    said = (
        "name: mine\nfiles: ['*.csv']\nformat: csv\nmode: delta\nid: a\n"
        "nodes: [{kind: Phone, key: a, properties: {operator: b}}]\nowner: {zh: 甲, en: One}\n"
    )
    desk.deliver("1.csv", "a,b\n1,first\n")
    desk.load(desk.mapping(said))
    desk.deliver("2.csv", "a,b\n1,second\n")
    desk.load(desk.mapping(said))
    desk.load(desk.mapping(said.replace("One", "Another")))
    phone = desk.node("Phone", "1")
    assert phone is not None
    assert phone["operator"] == "second"
