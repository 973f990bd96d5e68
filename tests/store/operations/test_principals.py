"""Principals and grants on both engines: given, agreed to by a second person, ended."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, update

from graphrisk.access.model import Principal, Purpose, Scope
from graphrisk.access.principals.model import Grant, GrantState, Newcomer, Rights
from graphrisk.access.principals.service import Principals, Standing
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, Conflict, Forbidden, NotFound, Unauthenticated
from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.principal_tables import PrincipalGrantRow
from graphrisk.store.operations.principals import StoredPrincipals
from graphrisk.store.operations.tables import OutboxRow

NOW, DAY = 1_770_000_000_000, 86_400_000
OPERATION = Purpose("operation")


def _who(name: str, role: str = "administrator", area: str = "3502") -> Principal:
    return Principal(name, frozenset({role}), Scope((area,)))


ADMIN, OTHER, CHIEF = _who("admin"), _who("other"), _who("chief", "supervisor", "350206")


@dataclass
class Audit:
    """What was recorded."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def record(
        self, principal: Principal, action: str, _purpose: Purpose, _count: int, what: str = ""
    ) -> None:
        assert what or action == "principal.read", "a decision names its object"
        self.lines.append((principal.name, action))


class Office:
    """Who keeps principals, and what their names stand for."""

    def __init__(self, database: Database) -> None:
        self.clock, self.audit, self.database = ManualClock(NOW), Audit(), database
        rows = StoredPrincipals(database)
        self.principals = Principals(rows, self.clock, self.audit)
        self.standing = Standing(rows, self.clock)

    def add(self, name: str, area: str = "350206", by: Principal = ADMIN) -> None:
        self.principals.add(by, OPERATION, Newcomer(name, "", area))

    def grant(
        self, name: str, *roles: str, area: str = "350206", by: Principal = ADMIN, days: int = 90
    ) -> Grant:
        rights = Rights(roles, (area,), NOW + days * DAY)
        return self.principals.grant(by, OPERATION, name, rights, "post")

    def decide(self, grant: Grant, by: Principal, yes: bool = True) -> Grant:
        return self.principals.decide(by, OPERATION, grant.grant_id, yes, "seen")

    def withdraw(self, grant: Grant, by: Principal = ADMIN) -> Grant:
        return self.principals.withdraw(by, OPERATION, grant.grant_id, "moved")

    def listed(self, by: Principal, waiting: bool = False) -> list[str]:
        found, _ = self.principals.listing(by, OPERATION, 0, 200, waiting)
        return [one.who.name for one in found]


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.add("root", "3502")
    office.grant("root", "administrator", area="3502")
    office.add("li")
    return office


def test_the_tables_are_made_as_declared_and_can_be_undone(database: Database) -> None:
    def differences() -> list[object]:
        with database.session() as session:
            context = MigrationContext.configure(session.connection())
            found = compare_metadata(context, Base.metadata)
        return [one for one in found if "principals" in str(one) or "principal_g" in str(one)]

    assert differences() == []
    database.downgrade("0018")
    assert len(differences()) >= 2
    database.migrate()
    assert differences() == []


def test_a_name_stands_for_its_live_grants_until_they_end_or_are_withdrawn(office: Office) -> None:
    assert office.standing.principal("li").roles == frozenset()
    grant = office.grant("li", "investigator", days=10)
    found = office.standing.principal("li")
    assert (found.roles, found.scope, found.posts) == (
        frozenset({"investigator"}), Scope(("350206",)), ()
    )  # fmt: skip
    office.clock.advance(10 * DAY)
    assert office.standing.principal("li").roles == frozenset()
    grant = office.grant("li", "investigator", days=20)
    assert office.standing.principal("li").roles == {"investigator"}
    assert office.withdraw(grant).withdrawn_by == "admin"
    assert office.standing.principal("li").scope == Scope(())
    office.withdraw(grant, OTHER)
    assert office.principals.own(_who("li")).grants[1].withdrawn_by == "admin"  # type: ignore[union-attr]


def test_each_role_counts_where_it_was_given_and_nowhere_else(office: Office) -> None:
    office.grant("li", "investigator", area="350206001")
    office.grant("li", "grid_worker", area="350206002")
    office.grant("li", "dispatcher", area="350206002")
    posts = {post.scope.areas: post.roles for post in office.standing.principal("li").posts}
    assert posts == {
        ("350206001",): {"investigator"},
        ("350206002",): {"grid_worker", "dispatcher"},
    }


def test_an_elevated_role_waits_for_another_person_who_may_give_it(office: Office) -> None:
    grant = office.grant("li", "approver", "investigator")
    assert grant.state is GrantState.PROPOSED
    assert office.standing.principal("li").roles == frozenset()
    assert office.listed(OTHER, waiting=True) == ["li"]
    with pytest.raises(Forbidden, match="another person"):
        office.decide(grant, ADMIN)
    for wrong in (_who("li"), _who("x", area="3501"), _who("x", "approver"), CHIEF):
        with pytest.raises((Forbidden, NotFound)):
            office.decide(grant, wrong)
    assert office.decide(grant, OTHER).state is GrantState.GIVEN
    assert office.standing.principal("li").roles == {"approver", "investigator"}
    with pytest.raises(Conflict):
        office.decide(grant, _who("third"))
    refused = office.decide(office.grant("li", "auditor"), OTHER, yes=False)
    assert (refused.state, refused.decided_by) == (GrantState.REFUSED, "other")
    assert "auditor" not in office.standing.principal("li").roles


def test_the_database_refuses_a_grant_that_its_giver_decided(office: Office) -> None:
    office.grant("li", "auditor")
    with pytest.raises(Conflict), office.database.session() as session:
        session.execute(update(PrincipalGrantRow).values(decided_by="admin"))


def test_only_the_first_administrator_needs_no_second_person(database: Database) -> None:
    office = Office(database)
    office.add("root", "3502")
    assert office.grant("root", "approver", area="3502").state is GrantState.PROPOSED
    first = office.grant("root", "administrator", area="3502")
    assert first.state is GrantState.GIVEN
    assert office.grant("root", "administrator", area="3502").state is GrantState.PROPOSED


def test_nobody_gives_beyond_what_the_policy_lets_him(office: Office) -> None:
    office.add("admin", "3502", _who("root"))
    for by, role, area in (
        (ADMIN, "investigator", "35"),
        (ADMIN, "investigator", ""),
        (ADMIN, "investigator", "3501"),
        (CHIEF, "grid_worker", "350203"),
        (CHIEF, "investigator", "350206"),
        (CHIEF, "supervisor", "350206"),
        (_who("x", "investigator"), "investigator", "350206"),
    ):
        with pytest.raises(Forbidden):
            office.grant("li", role, area=area, by=by)
    with pytest.raises(Forbidden, match="himself"):
        office.grant("admin", "analyst")
    given = office.grant("li", "grid_worker", area="350206001", by=CHIEF)
    assert given.state is GrantState.GIVEN
    higher = office.grant("li", "investigator")
    with pytest.raises(Forbidden):
        office.withdraw(higher, CHIEF)
    with pytest.raises(Forbidden):
        office.principals.end(CHIEF, OPERATION, "li", "gone")
    for wrong in ({"roles": ("king",)}, {"roles": ()}, {"days": 367}, {"days": 0}):
        with pytest.raises(BadInput):
            office.grant("li", *wrong.get("roles", ("analyst",)), days=wrong.get("days", 9))  # type: ignore[misc, arg-type]


def test_who_is_ended_signs_on_no_more_and_gets_nothing(office: Office) -> None:
    office.grant("li", "investigator")
    assert office.principals.end(ADMIN, OPERATION, "li", "left").ended_by == "admin"
    for name in ("li", "nobody"):
        with pytest.raises(Unauthenticated):
            office.standing.principal(name)
    with pytest.raises(Conflict):
        office.grant("li", "analyst")
    with pytest.raises(Conflict, match="known already"):
        office.add("li")
    for name in ("", "key:x", "os:root", "a\nb"):
        with pytest.raises(BadInput):
            office.add(name)


def test_who_lies_outside_is_not_there(office: Office) -> None:
    abroad = _who("x", area="3501")
    assert office.listed(abroad) == []
    assert office.listed(_who("x", area="350206")) == ["li"]
    with pytest.raises(NotFound):
        office.grant("li", "analyst", by=abroad)
    with pytest.raises(Forbidden):
        office.add("wang", "3502", abroad)
    with pytest.raises(Forbidden):
        office.listed(_who("x", "investigator"))
    office.grant("li", "analyst", area="3502")
    (seen,), _ = office.principals.listing(_who("x", area="350206"), OPERATION, 0, 9)
    assert seen.grants == (), "a grant that reaches beyond is not told"


def test_each_change_is_recorded_and_told_without_a_name(office: Office) -> None:
    grant = office.grant("li", "approver")
    office.decide(grant, OTHER)
    office.withdraw(grant)
    office.withdraw(grant)
    with office.database.reading() as session:
        events = session.execute(select(OutboxRow).order_by(OutboxRow.id)).scalars().all()
    told = [(one.kind, one.payload["action"]) for one in events]
    acts = ("add", "give", "add", "propose", "approve", "withdraw")
    assert told == [("principal.changed", act) for act in acts]
    assert [one for one in events if "li" in (one.subject, *one.payload.values())] == []
    assert office.audit.lines[-4:] == [
        ("admin", "principal.grant"), ("other", "principal.approve"),
        ("admin", "principal.withdraw"), ("admin", "principal.withdraw"),
    ]  # fmt: skip
