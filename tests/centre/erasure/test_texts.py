"""Whatever was written of somebody, in whichever table: once he is erased, no row tells him."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, select

from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.analysis.saved.model import Question, SavedQuery, Shown, Subject
from graphrisk.analysis.saved.records import add
from graphrisk.analysis.watch.service import WatchLists, look
from graphrisk.centre.cases.model import Case
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.erasure.service import erase_persons
from graphrisk.centre.measures.model import Proposal
from graphrisk.centre.openings.model import NewRequest, Thing
from graphrisk.centre.openings.service import Openings
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.model import Outcome, Ruling
from graphrisk.centre.verdicts.service import Verdicts
from graphrisk.core.clock import ManualClock
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit
from graphrisk.store.operations.redaction import ERASED_WORD, redact
from graphrisk.store.sqlite.store import SqliteStore
from tests.centre.factory import CALENDAR, MONDAY, UNITS, Office, new_id, ring
from tests.centre.tasks.office import DISPATCHER, WORK, order
from tests.centre.tasks.office import Office as TaskOffice
from tests.contract.deliveries import add_nodes, assertions, nodes

GONE, STAYS, NAMESAKE = "P-0042", "P-00421", "P-0043"
NAME, FORMER, COMMON, TOKEN = "欧阳暮雪", "欧阳小雪", "张伟", "tok-9c1e77aa"
#: Not searched, as the module says: who works here, what the database keeps from all changes, what
#: the service writes of itself.
UNTOUCHED = {
    *("audit", "book_accounts", "book_entries", "book_postings", "identity_judgements"),
    *("principals", "api_keys", "api_key_secrets", "leases", "heartbeats", "sources"),
    *("outbox_readers", "alembic_version"),
}
WORKERS = {
    *("author", "holder", "assignee", "judge", "owner", "maker", "proposer", "decider", "asker"),
    *("recipient", "whom"),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """He had another name before; one of his names is another's, too."""
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    gone, stays, namesake = nodes(store, "Person", [GONE, STAYS, NAMESAKE])
    for name in (FORMER, COMMON, NAME):
        said = assertions([gone], [1], [hash(name) % 10**9], name=[name], id_token=[TOKEN])
        add_nodes(store, "Person", said)
    add_nodes(store, "Person", assertions([stays, namesake], [2, 3], name=["赵一", COMMON]))
    return store


def _dump(database: Database) -> dict[str, str]:
    """All rows as text, by table, as the database tells of its tables."""
    tables = _tables(database).sorted_tables
    with database.reading() as session:
        rows = {table.name: session.execute(select(table)).all() for table in tables}
    return {name: "\n".join(map(str, said)) for name, said in rows.items()}


def _tables(database: Database) -> MetaData:
    found = MetaData()
    with database.reading() as session:
        found.reflect(session.connection())
    return found


def _worked_on(store: Store, database: Database) -> Case:
    """A case of his, with all that can be written about it, and what others keep of him."""
    clock = ManualClock(MONDAY)
    office = Office(database, clock)
    members = [("Person", key, "organiser") for key in (GONE, STAYS)]
    case = office.held(ring("ring_1", *members))
    office.cases.note(Order(case.case_id, "li", f"{NAME}（原名{FORMER}，即{GONE}）与{COMMON}不同"))
    measure = Proposal(new_id(), case.case_id, "stop_payment", f"Person:{GONE}")
    office.measures.propose(measure, "li", f"{NAME}的账户")
    office.measures.withdraw(Order(measure.measure_id, "li", f"{COMMON}已还款"))
    openings = Openings(database, clock, Deadlines(CALENDAR, UNITS), UNITS)
    request = NewRequest(new_id(), case.number, f"要看{NAME}", Thing("Person", GONE), ("350203",))
    openings.ask(request, "li")
    ruling = Ruling(Outcome.CONFIRMED)
    Verdicts(store, database, office.cases, clock).close(
        Order(case.case_id, "li", f"{NAME}承认"), ruling
    )
    visit = order(title=f"走访{NAME}", case_id=case.case_id, instructions=f"问{COMMON}的下落")
    TaskOffice(database).tasks.create(DISPATCHER, WORK, [visit])
    _watched(store, database, clock)
    with database.session() as session:
        emit(session, "watch.hit", GONE, {"of": {"names": [NAME]}}, MONDAY)
        named = Question(Subject.SEARCH, NAME, ("Person",))
        shown = Shown((), (), MONDAY)
        add(
            session,
            SavedQuery("q", f"找{NAME}", "li", named, "investigation", None, 1, shown),
            b"s",
        )
    return case


def _watched(store: Store, database: Database, clock: ManualClock) -> None:
    owner = Principal("li", frozenset({"investigator"}), EVERYTHING)
    lists = WatchLists(database, store, clock, _Silent())
    begun = lists.begin(owner, Purpose("investigation"), f"关于{NAME}", MONDAY + 86_400_000)
    lists.add(owner, Purpose("investigation"), begun.list_id, "Person", [GONE, STAYS])
    look(store, database, clock)


class _Silent:
    def record(self, *_: object) -> None: ...


def test_no_row_of_any_table_tells_who_was_erased(store: Store, centre_database: Database) -> None:
    case = _worked_on(store, centre_database)
    before = "\n".join(_dump(centre_database).values())
    assert all(word in before for word in (f"'{GONE}'", NAME, FORMER, COMMON))
    erase_persons(store, centre_database, ManualClock(MONDAY), [GONE])
    after = _dump(centre_database)
    for word in (f"{GONE}'", f"{GONE})", f"{GONE}）", f"{GONE} ", NAME, FORMER, TOKEN):
        assert {name for name, said in after.items() if word in said} == set(), word
    office = Office(centre_database)
    (finding,) = office.cases.findings(case.case_id)
    assert [one.key for one in finding.members] == [STAYS], "others stay, and his key was no prefix"
    steps = office.cases.timeline(case.case_id, 0, 100)
    assert [one.author for one in steps] == ["li"] * len(steps), "who worked on it stays"
    assert f"{ERASED_WORD}承认" in [one.reason for one in steps]


def test_a_name_that_others_bear_goes_from_his_cases_alone(
    store: Store, centre_database: Database
) -> None:
    """With the tasks of the case and their steps; where the others are spoken of it stays."""
    _worked_on(store, centre_database)
    office = Office(centre_database)
    other = office.held(ring("ring_2", ("Person", NAMESAKE, "mule")))
    office.cases.note(Order(other.case_id, "li", f"{COMMON}在场"))
    erase_persons(store, centre_database, ManualClock(MONDAY), [GONE])
    held = {name: said for name, said in _dump(centre_database).items() if COMMON in said}
    assert set(held) == {"centre_steps"}
    assert held["centre_steps"].count(COMMON) == 1
    last = office.cases.timeline(other.case_id, 0, 100)[-1]
    assert last.reason == f"{COMMON}在场"


def test_what_was_written_meanwhile_goes_as_well(
    store: Store, centre_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes a note while the graph forgets."""
    case = _worked_on(store, centre_database)
    office, writer = Office(centre_database), store.writer
    verdicts = Verdicts(store, centre_database, office.cases, office.clock)
    verdicts.reopen(Order(case.case_id, "wang", "再查"))

    def busy(owner: str) -> object:
        office.cases.note(Order(case.case_id, "wang", f"{NAME}（{GONE}）又来电"))
        return writer(owner)

    monkeypatch.setattr(store, "writer", busy)
    erase_persons(store, centre_database, ManualClock(MONDAY), [GONE])
    assert not [name for name, said in _dump(centre_database).items() if NAME in said]


def test_every_column_of_every_table_is_looked_at(tmp_path: Path) -> None:
    """Rows as no service writes them, a text in each column: a new table is not forgotten."""
    shipped, bare = Database(f"sqlite:///{tmp_path / 'shipped.db'}"), MetaData()
    shipped.migrate()
    for table in _tables(shipped).sorted_tables:  # without what its rows have to fulfil
        columns = [Column(c.name, c.type, primary_key=c.primary_key) for c in table.columns]
        Table(table.name, bare, *columns)
    planted = {"TEXT": f"x {GONE} {NAME}", "JSON": {GONE: [NAME]}, "BLOB": b"x"}
    database = Database(f"sqlite:///{tmp_path / 'bare.db'}")
    with database.session() as session:
        bare.create_all(session.connection())
        for table in bare.sorted_tables:
            row = {c.name: planted.get(str(c.type), 1) for c in table.columns if not c.primary_key}
            keys = {c.name: "7" for c in table.primary_key.columns}
            session.execute(table.insert().values(**keys, **row))
        redact(session, [GONE, NAME])
        told = {
            (table.name, name)
            for table in bare.sorted_tables
            for row in session.execute(select(table)).mappings()
            for name, value in row.items()
            if GONE in str(value) or NAME in str(value)
        }
    searched = {(table, name) for table, name in told if table not in UNTOUCHED}
    assert {name for _, name in searched if not name.endswith(("_by", "digest"))} <= WORKERS
    database.dispose()
    shipped.dispose()
