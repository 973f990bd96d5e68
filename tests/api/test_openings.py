"""What lies outside one's areas is seen for a time: granted by its owner, or in an emergency."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select

from graphrisk.api.deployment import opened_api
from graphrisk.api.ids import PublicIds
from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
from graphrisk.centre.notices.tables import NoticeRow
from graphrisk.centre.openings.tables import OpeningRow
from graphrisk.centre.units import Units
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database
from tests.api.districts import SIMING
from tests.api.serving import NOW, Document, Door, served
from tests.api.town import LAUNDERING, NAMES, PHONES, Town
from tests.principals import headers
from tests.recorded import recorded

HOUR = 3_600_000
OPEN = "mutation ($input: OpenCaseInput!) { openCase(input: $input) { id number } }"
STUB = """query ($id: ID!) { entity(id: $id) { neighbours(edgeKind: TRANSFERRED, direction: OUT,
  first: 5) { edges { node { id redacted caption } } } } }"""
FIELDS = "id state until areas decider decision entity { id redacted caption }"
ASK = f"mutation ($input: RequestAccessInput!) {{ requestAccess(input: $input) {{ {FIELDS} }} }}"
BREAK = f"mutation ($input: BreakGlassInput!) {{ breakGlass(input: $input) {{ {FIELDS} }} }}"
REQUESTS = f"""query ($waiting: Boolean!) {{ accessRequests(waiting: $waiting) {{
  edges {{ node {{ asker case reason {FIELDS} }} }} }} }}"""
EMERGENCIES = """{ emergencies(unreviewed: true) { edges { node { id asker areas state } } } }"""
ENTITY = "query ($id: ID!) { entity(id: $id) { caption redacted } }"
TIMELINE = """query ($id: ID!) { case(id: $id) { timeline(first: 50) {
  edges { node { action label { en } } } } } }"""


@dataclass
class Site:
    """A served town in two districts, on a clock of its own, and people of it."""

    door: Door
    clock: ManualClock
    case_id: str = ""
    number: str = ""

    def who(
        self, name: str, role: str, area: str = "350206", case: str | None = None
    ) -> Mapping[str, str]:
        settings = self.door.town.settings
        return headers(settings, name=name, roles=[role], areas=[area], case=case, clock=self.clock)

    @property
    def li(self) -> Mapping[str, str]:
        """The investigator of Huli, in his case."""
        return self.who("li", "investigator", case=self.number)

    @property
    def owner(self) -> Mapping[str, str]:
        """Who answers for Siming."""
        return self.who("chen", "supervisor", "350203")

    def open_case(self) -> None:
        new = {"id": str(uuid.uuid4()), "title": "x", "area": "350206", "findingIds": [LAUNDERING]}
        opened = self.door.data(OPEN, {"input": new}, self.who("li", "investigator"))["openCase"]
        self.case_id, self.number = opened["id"], opened["number"]

    def stub(self, who: Mapping[str, str]) -> str:
        """What stands for P2's account behind P1's transfer."""
        asked = {"id": self.door.id_of("Account", "6200000000000001")}
        (edge,) = self.door.data(STUB, asked, who)["entity"]["neighbours"]["edges"]
        assert edge["node"]["redacted"]
        stub: str = edge["node"]["id"]
        return stub

    def ask(self, who: Mapping[str, str], stub: str, **changed: str) -> Document:
        asked = {"id": str(uuid.uuid4()), "stub": stub, "case": self.number, "reason": "money"}
        return self.door.ask(ASK, {"input": asked | changed}, who)

    def glass(self, minutes: int) -> Document:
        """What breaks the glass before Siming."""
        asked = {"id": str(uuid.uuid4()), "case": self.number, "reason": "a life"}
        return {**asked, "minutes": minutes, "areas": ["350203"]}

    def order(
        self, who: Mapping[str, str], mutation: str, subject: str, more: str = ""
    ) -> Document:
        text = f"""mutation ($input: OpeningOrderInput!) {{
          {mutation}(input: $input{more}) {{ {FIELDS} }} }}"""
        answer = self.door.ask(text, {"input": {"id": subject, "reason": "because"}}, who)
        return _told(answer, mutation)

    def lost(self) -> list[Mapping[str, str]]:
        """Li once he has no right left, and once he works elsewhere."""
        settings, posts = self.door.town.settings, [((), ()), (("investigator",), ("3501",))]
        return [
            headers(settings, name="li", roles=r, areas=a, case=self.number, clock=self.clock)
            for r, a in posts
        ]

    def sees(self, who: Mapping[str, str], kind: str = "Account", key: str = "") -> bool:
        asked = {"id": self.door.id_of(kind, key or "6200000000000002")}
        answer = self.door.ask(ENTITY, asked, who)
        entity = (answer.get("data") or {}).get("entity")
        return entity is not None and not entity["redacted"]

    def actions(self) -> list[str]:
        return [str(one["action"]) for one in recorded(self.door.town.settings.audit_folder)]

    def notices(self) -> set[tuple[str, str]]:
        database = Database(self.door.town.settings.operations_url)
        with database.reading() as session:
            rows = session.execute(select(NoticeRow)).scalars()
            found = {(row.template, row.recipient) for row in rows}
        database.dispose()
        return found


@pytest.fixture
def site(districts: Town) -> Iterator[Site]:
    clock = ManualClock(NOW)
    with (
        opened_api(districts.settings, clock) as app,
        served(app) as url,
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        ids = PublicIds(districts.settings.id_secret_bytes)
        site = Site(Door(districts, http, ids), clock)
        site.open_case()
        yield site


def test_a_stub_is_asked_for_granted_seen_until_it_ends_and_nothing_else(site: Site) -> None:
    stub = site.stub(site.li)
    assert _code(site.ask(site.who("wu", "investigator"), stub)) == "NOT_FOUND", "li's stub"
    assert _code(site.ask(site.li, stub, case="none")) == "NOT_FOUND"
    other = site.who("wu", "investigator")
    assert _code(site.ask(other, site.stub(other))) == "FORBIDDEN", "not his case"
    asked = site.ask(site.li, stub)["data"]["requestAccess"]
    assert (asked["state"], asked["areas"], asked["until"]) == ("ASKED", [SIMING], None)
    assert asked["entity"]["redacted"]
    assert not site.sees(site.li)
    for stranger in (site.who("wu", "supervisor"), site.who("x", "supervisor", "3501")):
        assert site.order(stranger, "refuseAccess", asked["id"]) == {"code": "NOT_FOUND"}
    (row,) = _nodes(site.door.data(REQUESTS, {"waiting": True}, site.owner)["accessRequests"])
    assert (row["asker"], row["case"], row["reason"]) == ("li", site.number, "money")
    assert not row["entity"]["redacted"]
    until = ', until: "2026-02-01T03:00:00Z"'
    assert site.order(site.li, "grantAccess", asked["id"], until) == {"code": "FORBIDDEN"}
    granted = site.order(site.owner, "grantAccess", asked["id"], until)
    assert (granted["state"], granted["decider"]) == ("GRANTED", "chen")
    (own,) = _nodes(site.door.data(REQUESTS, {"waiting": False}, site.li)["accessRequests"])
    assert own["entity"]["id"] == site.door.id_of("Account", "6200000000000002")
    assert site.sees(site.li)
    assert not site.sees(site.li, "Phone", PHONES["P2"]), "nothing else of Siming"
    assert not site.sees(site.who("li", "investigator")), "without the case"
    assert not site.sees(site.who("li", "investigator", case="A-7")), "in another case"
    assert not site.sees(site.who("wu", "investigator", case=site.number)), "somebody else"
    site.clock.advance(2 * HOUR)
    assert not site.sees(site.li)
    acts = site.actions()
    assert {"access.request", "access.grant", "access.read"} <= set(acts)
    assert site.notices() == {
        ("access_requested", f"unit:{SIMING}"), ("access_decided", "person:li")
    }  # fmt: skip
    told = _nodes(site.door.data(TIMELINE, {"id": site.case_id}, site.li)["case"]["timeline"])
    labels = [(one["action"], one["label"]["en"]) for one in told]
    assert labels == [("open", "Open"), ("ask", "Ask to see"), ("grant", "Grant")]


def test_what_was_granted_is_revoked_at_once_and_what_was_refused_never_seen(site: Site) -> None:
    asked = site.ask(site.li, site.stub(site.li))["data"]["requestAccess"]
    late = ', until: "2026-09-01T00:00:00Z"'
    assert site.order(site.owner, "grantAccess", asked["id"], late) == {"code": "BAD_INPUT"}
    until = ', until: "2026-03-01T00:00:00Z"'
    site.order(site.owner, "grantAccess", asked["id"], until)
    assert site.sees(site.li)
    assert not any(site.sees(who) for who in site.lost())
    assert site.order(site.owner, "revokeAccess", asked["id"])["state"] == "REVOKED"
    assert not site.sees(site.li)
    again = site.ask(site.li, site.stub(site.li))["data"]["requestAccess"]
    assert site.order(site.owner, "refuseAccess", again["id"])["state"] == "REFUSED"
    assert site.order(site.owner, "grantAccess", again["id"], until) == {"code": "CONFLICT"}
    assert not site.sees(site.li)
    third = site.ask(site.li, site.stub(site.li))["data"]["requestAccess"]
    assert site.order(site.owner, "giveUpAccess", third["id"]) == {"code": "FORBIDDEN"}
    assert site.order(site.li, "giveUpAccess", third["id"])["state"] == "GIVEN_UP"


def test_broken_glass_shows_at_once_is_told_ends_and_is_reviewed_by_another(site: Site) -> None:
    asked = site.glass(30)
    changes: list[Document] = [{"minutes": 241}, {"minutes": 0}, {"areas": ["35"]}, {"areas": []}]
    for wrong in changes:
        assert _code(site.door.ask(BREAK, {"input": asked | wrong}, site.li)) == "BAD_INPUT"
    analyst = site.who("wang", "analyst")
    assert _code(site.door.ask(BREAK, {"input": asked}, analyst)) == "FORBIDDEN"
    broken = site.door.data(BREAK, {"input": asked}, site.li)["breakGlass"]
    assert site.door.data(BREAK, {"input": asked}, site.li)["breakGlass"] == broken
    assert (broken["state"], broken["until"]) == ("UNREVIEWED", "2026-02-01T01:30:00.000Z")
    assert site.sees(site.li)
    assert site.sees(site.li, "Person", "P2")
    assert not site.sees(site.who("li", "investigator", case="A-7"))
    assert not any(site.sees(who) for who in site.lost())
    assert _caption(site, "P2") == NAMES["P2"], "in clear, as his own"
    assert site.notices() == {
        ("access_emergency", to) for to in ("role:auditor", "unit:350203", "unit:3502")
    }
    auditor = site.who("audit", "auditor", "3502")
    own = site.door.data("{ notices { edges { node { template } } } }", None, auditor)["notices"]
    assert [one["template"] for one in _nodes(own)] == ["access_emergency"]
    for reader in (site.li, site.owner, auditor):
        (listed,) = _nodes(site.door.data(EMERGENCIES, None, reader)["emergencies"])
        assert (listed["asker"], listed["areas"]) == ("li", ["350203"])
    assert _nodes(site.door.data(EMERGENCIES, None, analyst)["emergencies"]) == []
    site.clock.advance(HOUR // 2)
    assert not site.sees(site.li)
    assert site.order(site.li, "reviewEmergency", broken["id"], ", justified: true") == {
        "code": "FORBIDDEN"
    }
    assert _escalated(site, 30 * HOUR) == [("review", 1, "3502")]
    reviewed = site.order(site.owner, "reviewEmergency", broken["id"], ", justified: true")
    assert (reviewed["state"], reviewed["decider"]) == ("JUSTIFIED", "chen")
    assert _nodes(site.door.data(EMERGENCIES, None, site.owner)["emergencies"]) == []


def test_an_emergency_ends_when_it_is_stopped_or_found_unjustified(site: Site) -> None:
    for end in ("stopEmergency", "reviewEmergency"):
        broken = site.door.data(BREAK, {"input": site.glass(60)}, site.li)["breakGlass"]
        assert site.sees(site.li)
        more = ", justified: false" if end == "reviewEmergency" else ""
        by = site.owner if more else site.li
        assert site.order(by, end, broken["id"], more)["state"] in ("UNREVIEWED", "UNJUSTIFIED")
        assert not site.sees(site.li)


def _caption(site: Site, person: str) -> str:
    asked = {"id": site.door.id_of("Person", person)}
    caption: str = site.door.data(ENTITY, asked, site.li)["entity"]["caption"]
    return caption


def _escalated(site: Site, after: int) -> list[tuple[str, int, str]]:
    """Which levels are told of missed deadlines after so long."""
    database = Database(site.door.town.settings.operations_url)
    deadlines = Deadlines(Calendar(), Units())
    DeadlineClock(database, deadlines, ManualClock(NOW + after)).tick()
    with database.reading() as session:
        ids = session.execute(select(OpeningRow.opening_id)).scalars().all()
        told = deadlines.escalations(session, ids)
    database.dispose()
    return [(one.name, one.level, one.area) for one in told]


def _nodes(page: Document) -> list[Document]:
    return [edge["node"] for edge in page["edges"]]


def _told(answer: Document, mutation: str) -> Document:
    code = _code(answer)
    told: Document = {"code": code} if code else answer["data"][mutation]
    return told


def _code(answer: Document) -> str | None:
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else None
