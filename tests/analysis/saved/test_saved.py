"""Saved queries: what is new is told once, to the owner alone, by his rights of that moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Principal, Purpose, Scope
from graphrisk.access.principals.model import Act, GrantState, Newcomer, Rights
from graphrisk.access.principals.service import Standing
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.model import Finding, Member, Reason, Run
from graphrisk.analysis.records import Records, SavedRun
from graphrisk.analysis.saved import records
from graphrisk.analysis.saved.look import Asker
from graphrisk.analysis.saved.model import Change, Question, SavedQuery, Subject
from graphrisk.analysis.saved.rules import SHOWN_FOR_MS, Owners
from graphrisk.analysis.saved.service import MOST_QUERIES, SavedQueries
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import (
    BadInput,
    Forbidden,
    LimitExceeded,
    NotFound,
    StoreUnavailable,
)
from graphrisk.core.ids import OpaqueIds
from graphrisk.store.contract import Store
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.principals import StoredPrincipals
from graphrisk.store.sqlite.store import SqliteStore
from tests.contract.deliveries import add_edges, add_nodes, assertions, nodes, read, states
from tests.recorded import FullAudit

NOW, DAY = 1_770_912_000_000, 86_400_000
NEAR, FAR = "350206005001001", "350203001001001"
INVESTIGATOR = frozenset({"investigator"})
LI = Principal("li", INVESTIGATOR, EVERYTHING)
WANG = Principal("wang", INVESTIGATOR, Scope(("350206",)))
PURPOSE = Purpose("investigation", "A-7")
NUMBERS = Question(Subject.SEARCH, text="1380", kinds=("Phone",))
RINGS = Question(Subject.FINDINGS, kind="scam_cell")
CASES = Question(Subject.EVENTS, kind="case.changed")


class Bureau:
    """Who keeps queries, the worker that asks them, and what was recorded."""

    def __init__(self, store: Store, database: Database) -> None:
        self.store, self.database, self.clock = store, database, ManualClock(NOW)
        self.lines: list[tuple[str, str, int, str]] = []
        self.asker = Asker(store, database, self.clock, self, Viewer, OpaqueIds(b"s").entity)
        self.saved = SavedQueries(database, self.asker, self.clock, self)
        self.owners = Owners(None, self.clock)

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        assert purpose == PURPOSE
        self.lines.append((principal.name, action, count, what))

    def save(self, who: Principal, question: Question) -> SavedQuery:
        return self.saved.save(Viewer(who, PURPOSE), "mine", question)

    def round(self) -> tuple[int, int, int]:
        done = self.asker.round(self.owners.principal)
        return done.queries, done.news, len(done.refused)

    def told(self, who: Principal, query: SavedQuery) -> list[tuple[str, Change]]:
        found, more = self.saved.news(who, PURPOSE, query.query_id, None, 100)
        assert not more
        return [(one.thing, one.change) for one in reversed(found)]

    def events(self) -> list[outbox.Event]:
        with self.database.session() as session:
            outbox.relay(session)
            return outbox.read_after(session, 0, kind="query.news")

    def happened(self, subject: str, area: str) -> None:
        with self.database.session() as session:
            outbox.emit(session, "case.changed", subject, {}, NOW, area=area)
        with self.database.session() as session:
            outbox.relay(session)

    def run(self, name: str, *findings: Finding) -> None:
        version = read(self.store).version()
        stamp, store_id = read(self.store).stamp(version), self.store.health().store_id
        run = Run(name, NOW, store_id, version, "test", "d", stamp)
        Records(self.database).save(SavedRun(run, NOW, {}, findings, [], []))


@pytest.fixture
def bureau(store: Store, database: Database) -> Bureau:
    return Bureau(store, database)


@pytest.fixture
def desk(tmp_path: Path, database: Database) -> Iterator[Bureau]:
    """On SQLite's graph: the engines have no part in what is tried."""
    with closing(SqliteStore(tmp_path / "graph.db")) as store:
        store.migrate()
        yield Bureau(store, database)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Bureau]:
    """On SQLite altogether."""
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    with closing(SqliteStore(tmp_path / "graph.db")) as store:
        store.migrate()
        yield Bureau(store, database)
    database.dispose()


def test_what_is_new_is_told_once_and_each_look_is_recorded(bureau: Bureau) -> None:
    old, other = nodes(bureau.store, "Phone", ["13800000001", "13900000001"])
    query = bureau.save(LI, NUMBERS)
    assert (query.answers, bureau.round()) == (1, (0, 0, 0)), "what was there is no news"
    (fresh,) = nodes(bureau.store, "Phone", ["13800000002"])
    assert bureau.round() == (1, 1, 0)
    add_nodes(bureau.store, "Phone", assertions([old, other], [1, 2], operator=["甲", "乙"]))
    bureau.lines.clear()
    assert [bureau.round() for _ in "ab"] == [(1, 1, 0), (0, 0, 0)]
    assert bureau.lines.count(("li", "query.look", 2, query.query_id)) == 1
    assert bureau.told(LI, query) == [(str(fresh), Change.APPEARED), (str(old), Change.CHANGED)]
    told = [(one.subject, one.whom, dict(one.payload)) for one in bureau.events()]
    assert told == [
        (query.query_id, "li", {"appeared": 1, "changed": 0}),
        (query.query_id, "li", {"appeared": 0, "changed": 1}),
    ]


def test_a_look_killed_before_its_end_is_done_again_whole(
    desk: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = desk.save(LI, NUMBERS)
    (fresh,) = nodes(desk.store, "Phone", ["13800000002"])

    def killed(*_: object) -> None:
        raise StoreUnavailable("the process was ended here")

    with monkeypatch.context() as ended:
        ended.setattr(records, "tell", killed)
        with pytest.raises(StoreUnavailable):
            desk.round()
    assert (desk.told(LI, query), desk.events()) == ([], [])
    assert [desk.round() for _ in "ab"] == [(1, 1, 0), (0, 0, 0)]
    assert desk.told(LI, query) == [(str(fresh), Change.APPEARED)]


def _living(store: Store) -> tuple[int, int]:
    """A number in each of two districts."""
    near, far = nodes(store, "GridCell", [NEAR, FAR])
    people = nodes(store, "Person", ["p1", "p2"])
    one, other = nodes(store, "Phone", ["13800000001", "13800000002"])
    add_edges(store, "LIVES_IN", states(people, [near, far], [1, 2]))
    add_edges(store, "OWNS_PHONE", states(people, [one, other], [3, 4]))
    return one, other


def test_an_owner_is_told_by_his_rights_of_that_moment(bureau: Bureau) -> None:
    rows = StoredPrincipals(bureau.database)
    bureau.owners = Owners(Standing(rows, bureau.clock), bureau.clock)
    query = bureau.save(WANG, NUMBERS)
    one, other = _living(bureau.store)
    assert bureau.round() == (0, 0, 1), "nobody of that name is known"
    rows.add(Newcomer("wang", "", ""), Act("chief", NOW))
    for name, area in (("g1", "350206"), ("g2", "350203")):
        rights = Rights(("investigator",), (area,), NOW + DAY)
        rows.give("wang", name, rights, GrantState.GIVEN, Act("chief", NOW, "post"))
        assert bureau.round() == (1, 1, 0)
    assert bureau.told(WANG, query) == [(str(n), Change.APPEARED) for n in (one, other)]
    for name in ("g1", "g2"):
        rows.withdraw(name, Act("chief", NOW, "moved"))
    nodes(bureau.store, "Phone", ["13800000003"])
    assert bureau.round() == (0, 0, 1), "who may no longer ask is told nothing"
    (mine,) = bureau.saved.queries(WANG, PURPOSE)
    assert mine.refused == "FORBIDDEN"


def test_findings_are_cut_to_what_the_owner_sees(desk: Bureau) -> None:
    one, other = _living(desk.store)
    of_wang, of_li = desk.save(WANG, RINGS), desk.save(LI, RINGS)
    ring = Finding(
        finding_id="ring_0000000000000001",
        kind="scam_cell",
        score=0.5,
        members=(Member(other, "Phone", "caller"),),
        reasons=(Reason("passes_on", 0.5, {}),),
        evidence=(),
        first_run="run-1",
    )
    wash = replace(ring, finding_id="ring_0000000000000002", kind="laundering_cycle")
    desk.run("run-1", ring, wash)
    assert desk.round() == (2, 1, 0)
    desk.run("run-2", replace(ring, score=0.501))
    assert desk.round() == (2, 0, 0), "a score that moved by nothing is no news"
    both = (Member(one, "Phone", "caller"), Member(other, "Phone", "caller"))
    desk.run("run-3", replace(ring, members=both))
    assert desk.round() == (2, 2, 0)
    assert desk.told(WANG, of_wang) == [(ring.finding_id, Change.APPEARED)]
    assert [change for _, change in desk.told(LI, of_li)] == [Change.APPEARED, Change.CHANGED]


def test_events_are_those_that_the_owner_may_follow(desk: Bureau) -> None:
    desk.happened("before", NEAR)
    query = desk.save(WANG, CASES)
    for number, area in enumerate((NEAR, FAR, NEAR)):
        desk.happened(f"case {number}", area)
    assert [desk.round() for _ in "ab"] == [(1, 2, 0), (0, 0, 0)]
    places = [int(thing) for thing, _ in desk.told(WANG, query)]
    told = [desk.saved.event(WANG, place) for place in places]
    assert [one.subject for one in told if one] == ["case 0", "case 2"]
    assert desk.saved.event(WANG, places[0] + 1) is None, "that one lies elsewhere"


def test_what_a_token_said_counts_for_a_week(alone: Bureau) -> None:
    query = alone.save(LI, NUMBERS)
    alone.clock.advance(SHOWN_FOR_MS)
    nodes(alone.store, "Phone", ["13800000001"])
    assert alone.round() == (1, 1, 0)
    alone.clock.advance(1)
    nodes(alone.store, "Phone", ["13800000002"])
    assert alone.round() == (0, 0, 1)
    (mine,) = alone.saved.queries(LI, PURPOSE)
    assert (mine.refused, mine.query_id) == ("UNAUTHENTICATED", query.query_id)
    assert alone.round() == (1, 1, 0), "he has shown himself: what was missed is told"
    alone.saved.queries(replace(LI, roles=frozenset({"investigator", "volunteer"})), PURPOSE)
    nodes(alone.store, "Phone", ["13800000003"])
    assert alone.round() == (1, 1, 0)


def test_a_query_is_paused_resumed_renamed_and_deleted(alone: Bureau) -> None:
    query = alone.save(LI, NUMBERS)
    assert alone.saved.pause(LI, PURPOSE, query.query_id).paused_at == NOW
    nodes(alone.store, "Phone", ["13800000001"])
    assert alone.round() == (0, 0, 0)
    assert alone.saved.resume(LI, PURPOSE, query.query_id).paused_at is None
    assert alone.round() == (1, 1, 0), "what came in between is told"
    assert alone.saved.rename(LI, PURPOSE, query.query_id, " other ").name == "other"
    with alone.database.reading() as session:
        (known,) = records.running(session)
    alone.saved.delete(LI, PURPOSE, query.query_id)
    with alone.database.session() as session:
        assert not records.take(session, known, {}), "a look at what is gone writes nothing"
    assert alone.saved.queries(LI, PURPOSE) == []
    with pytest.raises(NotFound):
        alone.told(LI, query)
    acts = [action for _, action, _, what in alone.lines if what == query.query_id]
    looks = ["query.look"]
    assert acts == ["query.save", *looks, "query.pause", "query.resume", *looks, "query.rename",
                    "query.delete"]  # fmt: skip


def test_what_cannot_be_recorded_does_not_happen(alone: Bureau) -> None:
    query = alone.save(LI, NUMBERS)
    silent = SavedQueries(alone.database, alone.asker, alone.clock, FullAudit())
    for act in (silent.pause, silent.delete):
        with pytest.raises(StoreUnavailable):
            act(LI, PURPOSE, query.query_id)
    (kept,) = alone.saved.queries(LI, PURPOSE)
    assert kept.paused_at is None


def test_a_query_is_its_owners_alone(alone: Bureau) -> None:
    query = alone.save(LI, NUMBERS)
    assert alone.saved.queries(WANG, PURPOSE) == []
    with pytest.raises(NotFound):
        alone.told(WANG, query)
    for act in (alone.saved.pause, alone.saved.resume, alone.saved.delete):
        with pytest.raises(NotFound):
            act(WANG, PURPOSE, query.query_id)
    with pytest.raises(Forbidden, match=r"may not watch\.keep"):
        alone.save(replace(LI, roles=frozenset({"volunteer"})), NUMBERS)
    with pytest.raises(Forbidden, match="by persons"):
        alone.save(replace(LI, name="key:bank (abc)", is_key=True), NUMBERS)
    for _ in range(MOST_QUERIES - 1):
        alone.save(LI, CASES)
    with pytest.raises(LimitExceeded):
        alone.save(LI, CASES)


def test_what_no_query_asks_is_not_kept(alone: Bureau) -> None:
    with pytest.raises(BadInput):
        alone.saved.save(Viewer(LI, PURPOSE), "", NUMBERS)
    for question in (
        Question(Subject.SEARCH),
        Question(Subject.SEARCH, text=" "),
        Question(Subject.SEARCH, text="1", kind="scam_cell"),
        Question(Subject.SEARCH, text="1", kinds=("Nothing",)),
        Question(Subject.FINDINGS, text="1"),
        Question(Subject.FINDINGS, kinds=("Phone",)),
        Question(Subject.FINDINGS, kind="nothing"),
        Question(Subject.EVENTS),
        Question(Subject.EVENTS, kind="nothing"),
        Question(Subject.EVENTS, kind="query.news"),
    ):
        with pytest.raises(BadInput):
            alone.save(LI, question)


def test_the_latest_thousand_news_are_kept(alone: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_NEWS", 3)
    query = alone.save(LI, CASES)
    for number in range(5):
        alone.happened(str(number), NEAR)
        assert alone.round() == (1, 1, 0)
    told = [alone.saved.event(LI, int(thing)) for thing, _ in alone.told(LI, query)]
    assert [one.subject for one in told if one] == ["2", "3", "4"]
