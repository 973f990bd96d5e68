"""Rights kept as rows: a change counts with the next request, in every process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from graphrisk.api.deployment import opened_api
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from tests.api.serving import NOW, Document, served
from tests.api.town import opened
from tests.principals import headers

ME = "{ me { name roles areas posts { roles areas } } }"
ADD = "mutation ($input: AddPrincipalInput!) { addPrincipal(input: $input) { name grants { id } } }"
GRANT = """mutation ($input: GrantRightsInput!) { grantRights(input: $input) {
  id state roles areas until givenBy decidedBy } }"""
APPROVE = """mutation ($input: GrantInput!) { approveGrant(input: $input) {
  state decidedBy } }"""
WITHDRAW = "mutation ($input: GrantInput!) { withdrawGrant(input: $input) { state withdrawnBy } }"
END = "mutation ($input: EndPrincipalInput!) { endPrincipal(input: $input) { endedBy } }"
LIST = """query ($waiting: Boolean!) { principals(waiting: $waiting) {
  edges { node { name grants { id state roles } } } pageInfo { hasNextPage } } }"""


@dataclass(frozen=True)
class Site:
    """Two apis on one database, whose rights are rows."""

    settings: Settings
    apis: tuple[httpx.Client, httpx.Client]

    def who(self, name: str) -> dict[str, str]:
        """A token that claims everything, of which the name alone counts."""
        return headers(self.settings, roles=["administrator"], name=name, purpose="operation")

    def ask(self, query: str, name: str | None, **variables: object) -> Document:
        return self._asked(self.apis[0], query, name, variables)

    def data(self, query: str, name: str | None, **variables: object) -> Document:
        answer = self.ask(query, name, **variables)
        assert "errors" not in answer, answer["errors"]
        data: Document = answer["data"]
        return data

    def add(self, name: str, by: str | None, area: str = "350206") -> None:
        self.data(ADD, by, input={"name": name, "title": "", "area": area})

    def grant(self, name: str, role: str, by: str | None, area: str = "350206") -> Document:
        wanted = {"principal": name, "roles": [role], "areas": [area], "reason": "post"}
        wanted["until"] = "2026-06-01T00:00:00+08:00"
        grant: Document = self.data(GRANT, by, input=wanted)["grantRights"]
        return grant

    def roles(self, name: str) -> list[list[str] | str]:
        """What both apis say somebody is, or the code with which they refuse him."""
        answers = [self._asked(api, ME, name, {}) for api in self.apis]
        return [_code(one) or one["data"]["me"]["roles"] for one in answers]

    def _asked(
        self, api: httpx.Client, query: str, name: str | None, variables: dict[str, object]
    ) -> Document:
        sent = {} if name is None else self.who(name)
        body = {"query": query, "variables": variables}
        document: Document = api.post("/graphql", json=body, headers=sent).json()
        return document


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'graph.db'}", operations=database_url, rights="rows"
    )
    with opened(settings) as (_, database):
        database.migrate()
    with ExitStack() as stack:
        one, other = (
            stack.enter_context(
                httpx.Client(
                    base_url=stack.enter_context(
                        served(stack.enter_context(opened_api(settings, ManualClock(NOW))))
                    ),
                    timeout=60,
                )
            )
            for _ in range(2)
        )
        yield Site(settings, (one, other))


def test_rights_follow_the_rows_at_once_in_every_process(site: Site) -> None:
    assert site.roles("li") == ["UNAUTHENTICATED"] * 2
    for name in ("root", "second"):
        site.add(name, None, "3502")
    assert site.grant("root", "administrator", None, "3502")["state"] == "GIVEN"
    site.add("li", "root")
    assert site.roles("li") == [[]] * 2
    grant = site.grant("li", "investigator", "root")
    assert (grant["state"], grant["givenBy"]) == ("GIVEN", "root")
    assert site.roles("li") == [["investigator"]] * 2
    withdrawn = site.data(WITHDRAW, "root", input={"grant": grant["id"], "reason": "moved"})
    assert withdrawn["withdrawGrant"] == {"state": "WITHDRAWN", "withdrawnBy": "root"}
    assert site.roles("li") == [[]] * 2
    site.data(END, "root", input={"name": "li", "reason": "left"})
    assert site.roles("li") == ["UNAUTHENTICATED"] * 2


def test_a_second_person_agrees_to_an_elevated_role(site: Site) -> None:
    for name, area in (("root", "3502"), ("second", "3502"), ("li", "350206")):
        site.add(name, None, area)
    site.grant("root", "administrator", None, "3502")
    proposed = site.grant("second", "administrator", "root", "3502")
    assert proposed["state"] == "PROPOSED"
    asked = {"grant": proposed["id"], "reason": "known"}
    assert _code(site.ask(APPROVE, "root", input=asked)) == "FORBIDDEN"
    assert _code(site.ask(APPROVE, "second", input=asked)) == "NOT_FOUND", "he holds nothing yet"
    assert site.data(APPROVE, None, input=asked)["approveGrant"]["decidedBy"] == "development"
    waiting = site.grant("li", "approver", "root")
    (listed,) = site.data(LIST, "second", waiting=True)["principals"]["edges"]
    assert listed["node"]["name"] == "li"
    agreed = site.data(APPROVE, "second", input={"grant": waiting["id"], "reason": "known"})
    assert agreed["approveGrant"] == {"state": "GIVEN", "decidedBy": "second"}
    assert site.roles("li") == [["approver"]] * 2
    assert site.data(LIST, "second", waiting=True)["principals"]["edges"] == []


def test_what_a_token_claims_counts_for_nothing(site: Site) -> None:
    site.add("li", None)
    site.grant("li", "analyst", None)
    assert _code(site.ask(LIST, "li", waiting=False)) == "FORBIDDEN"
    assert site.data(ME, "li")["me"] == {
        "name": "li", "roles": ["analyst"], "areas": ["350206"],
        "posts": [{"roles": ["analyst"], "areas": ["350206"]}],
    }  # fmt: skip


def _code(answer: Document) -> str | None:
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else None
