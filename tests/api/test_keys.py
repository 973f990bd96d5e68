"""API keys over GraphQL and in place of tokens, on two apis and a look-up of one database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from graphrisk.access.keys.service import KeySignOn
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.model import NodeScore, Run
from graphrisk.analysis.publish import ScoreBoard, publish
from graphrisk.api.app import scores_app
from graphrisk.api.deployment import opened_api
from graphrisk.api.health import board_look
from graphrisk.api.ids import PublicIds
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.api_keys import ApiKeyRows
from graphrisk.store.operations.database import Database
from tests.api.serving import NOW, Document, served
from tests.api.town import opened
from tests.principals import headers
from tests.recorded import recorded

RUN = Run("run-9", 1_000, "store", 7, "spine-test", "d")
ISSUE = """mutation ($input: IssueKeyInput!) { issueKey(input: $input) { secret
  key { id name roles areas purposes issuedBy expiresAt revokedAt usedAt secrets { number } } } }"""
ROTATE = """mutation ($key: ID!, $hours: Int!) { rotateKey(input: {key: $key,
  overlapHours: $hours}) { secret key { id secrets { number createdBy endsAt } } } }"""
REVOKE = "mutation ($key: ID!) { revokeKey(key: $key) { id revokedBy revokedAt } }"
LIST = """query ($first: Int, $after: String) { apiKeys(first: $first, after: $after) {
  edges { node { name usedAt revokedBy } } pageInfo { hasNextPage endCursor } } }"""
WANTED = {
    "name": "bank", "areas": [""], "purposes": ["screening"],
    "expiresAt": "2026-06-01T00:00:00+08:00",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Two apis and a look-up of scores, on one database."""

    settings: Settings
    apis: tuple[httpx.Client, httpx.Client]
    lookup: httpx.Client
    account: str

    def ask(self, query: str, who: dict[str, str], **variables: object) -> Document:
        answer = self.apis[0].post(
            "/graphql", json={"query": query, "variables": variables}, headers=who
        )
        document: Document = answer.json()
        return document

    def data(self, query: str, who: dict[str, str], **variables: object) -> Document:
        document = self.ask(query, who, **variables)
        assert "errors" not in document, document["errors"]
        data: Document = document["data"]
        return data

    def admin(self, areas: tuple[str, ...] = ("",), role: str = "administrator") -> dict[str, str]:
        return headers(self.settings, roles=[role], areas=areas, name=role, purpose="operation")

    def statuses(self, secret: str) -> list[int]:
        """How both apis and the look-up answer who sends a key."""
        sent = {"authorization": f"Bearer {secret}"}
        path = f"/v1/scores/{self.account}"
        asked = [
            api.post("/graphql", json={"query": "{ latestRun { id } }"}, headers=sent)
            for api in self.apis
        ]
        doors = (*self.apis, self.lookup)
        return [one.status_code for one in (*asked, *(d.get(path, headers=sent) for d in doors))]


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}", operations=database_url)
    with opened(settings) as (_, database):
        database.migrate()
    publish(settings.scores_folder, RUN, [NodeScore(3, 0.25, ())], nodes=5)
    ids = PublicIds(settings.id_secret_bytes)
    with ExitStack() as stack:
        clients = [
            httpx.Client(base_url=stack.enter_context(url), timeout=60)
            for url in (_api(settings), _api(settings), _lookup(settings, ids))
        ]
        for client in clients:
            stack.callback(client.close)
        one, other, lookup = clients
        yield Site(settings, (one, other), lookup, ids.entity("Account", 3))


def test_a_key_signs_on_everywhere_until_it_is_revoked_and_then_nowhere(site: Site) -> None:
    handed = site.data(ISSUE, site.admin(), input=WANTED)["issueKey"]
    key = handed["key"]
    assert (key["name"], key["roles"], key["areas"]) == ("bank", ["application"], [""])
    assert (key["issuedBy"], key["expiresAt"]) == ("administrator", "2026-05-31T16:00:00.000Z")
    old = handed["secret"]
    assert site.statuses(old) == [200] * 5
    rotated = site.data(ROTATE, site.admin(), key=key["id"], hours=2)["rotateKey"]
    assert [one["number"] for one in rotated["key"]["secrets"]] == [1, 2]
    assert site.statuses(old) == site.statuses(rotated["secret"]) == [200] * 5
    site.data(REVOKE, site.admin(), key=key["id"])
    assert site.statuses(old) == site.statuses(rotated["secret"]) == [401] * 5
    listed = site.data(LIST, site.admin())["apiKeys"]["edges"]
    assert [one["node"]["revokedBy"] for one in listed] == ["administrator"]
    assert listed[0]["node"]["usedAt"] is not None
    _check_traces(site, key["id"], [old, rotated["secret"]])


def _check_traces(site: Site, key_id: str, secrets: list[str]) -> None:
    lines = recorded(site.settings.audit_folder)
    text = json.dumps(lines)
    did = [one["action"] for one in lines if one["principal"] == "administrator"]
    assert did == ["key.issue", "key.rotate", "key.revoke", "key.read"]
    by_key = {
        (one["action"], one["purpose"])
        for one in lines
        if one["principal"] == f"key:bank ({key_id})"
    }
    assert ("scores", "screening") in by_key
    assert [one for one in secrets if one.rpartition("_")[2] in text] == []


def test_a_key_is_bound_to_its_purposes_areas_and_role(site: Site) -> None:
    wanted = {**WANTED, "areas": ["3502"], "purposes": ["screening", "evaluation"]}
    secret = site.data(ISSUE, site.admin(("35",)), input=wanted)["issueKey"]["secret"]
    sent = {"authorization": f"Bearer {secret}", "x-purpose": "screening"}
    path = f"/v1/scores/{site.account}"
    assert site.lookup.get(path, headers=sent).status_code == 403, "scores are not cut to areas"
    assert _code(site.ask("{ latestRun { id } }", {**sent, "x-purpose": "evaluation"})) is None
    assert _code(site.ask("{ latestRun { id } }", sent)) == "FORBIDDEN", "who screens has scores"
    other = {**sent, "x-purpose": "investigation"}
    assert _code(site.ask("{ latestRun { id } }", other)) == "FORBIDDEN"
    assert _code(site.ask(LIST, sent)) == "FORBIDDEN"
    assert _code(site.ask(ISSUE, sent, input=wanted)) == "FORBIDDEN"


def test_nobody_gives_a_key_with_more_than_he_holds(site: Site) -> None:
    for who, areas, code in (
        (site.admin(("3502",)), [""], "FORBIDDEN"),
        (site.admin(("3502",)), ["35"], "FORBIDDEN"),
        (site.admin(("3502",)), ["3502", "3501"], "FORBIDDEN"),
        (site.admin(("",), "supervisor"), ["3502"], "FORBIDDEN"),
        (site.admin(("",), "application"), ["3502"], "FORBIDDEN"),
        (site.admin(("3502",)), ["350206"], None),
    ):
        assert _code(site.ask(ISSUE, who, input={**WANTED, "areas": areas})) == code
    late = {**WANTED, "expiresAt": "2027-06-01T00:00:00Z"}
    for wrong in (late, {**WANTED, "roles": ["administrator"]}, {**WANTED, "purposes": []}):
        assert _code(site.ask(ISSUE, site.admin(), input=wrong)) == "BAD_INPUT"


def test_pages_of_keys_and_keys_that_are_not_there(site: Site) -> None:
    for name in ("a", "b", "c"):
        site.data(ISSUE, site.admin(), input={**WANTED, "name": name})
    page = site.data(LIST, site.admin(), first=2)["apiKeys"]
    rest = site.data(LIST, site.admin(), first=2, after=page["pageInfo"]["endCursor"])["apiKeys"]
    names = [[one["node"]["name"] for one in part["edges"]] for part in (page, rest)]
    assert names == [["a", "b"], ["c"]]
    assert [p["pageInfo"]["hasNextPage"] for p in (page, rest)] == [True, False]
    assert _code(site.ask(REVOKE, site.admin(), key="none")) == "NOT_FOUND"
    assert _code(site.ask(ROTATE, site.admin(), key="none", hours=-1)) == "BAD_INPUT"


@contextmanager
def _api(settings: Settings) -> Iterator[str]:
    with opened_api(settings, ManualClock(NOW)) as app, served(app) as url:
        yield url


@contextmanager
def _lookup(settings: Settings, ids: PublicIds) -> Iterator[str]:
    """As ``run_scores`` puts it together."""
    clock, database = ManualClock(NOW), Database(settings.operations_url)
    board = ScoreBoard(settings.scores_folder)
    sign_on = SignOn(settings, clock, KeySignOn(ApiKeyRows(database), clock))
    audit = AuditSpool(settings.audit_folder, clock)
    try:
        with served(scores_app(board, ids, audit, board_look(board), sign_on)) as url:
            yield url
    finally:
        database.dispose()


def _code(answer: Document) -> str | None:
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else None
