"""Who works elsewhere sees no case, counts none and changes none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Principal, Purpose, Scope
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.service import Findings
from graphrisk.centre.cases.model import Case, CaseFilter, NewCase
from graphrisk.centre.desk import CaseDesk, centre_of
from graphrisk.centre.measures.model import Proposal
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.model import Outcome, Ruling
from graphrisk.core.errors import Forbidden, NotFound
from graphrisk.core.ids import OpaqueIds
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.centre.factory import AREA, CALENDAR, UNITS, Office, new_id, ring


class Desks:
    """Desks of several people on the cases of one office."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.office = Office(database)
        self.store = SqliteStore(folder / "graph.db")
        self.store.migrate()
        self._audit = AuditSpool(folder / "audit", self.office.clock)
        self._centre = centre_of(self.store, database, self.office.clock, CALENDAR, UNITS)
        everything = Viewer(Principal("service", frozenset(), EVERYTHING), Purpose("operation"))
        findings = Findings(database, self.store)
        self._inquiry = Inquiry(
            self.store, findings, everything, self._audit, OpaqueIds(b"s").entity
        )

    def of(self, area: str, *roles: str) -> CaseDesk:
        principal = Principal(f"{area}-{roles[0]}", frozenset(roles), Scope((area,)))
        viewer = Viewer(principal, Purpose("investigation", "A-7"))
        return CaseDesk(self._centre, self.store, self._inquiry, viewer, self._audit)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    opened = Desks(tmp_path, database)
    yield opened
    opened.store.close()
    database.dispose()


def _matter(desk: CaseDesk, area: str = AREA) -> Case:
    return desk.open(NewCase(new_id(), "涉诈团伙", area, matter="M1"), [])


def test_a_case_outside_ones_areas_is_as_one_that_is_not_there(desks: Desks) -> None:
    here, there = desks.of("350206", "investigator"), desks.of("350205", "investigator")
    case, other = _matter(here), _matter(there, "350205")
    city = desks.of("3502", "investigator")
    every = CaseFilter(areas=())
    assert [one.number for one in city.page(every, None, 9).items] == [other.number, case.number]
    for desk, seen in ((here, case), (there, other)):
        page = desk.page(CaseFilter(areas=("",)), None, 9)
        assert ([one.number for one in page.items], page.total) == ([seen.number], 1)
    order = Order(case.case_id, there.name, "理由")
    proposal = Proposal(new_id(), case.case_id, "freeze", "x")
    for refused in (
        lambda: there.case(case.case_id),
        lambda: there.findings(case.case_id),
        lambda: there.timeline(case.case_id, 0, 9),
        lambda: there.deadlines(case.case_id),
        lambda: there.merged(case.case_id),
        lambda: there.measures(case.case_id),
        lambda: there.verdict(case.case_id),
        lambda: there.act("take", order),
        lambda: there.assign(order, "3502"),
        lambda: there.attach(order, []),
        lambda: there.detach(order, "ring_a"),
        lambda: there.merge(order, other.case_id),
        lambda: there.merge(Order(other.case_id, there.name, "理由"), case.case_id),
        lambda: there.close(order, Ruling(Outcome.CONFIRMED)),
        lambda: there.propose(proposal, "理由"),
    ):
        with pytest.raises(NotFound, match="no such case"):
            refused()
    assert desks.office.actions(case) == ["open"]


def test_nobody_opens_a_case_beside_or_above_his_areas(desks: Desks) -> None:
    desk = desks.of("350206", "investigator")
    for area in ("350205", "3502"):
        with pytest.raises(Forbidden):
            _matter(desk, area)


def test_measures_are_approved_from_the_county_up(desks: Desks) -> None:
    desk = desks.of("350206", "investigator")
    case = _matter(desk)
    desk.act("take", Order(case.case_id, desk.name))
    measure = desk.propose(Proposal(new_id(), case.case_id, "freeze", "x"), "赃款")
    township, county = desks.of("350206001", "approver"), desks.of("350206", "approver")
    with pytest.raises(Forbidden):
        township.decide("approve", Order(measure.measure_id, township.name))
    approved = county.decide("approve", Order(measure.measure_id, county.name))
    assert approved.decider == county.name


def test_members_that_the_viewer_may_not_know_have_no_key(desks: Desks) -> None:
    case = desks.office.open(ring("ring_a", ("Person", "P1", "organiser")))
    county, everything = desks.of("350206", "investigator"), desks.of("", "investigator")
    assert [m.key for m in county.findings(case.case_id)[0].members] == [""]
    assert [m.key for m in everything.findings(case.case_id)[0].members] == ["P1"]
