"""Openings on both operations databases: whom they reach, for how long, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from graphrisk.access.demands import read_demand
from graphrisk.access.model import Principal, Purpose, Scope
from graphrisk.analysis.entities import Viewer
from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
from graphrisk.centre.notices.tables import NoticeRow
from graphrisk.centre.openings.desk import OpeningDesk
from graphrisk.centre.openings.model import Opening
from graphrisk.centre.openings.service import Openings
from graphrisk.centre.openings.sight import Sights
from graphrisk.centre.timeline.model import Order
from graphrisk.core.errors import Forbidden, NotFound
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.centre.factory import CALENDAR, UNITS, Office, new_id
from tests.contract.deliveries import add_edges, nodes, states

HOUR = 3_600_000
LI = Principal("li", frozenset({"investigator"}), Scope(("350206",)))
CHEN = Principal("chen", frozenset({"supervisor"}), Scope(("350203",)))
MAYOR = Principal("zhao", frozenset({"supervisor"}), Scope(("3502",)))


@dataclass
class Door:
    """Openings, and what people see through them."""

    office: Office
    store: SqliteStore
    folder: Path

    def __post_init__(self) -> None:
        database, clock = self.office.database, self.office.clock
        self.deadlines = Deadlines(CALENDAR, UNITS)
        self.openings = Openings(database, clock, self.deadlines, UNITS)
        self.case = self.office.open(by="li")
        self.purpose = Purpose("investigation", self.case.number)
        self._sights = Sights(database, clock, read_demand(""), self.store)
        self._audit = AuditSpool(self.folder / "audit", clock)

    def desk(self, principal: Principal) -> OpeningDesk:
        viewer = Viewer(principal, self.purpose)
        return OpeningDesk(self.openings, self.store, viewer, self._audit)

    def sight(self, principal: Principal) -> Scope | None:
        """What is open to somebody in the case beyond his areas."""
        return self._sights.viewer(principal, self.purpose).opened

    def break_glass(self, who: Principal = LI, areas: tuple[str, ...] = ("350203",)) -> Opening:
        return self.desk(who).break_glass(new_id(), self.case.number, "a life", areas, 60)

    def grant(self, asked: Opening, who: Principal) -> None:
        until = self.office.clock.now_ms() + HOUR
        order = Order(asked.opening_id, who.name, "because")
        self.desk(who).act(asked.kind, "grant", order, until)

    def told(self) -> list[tuple[str, str, str]]:
        """Template, recipient and area of all notices."""
        with self.office.database.reading() as session:
            rows = session.execute(select(NoticeRow).order_by(NoticeRow.number)).scalars()
            return [(row.template, row.recipient, row.area) for row in rows]

    def missed(self, opening: Opening, hours: int) -> list[str]:
        """Areas that are told when nobody decides for so long."""
        self.office.clock.advance(hours * HOUR)
        DeadlineClock(self.office.database, self.deadlines, self.office.clock).tick()
        with self.office.database.reading() as session:
            found = self.deadlines.escalations(session, [opening.opening_id])
        return [one.area for one in found]


@pytest.fixture
def door(tmp_path: Path, centre_database: Database) -> Iterator[Door]:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    yield Door(Office(centre_database), store, tmp_path)
    store.close()


def resident(door: Door, key: str) -> int:
    """Somebody who lives in Siming."""
    (person,) = nodes(door.store, "Person", [key])
    (cell,) = nodes(door.store, "GridCell", ["350203001001001"])
    add_edges(door.store, "LIVES_IN", states([person], [cell], [1]))
    return person


def test_what_was_opened_counts_while_one_might_still_ask_for_it(door: Door) -> None:
    person = resident(door, "P2")
    asked = door.desk(LI).request(new_id(), person, door.case.number, "money")
    door.grant(asked, CHEN)
    assert door.sight(LI) == Scope(("350206",), frozenset({person}))
    door.break_glass()
    assert door.sight(LI) == Scope(("350203", "350206"), frozenset({person}))
    for lost in (
        replace(LI, roles=frozenset(), scope=Scope(())),
        replace(LI, roles=frozenset()),
        replace(LI, roles=frozenset({"analyst"})),
        replace(LI, scope=Scope(())),
        replace(LI, scope=Scope(("3501",))),
    ):
        assert door.sight(lost) is None, lost
    assert door.sight(replace(LI, roles=frozenset({"dispatcher"}))) == door.sight(LI)


def test_a_key_breaks_no_glass_and_sees_nothing_that_was_broken(door: Door) -> None:
    key = replace(LI, is_key=True)
    with pytest.raises(Forbidden, match=r"access\.emergency"):
        door.break_glass(key)
    door.break_glass()
    assert door.sight(key) is None


def test_what_has_no_place_is_the_citys_who_is_told_and_told_again(door: Door) -> None:
    (foreign,) = nodes(door.store, "Phone", ["+85512345678"])
    asked = door.desk(LI).request(new_id(), foreign, door.case.number, "money")
    assert asked.areas == ()
    assert door.told() == [("access_requested", "unit:3502", "3502")]
    assert door.missed(asked, 24 * 3) == ["35"], "who stands above the city"
    with pytest.raises(NotFound):
        door.grant(asked, replace(MAYOR, scope=Scope(("350206",))))
    door.grant(asked, MAYOR)
    assert door.sight(LI) == Scope(("350206",), frozenset({foreign}))


def test_a_review_is_missed_by_who_answers_for_all_that_was_opened(door: Door) -> None:
    broken = door.break_glass(areas=("350203001", "350203002"))
    wide = door.break_glass(areas=("350203001", "350205"))
    assert door.missed(broken, 25) == ["350203"]
    assert door.missed(wide, 0) == ["3502"], "350203 may not review what was opened of 350205"
